import { AttestError } from '@attest/errors';
import type { KafkaAccess } from './access.js';

/** Broker and client do not trust each other; only an operator can change that. */
export class KafkaAccessRefusedError extends AttestError {
  constructor(words: string, cause: unknown) {
    super('KAFKA_ACCESS_REFUSED', 503, words);
    this.cause = cause;
  }
}

const OUR_CA = 'KAFKA_TLS_CA_FILE';
/** OpenSSL's names for a certificate whose signer we do not know. */
const UNKNOWN_SIGNER: readonly string[] = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
];

/** What kafkajs threw, in words that say which side refused and what to look at; nothing where it is another failure. */
export function refusedAccess(
  error: unknown,
  access: KafkaAccess | undefined,
): KafkaAccessRefusedError | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const words = wordsOf(at, access);
    if (words) return new KafkaAccessRefusedError(words, error);
  }
  return undefined;
}

function wordsOf(
  error: Error & { readonly code?: unknown },
  access: KafkaAccess | undefined,
): string | undefined {
  if (error.name === 'KafkaJSSASLAuthenticationError')
    return `Kafka does not know the user ${access?.username} with the password of KAFKA_SASL_PASSWORD_FILE. Correct the file, or have the user made at the broker.`;
  const { code } = error;
  if (typeof code !== 'string') return undefined;
  if (UNKNOWN_SIGNER.includes(code))
    return `The certificate of the Kafka broker is signed by nobody whom ${access?.caFile ? OUR_CA : 'Node'} knows (${code}). Name the file of the CA that signed it in ${OUR_CA}.`;
  if (code === 'CERT_HAS_EXPIRED')
    return 'The certificate of the Kafka broker has expired. Have it renewed there.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'The certificate of the Kafka broker is of another host. Name the brokers in KAFKA_BROKERS as their certificates do.';
  if (code.startsWith('ERR_SSL_'))
    return `Kafka ended the TLS handshake (${code}). Look whether KAFKA_BROKERS names its TLS listener, and whether that listener accepts our certificate or asks for one.`;
  return undefined;
}
