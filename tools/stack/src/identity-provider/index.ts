import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { SignJWT } from 'jose';
import { ALGORITHM, signingKey } from './key.js';
import { groupPeople, readPeople, type Assignment, type Person } from './people.js';

const AUDIENCE = 'attest';
const TOKEN_SECONDS = 3600;
const MOST_BODY_BYTES = 10_000;
const PLAINLY = 'For development only: it gives anybody on this machine a token for any ready-made person.';

/** What a route answers: the status and the body. */
type RouteAnswer = readonly [status: number, body: object];
type Route = (url: URL, request: IncomingMessage) => Promise<RouteAnswer>;

export interface IdentityProvider {
  readonly issuer: string;
  token(personId: string): Promise<string>;
  close(): Promise<void>;
}

/** The development identity provider: an OIDC issuer on loopback whose people need no password. */
export async function startIdentityProvider({
  port = 0,
  stateDir,
  people,
}: {
  /** 0 takes any free one. */
  port?: number;
  /** Where the key is kept. */
  stateDir: string;
  /** The file people.csv, or what it would hold. */
  people: string | readonly Assignment[];
}): Promise<IdentityProvider> {
  if (process.env.NODE_ENV === 'production')
    throw new Error(
      'The development identity provider does not run in production. Set OIDC_ISSUER to your own issuer.',
    );
  const known = new Map(
    (typeof people === 'string' ? await readPeople(people) : groupPeople(people)).map((p) => [p.personId, p]),
  );
  const key = await signingKey(stateDir);
  let issuer = '';

  const token = async (personId: string): Promise<string> => {
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

  const routes: Readonly<Record<string, Route>> = {
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
      const personId = await personAskedFor(request);
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
  issuer = `http://127.0.0.1:${await listening(server, port)}`;
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

async function answer(
  routes: Readonly<Record<string, Route>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const route = routes[`${request.method} ${url.pathname}`];
  let [status, body]: RouteAnswer = [404, { error: 'not_found' }];
  try {
    if (route) [status, body] = await route(url, request);
  } catch {
    [status, body] = [400, { error: 'invalid_request' }];
  }
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function listed(known: ReadonlyMap<string, Person>, query: URLSearchParams): Person[] {
  const [role, organisation] = [query.get('role'), query.get('organisation')];
  return [...known.values()].filter((person) =>
    person.roles.some(
      (r) => (!role || r.role === role) && (!organisation || r.organisationCode === organisation),
    ),
  );
}

/** The `person_id` of JSON, or of the form that OAuth clients send. */
async function personAskedFor(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MOST_BODY_BYTES) throw new Error('too large');
  }
  if (/x-www-form-urlencoded/.test(request.headers['content-type'] ?? ''))
    return new URLSearchParams(text).get('person_id');
  const body: { readonly person_id?: unknown } | null = JSON.parse(text);
  return body?.person_id;
}

/** Resolves to the port when the server listens. */
function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} is taken: stop what listens there, or choose another port for the identity provider.`,
            )
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address && typeof address === 'object') resolve(address.port);
    });
  });
}
