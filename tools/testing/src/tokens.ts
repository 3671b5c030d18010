import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

/** An issuer of our own on loopback, for specs that ask a real service with real tokens. */
export interface TestIdentity {
  /** For `OIDC_ISSUER`. */
  readonly issuer: string;
  /** A token for an hour, as the identity provider would give it. Claims and header may be bent to be wrong. */
  token(personId: string, claims?: JWTPayload, header?: Record<string, string>): Promise<string>;
  /** `{ authorization: 'Bearer …' }`, for `fetch`. */
  headers(personId: string): Promise<{ authorization: string }>;
  /** Signs with a new key from now on. The old one is still published, or is withdrawn. */
  changeKey(old: 'published' | 'withdrawn'): Promise<void>;
  /** It answers, answers with 500, or takes what is asked and says nothing. */
  become(state: 'well' | 'failing' | 'silent'): void;
  /** How often its keys were asked for. */
  readonly keyReads: number;
  close(): Promise<void>;
}

export async function testIdentity(audience = 'attest'): Promise<TestIdentity> {
  let signing = await newKey('test');
  let published = [signing.publicJwk];
  let issuer = '';
  let state: Parameters<TestIdentity['become']>[0] = 'well';
  let keyReads = 0;
  const server = createServer((request, response) => {
    if (request.url === '/jwks') keyReads += 1;
    if (state === 'silent') return;
    if (state === 'failing') response.statusCode = 500;
    const document = request.url === '/jwks' ? { keys: published } : { issuer, jwks_uri: `${issuer}/jwks` };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const token: TestIdentity['token'] = (personId, claims = {}, header = {}) =>
    new SignJWT({ sub: personId, aud: audience, iss: issuer, iat: now(), exp: now() + 3600, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: signing.kid, typ: 'at+jwt', ...header })
      .sign(signing.privateKey);
  return {
    issuer,
    token,
    headers: async (personId) => ({ authorization: `Bearer ${await token(personId)}` }),
    changeKey: async (old) => {
      signing = await newKey(`${signing.kid}-next`);
      published = [...(old === 'published' ? published : []), signing.publicJwk];
    },
    become: (next) => {
      state = next;
    },
    get keyReads() {
      return keyReads;
    },
    close: () => closed(server),
  };
}

async function newKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

const now = (): number => Math.floor(Date.now() / 1000);

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
