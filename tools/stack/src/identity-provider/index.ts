// @ts-nocheck
import { createServer } from 'node:http';
import { SignJWT } from 'jose';
import { ALGORITHM, signingKey } from './key.js';
import { groupPeople, readPeople } from './people.js';

const AUDIENCE = 'attest';
const TOKEN_SECONDS = 3600;
const MOST_BODY_BYTES = 10_000;
const PLAINLY = 'For development only: it gives anybody on this machine a token for any ready-made person.';

/**
 * The development identity provider: an OIDC issuer on loopback whose people need no password.
 * @param {{ port?: number, stateDir: string, people: string | { personId: string, name?: string, role: string, organisationCode: string }[] }} options
 *   port 0 takes any free one; people is a people.csv or what it would hold
 * @returns {Promise<{ issuer: string, token(personId: string): Promise<string>, close(): Promise<void> }>}
 */
export async function startIdentityProvider({ port = 0, stateDir, people }) {
  if (process.env.NODE_ENV === 'production')
    throw new Error(
      'The development identity provider does not run in production. Set OIDC_ISSUER to your own issuer.',
    );
  const known = new Map(
    (typeof people === 'string' ? await readPeople(people) : groupPeople(people)).map((p) => [p.personId, p]),
  );
  const key = await signingKey(stateDir);
  let issuer = '';

  const token = async (personId) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({})
      .setProtectedHeader({ alg: ALGORITHM, kid: key.kid, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(AUDIENCE)
      .setSubject(personId)
      .setIssuedAt(now)
      .setExpirationTime(now + TOKEN_SECONDS)
      .sign(key.privateKey);
  };

  const routes = {
    'GET /.well-known/openid-configuration': async () => [
      200,
      {
        issuer,
        jwks_uri: `${issuer}/jwks`,
        token_endpoint: `${issuer}/token`,
        id_token_signing_alg_values_supported: [ALGORITHM],
        notice: PLAINLY,
      },
    ],
    'GET /jwks': async () => [200, { keys: [key.publicJwk] }],
    'GET /people': async (url) => [200, { notice: PLAINLY, people: listed(known, url.searchParams) }],
    'POST /token': async (_url, request) => {
      const personId = (await bodyOf(request))?.person_id;
      if (typeof personId !== 'string')
        return [
          400,
          { error: 'invalid_request', error_description: 'Send {"person_id": "…"}; GET /people lists them.' },
        ];
      if (!known.has(personId))
        return [
          400,
          { error: 'invalid_grant', error_description: 'Nobody has this person_id; GET /people lists them.' },
        ];
      return [200, { access_token: await token(personId), token_type: 'Bearer', expires_in: TOKEN_SECONDS }];
    },
  };

  const server = createServer((request, response) => {
    void answer(routes, request, response);
  });
  await listening(server, port);
  issuer = `http://127.0.0.1:${server.address().port}`;
  return {
    issuer,
    token: async (personId) => {
      if (!known.has(personId)) throw new Error(`nobody is called ${personId}`);
      return token(personId);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(routes, request, response) {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const route = routes[`${request.method} ${url.pathname}`];
  let [status, body] = [404, { error: 'not_found' }];
  try {
    if (route) [status, body] = await route(url, request);
  } catch {
    [status, body] = [400, { error: 'invalid_request' }];
  }
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function listed(known, query) {
  const [role, organisation] = [query.get('role'), query.get('organisation')];
  return [...known.values()].filter((person) =>
    person.roles.some(
      (r) => (!role || r.role === role) && (!organisation || r.organisationCode === organisation),
    ),
  );
}

/** JSON, or the form that OAuth clients send. */
async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MOST_BODY_BYTES) throw new Error('too large');
  }
  if (/x-www-form-urlencoded/.test(request.headers['content-type'] ?? ''))
    return Object.fromEntries(new URLSearchParams(text));
  return JSON.parse(text);
}

function listening(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} is taken: stop what listens there, or choose another port for the identity provider.`,
            )
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
