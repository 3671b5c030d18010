import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * How a service makes itself known to a broker over TLS: by SASL SCRAM-SHA-512 (a user and its password) or by a
 * certificate (mutual TLS). Secrets stand in files, which are read anew at each new connection.
 */
export interface KafkaAccess {
  /** Who may have signed the broker's certificate; the CAs that Node knows, unless told. */
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly username?: string | undefined;
  readonly passwordFile?: string | undefined;
}

export const KAFKA_SECURITY = ['plaintext', 'tls'] as const;
export type KafkaSecurity = (typeof KAFKA_SECURITY)[number];

/** The setting that gives each part. */
const SETTING: Readonly<Record<keyof KafkaAccess, string>> = {
  caFile: 'KAFKA_TLS_CA_FILE',
  certFile: 'KAFKA_TLS_CERT_FILE',
  keyFile: 'KAFKA_TLS_KEY_FILE',
  username: 'KAFKA_SASL_USERNAME',
  passwordFile: 'KAFKA_SASL_PASSWORD_FILE',
};
/** They come together or not at all. */
const PAIRS = [
  ['certFile', 'keyFile'],
  ['username', 'passwordFile'],
] as const;

/** What is wrong with it, a sentence each, by the settings' names: none when a client can be made of it. */
export function accessFaults(security: KafkaSecurity, access: KafkaAccess, now = new Date()): string[] {
  const faults = security === 'tls' ? faultsOfParts(access) : faultsOfPlaintext(access);
  return faults.length > 0 ? faults : faultsOfFiles(access, now);
}

function faultsOfPlaintext(access: KafkaAccess): string[] {
  const given = Object.entries(SETTING).filter(([part]) => access[part as keyof KafkaAccess] !== undefined);
  return given.map(([, name]) => `${name} is set, but KAFKA_SECURITY is not tls: set it, or remove ${name}`);
}

function faultsOfParts(access: KafkaAccess): string[] {
  const halves = PAIRS.flatMap(([one, other]) => {
    if ((access[one] === undefined) === (access[other] === undefined)) return [];
    const [there, missing] = access[one] === undefined ? [other, one] : [one, other];
    return [`${SETTING[there]} needs ${SETTING[missing]} beside it`];
  });
  if (halves.length > 0) return halves;
  const ways = PAIRS.filter(([one]) => access[one] !== undefined).length;
  const words = PAIRS.map((pair) => pair.map((part) => SETTING[part]).join(' and ')).join(', or ');
  if (ways === 0) return [`KAFKA_SECURITY is tls, but nothing says who connects: give ${words}`];
  return ways === 1 ? [] : [`Kafka is told twice who connects: give ${words}, not both`];
}

function faultsOfFiles(access: KafkaAccess, now: Date): string[] {
  const { caFile, certFile, keyFile, passwordFile } = access;
  return [
    faultOf('caFile', caFile, (pem) => {
      const expired = certificatesIn(pem).map((certificate) => faultOfTime(certificate, now));
      return expired.every((fault) => fault !== undefined) ? expired[0] : undefined;
    }),
    faultOf('certFile', certFile, (pem) => faultOfTime(certificatesIn(pem)[0]!, now)),
    faultOf('keyFile', keyFile, (pem) => faultOfKey(pem, certFile!)),
    faultOf('passwordFile', passwordFile, (text) => (passwordIn(text) ? undefined : 'which is empty')),
  ].filter((fault) => fault !== undefined);
}

/** @param look what is wrong with its text */
function faultOf(
  part: keyof KafkaAccess,
  file: string | undefined,
  look: (text: string) => string | undefined,
): string | undefined {
  if (file === undefined) return undefined;
  let fault: string | undefined;
  try {
    const text = readFileSync(file, 'utf8');
    try {
      fault = look(text);
    } catch {
      fault =
        part === 'keyFile' ? 'which holds no open private key in PEM' : 'which holds no certificate in PEM';
    }
  } catch (error) {
    fault = `which cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
  return fault && `${SETTING[part]} names ${file}, ${fault}`;
}

/** @throws when there is none */
function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [pem];
  return blocks.map((block) => new X509Certificate(block));
}

function faultOfTime({ validFrom, validTo }: X509Certificate, now: Date): string | undefined {
  if (now > new Date(validTo)) return `whose certificate expired on ${dayOf(validTo)}`;
  return now < new Date(validFrom) ? `whose certificate is valid only from ${dayOf(validFrom)}` : undefined;
}

function faultOfKey(pem: string, certFile: string): string | undefined {
  const key = createPrivateKey(pem);
  let certificate: X509Certificate | undefined;
  try {
    certificate = certificatesIn(readFileSync(certFile, 'utf8'))[0];
  } catch {
    // That file's own fault says so.
  }
  return !certificate || certificate.checkPrivateKey(key) ? undefined : `which is not the key of ${certFile}`;
}

const dayOf = (time: string): string => new Date(time).toISOString().slice(0, 10);

/** Editors and secret stores end a file with a line break, which no password has. */
export const passwordIn = (text: string): string => text.replace(/[\r\n]+$/, '');
