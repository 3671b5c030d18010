import { accessFaults, KAFKA_SECURITY, type KafkaAccess } from '@attest/messaging/kafka';
import { CannotStart } from './cannot-start.js';
import type { Environment } from './kafka-door.js';

/** How everybody comes to brokers that KAFKA_BROKERS names: as the settings of a service beside it say. */
export function givenAccess(env: Environment = process.env): KafkaAccess | undefined {
  const security = KAFKA_SECURITY.find((known) => known === (env.KAFKA_SECURITY || 'plaintext'));
  if (!security) throw new CannotStart(`KAFKA_SECURITY is one of ${KAFKA_SECURITY.join(', ')}.`);
  const access: KafkaAccess = {
    caFile: env.KAFKA_TLS_CA_FILE || undefined,
    certFile: env.KAFKA_TLS_CERT_FILE || undefined,
    keyFile: env.KAFKA_TLS_KEY_FILE || undefined,
    username: env.KAFKA_SASL_USERNAME || undefined,
    passwordFile: env.KAFKA_SASL_PASSWORD_FILE || undefined,
  };
  const faults = accessFaults(security, access);
  if (faults.length > 0) throw new CannotStart(`${faults.join('; ')}.`);
  return security === 'tls' ? access : undefined;
}
