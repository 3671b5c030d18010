import { accessFaults, KAFKA_SECURITY, type KafkaAccess, type KafkaSecurity } from './kafka/index.js';

/** Of a command that speaks to Kafka: what the settings of these names are to a service. */
export const accessOptions = {
  'kafka-security': { type: 'string' },
  'kafka-tls-ca-file': { type: 'string' },
  'kafka-tls-cert-file': { type: 'string' },
  'kafka-tls-key-file': { type: 'string' },
  'kafka-sasl-username': { type: 'string' },
  'kafka-sasl-password-file': { type: 'string' },
} as const;

/** @throws with every fault, by the options' names */
export function commandAccess(
  values: Readonly<Partial<Record<keyof typeof accessOptions, string>>>,
): KafkaAccess | undefined {
  const security = securityOf(values['kafka-security'] ?? 'plaintext');
  const access: KafkaAccess = {
    caFile: values['kafka-tls-ca-file'],
    certFile: values['kafka-tls-cert-file'],
    keyFile: values['kafka-tls-key-file'],
    username: values['kafka-sasl-username'],
    passwordFile: values['kafka-sasl-password-file'],
  };
  const faults = accessFaults(security, access);
  if (faults.length > 0) throw new Error(`${faults.map(inOptions).join('; ')}.`);
  return security === 'tls' ? access : undefined;
}

function securityOf(text: string): KafkaSecurity {
  const security = KAFKA_SECURITY.find((known) => known === text);
  if (!security) throw new Error(`--kafka-security is one of ${KAFKA_SECURITY.join(', ')}.`);
  return security;
}

/** KAFKA_TLS_CA_FILE is given by --kafka-tls-ca-file. */
const inOptions = (fault: string): string =>
  fault.replaceAll(/KAFKA_[A-Z_]+/g, (name) => `--${name.toLowerCase().replaceAll('_', '-')}`);
