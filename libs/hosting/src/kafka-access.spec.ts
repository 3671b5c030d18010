import { describe, expect, it } from '@jest/globals';
import { readServiceSettings } from './read-service-settings.js';
import { ServiceSettings } from './service-settings.js';

const read = (more: Record<string, string>) => () =>
  readServiceSettings(ServiceSettings, {
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    KAFKA_BROKERS: 'kafka.example:9092',
    OIDC_ISSUER: 'https://issuer.example',
    ...more,
  });

describe('plaintext to Kafka', () => {
  it.each([
    'kafka.example:9092',
    '127.0.0.1:9092,kafka.example:9092',
    '127.0.0.1.example:9092',
    'localhost.example:1',
  ])('is refused in production with %s', (KAFKA_BROKERS) => {
    expect(read({ NODE_ENV: 'production', KAFKA_BROKERS })).toThrow(
      /KAFKA_SECURITY must be tls in production/,
    );
  });

  it.each(['127.0.0.1:9092', 'localhost:9092,127.0.0.2:9093'])(
    'stays on this machine with %s',
    (KAFKA_BROKERS) => {
      expect(read({ NODE_ENV: 'production', KAFKA_BROKERS })).not.toThrow();
    },
  );

  it('is taken outside production', () => {
    expect(read({ NODE_ENV: 'development' })).not.toThrow();
  });
});

describe('a service that is told half of how to reach Kafka', () => {
  it('does not start, and says every fault by its setting', () => {
    expect(read({ KAFKA_SECURITY: 'tls' })).toThrow(/nothing says who connects: give KAFKA_TLS_CERT_FILE/);
    expect(read({ KAFKA_SASL_USERNAME: 'catalogue', KAFKA_TLS_CA_FILE: '/ca.pem' })).toThrow(
      /KAFKA_TLS_CA_FILE is set.*KAFKA_SASL_USERNAME is set/,
    );
    expect(
      read({ KAFKA_SECURITY: 'tls', KAFKA_SASL_USERNAME: 'catalogue', KAFKA_SASL_PASSWORD_FILE: '/no/such' }),
    ).toThrow(/KAFKA_SASL_PASSWORD_FILE names \/no\/such, which cannot be read \(ENOENT\)/);
  });
});
