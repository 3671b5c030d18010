import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from 'jose';

/** A signature takes 0.05 ms, one of RS256 takes 1 ms: the story signs for 9,000 people. */
export const ALGORITHM = 'ES256';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey | Uint8Array;
  readonly publicJwk: JWK;
}

/** The signing key, kept in the state folder so that tokens outlive a restart. */
export async function signingKey(stateDir: string): Promise<SigningKey> {
  const file = join(stateDir, 'identity-provider-key.json');
  const found = await stored(file);
  // A key of another kind stands in state folders of before.
  const jwk = found?.kty === 'EC' ? found : await created(stateDir, file);
  const { kty, crv, x, y } = jwk;
  const kid = await calculateJwkThumbprint({ kty, crv, x, y });
  return {
    kid,
    privateKey: await importJWK(jwk, ALGORITHM),
    publicJwk: { kty, crv, x, y, kid, alg: ALGORITHM, use: 'sig' },
  };
}

async function stored(file: string): Promise<JWK | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read. Remove it: another key is made at the next start.`, {
      cause: error,
    });
  }
}

async function created(stateDir: string, file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  await mkdir(stateDir, { recursive: true });
  await writeFile(file, JSON.stringify(jwk), { mode: 0o600 });
  return jwk;
}
