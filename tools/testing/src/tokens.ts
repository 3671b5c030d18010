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
  close(): Promise<void>;
}

const KEY_ID = 'test';

export async function testIdentity(audience = 'attest'): Promise<TestIdentity> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' }] };
  let issuer = '';
  const server = createServer((request, response) => {
    const document = request.url === '/jwks' ? keys : { issuer, jwks_uri: `${issuer}/jwks` };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const token: TestIdentity['token'] = (personId, claims = {}, header = {}) =>
    new SignJWT({ sub: personId, aud: audience, iss: issuer, iat: now(), exp: now() + 3600, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: KEY_ID, typ: 'at+jwt', ...header })
      .sign(privateKey);
  return {
    issuer,
    token,
    headers: async (personId) => ({ authorization: `Bearer ${await token(personId)}` }),
    close: () => closed(server),
  };
}

const now = (): number => Math.floor(Date.now() / 1000);

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
