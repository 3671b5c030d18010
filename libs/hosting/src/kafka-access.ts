import { accessFaults, type KafkaAccess } from '@attest/messaging';
import type { ServiceSettings } from './service-settings.js';

/** How the settings say that this service comes to Kafka; nothing where it is plaintext. */
export function kafkaAccess(settings: ServiceSettings): KafkaAccess | undefined {
  return settings.KAFKA_SECURITY === 'tls' ? accessOf(settings) : undefined;
}

/** What is wrong with that: combinations, files, and plaintext where others could listen. */
export function kafkaAccessFaults(settings: ServiceSettings): string[] {
  const { NODE_ENV, KAFKA_SECURITY, KAFKA_BROKERS } = settings;
  const faults = accessFaults(KAFKA_SECURITY, accessOf(settings));
  if (NODE_ENV === 'production' && KAFKA_SECURITY === 'plaintext' && !KAFKA_BROKERS.split(',').every(isHere))
    return [
      ...faults,
      'KAFKA_SECURITY must be tls in production unless all of KAFKA_BROKERS are on this machine',
    ];
  return faults;
}

const accessOf = (settings: ServiceSettings): KafkaAccess => ({
  caFile: settings.KAFKA_TLS_CA_FILE,
  certFile: settings.KAFKA_TLS_CERT_FILE,
  keyFile: settings.KAFKA_TLS_KEY_FILE,
  username: settings.KAFKA_SASL_USERNAME,
  passwordFile: settings.KAFKA_SASL_PASSWORD_FILE,
});

/** @param broker host:port; no name that begins like an address of this machine is one */
const isHere = (broker: string): boolean => /^(localhost|127(\.\d{1,3}){3}):\d+$/i.test(broker);
