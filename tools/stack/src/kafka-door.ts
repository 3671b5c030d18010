import type { KafkaAccess } from '@attest/messaging/kafka';

/** Over TLS, by which of its two listeners clients come: with a user and a password, or with a certificate. */
export const KAFKA_TLS_WAYS = ['scram', 'mutual'] as const;
export type KafkaTlsWay = (typeof KAFKA_TLS_WAYS)[number];

/** May do everything, as a platform's administrators may. */
export const KAFKA_OPERATOR = 'attest-operator';

/** Where and how one user comes in. */
export interface KafkaDoor {
  readonly brokers: string[];
  /** Nothing: plaintext. */
  readonly access: KafkaAccess | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of a service that comes in there. */
export function settingsOf({ brokers, access }: KafkaDoor): Environment {
  return {
    KAFKA_BROKERS: brokers.join(','),
    ...(access && {
      KAFKA_SECURITY: 'tls',
      KAFKA_TLS_CA_FILE: access.caFile,
      KAFKA_TLS_CERT_FILE: access.certFile,
      KAFKA_TLS_KEY_FILE: access.keyFile,
      KAFKA_SASL_USERNAME: access.username,
      KAFKA_SASL_PASSWORD_FILE: access.passwordFile,
    }),
  };
}
