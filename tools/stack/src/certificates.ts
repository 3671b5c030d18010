// Certificates for servers and clients of this machine: Node can read and use them, but not make them.
import 'reflect-metadata';

export interface Certificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS#8 without a passphrase. */
  readonly key: string;
}

export interface CertificateAuthority {
  /** PEM. */
  readonly certificate: string;
  /** Signs one for this machine, for a month unless told. */
  issue(commonName: string, validity?: Validity): Promise<Certificate>;
}

export interface Validity {
  readonly from: Date;
  readonly to: Date;
}

const DAY_MS = 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A new one, whose own key is never written down. It and what it signs are made anew at each start, in milliseconds. */
export async function certificateAuthority(name = 'Attest local CA'): Promise<CertificateAuthority> {
  // Loaded only here: most starts are without TLS.
  const x509 = await import('@peculiar/x509');
  const keys = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    ...datesOf(unlessTold()),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return {
    certificate: `${ca.toString('pem')}\n`,
    issue: async (commonName, validity = unlessTold()) => {
      const own = await newKeys();
      const signed = await x509.X509CertificateGenerator.create({
        subject: `CN=${commonName}`,
        issuer: ca.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
        ...datesOf(validity),
        extensions: [
          new x509.SubjectAlternativeNameExtension([
            { type: 'ip', value: '127.0.0.1' },
            { type: 'dns', value: 'localhost' },
          ]),
        ],
      });
      const key = await crypto.subtle.exportKey('pkcs8', own.privateKey);
      return {
        certificate: `${signed.toString('pem')}\n`,
        key: `${x509.PemConverter.encode(key, 'PRIVATE KEY')}\n`,
      };
    },
  };
}

const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

/** From an hour ago: clocks differ. */
const unlessTold = (): Validity => ({
  from: new Date(Date.now() - 3_600_000),
  to: new Date(Date.now() + 30 * DAY_MS),
});

const datesOf = ({ from, to }: Validity) => ({ notBefore: from, notAfter: to });
