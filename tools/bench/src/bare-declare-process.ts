// The peer of `declare`: node:http and pg with nothing around them. It proves the same token and sends the same statements, recorded of the service, with the ids of each request in their places.
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import pg from 'pg';
import { answer } from './answering.js';
import type { Place, RecordedStatement, Recording, RequestIds } from './recorded.js';

interface Opening extends Recording {
  readonly url: string;
  readonly poolSize: number;
  readonly issuer: string;
  readonly audience: string;
}

/** What another request sends in a place. */
type IdOf = (place: { readonly id: keyof RequestIds } | { readonly fresh: string }) => string;

interface Step {
  readonly name: string | undefined;
  readonly text: string;
  readonly inTransaction: boolean;
  /** It answers how many declarations it has moved. */
  readonly changes: boolean;
  readonly values: readonly ((idOf: IdOf) => unknown)[];
}

const commands = {
  /** @returns the port that it listens on */
  async open({ url, poolSize, issuer, audience, statements, places }: Opening) {
    const pool = new pg.Pool({ connectionString: url, max: poolSize });
    const provider = await fetch(`${issuer}/.well-known/openid-configuration`);
    const found = (await provider.json()) as { jwks_uri: string };
    const keys = createRemoteJWKSet(new URL(found.jwks_uri));
    const steps = statements.map((statement) => stepOf(statement, places));
    const declare = async (request: IncomingMessage, body: Buffer): Promise<string> => {
      const { url: path = '', headers } = request;
      const { payload } = await jwtVerify(headers.authorization?.slice(7) ?? '', keys, { issuer, audience });
      if (!payload.sub) throw new Error('no sub');
      JSON.parse(body.toString('utf8'));
      const declarationId = path.split('/').at(-2) ?? '';
      await run(pool, steps, {
        declarationId,
        key: String(headers['idempotency-key']),
        hash: createHash('sha256').update(path).update(body).digest('hex'),
      });
      return JSON.stringify({ declarationId, status: 200, code: 'DECLARED' });
    };
    const server = createServer((request, reply) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () =>
        declare(request, Buffer.concat(chunks)).then(
          (text) => reply.writeHead(200, { 'content-type': 'application/json' }).end(text),
          (error: unknown) => reply.writeHead(500).end(String(error)),
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.keepAliveTimeout = 60_000;
    return { port: (server.address() as AddressInfo).port };
  },
};
export type BareDeclareCommands = typeof commands;

async function run(pool: pg.Pool, steps: readonly Step[], ids: RequestIds): Promise<void> {
  const fresh = new Map<string, string>();
  const idOf: IdOf = (place) => {
    if ('id' in place) return ids[place.id];
    const id = fresh.get(place.fresh) ?? randomUUID();
    fresh.set(place.fresh, id);
    return id;
  };
  let client: pg.PoolClient | undefined;
  try {
    for (const step of steps) {
      if (step.text.startsWith('BEGIN')) client = await pool.connect();
      const connection = step.inTransaction ? client : pool;
      if (!connection) throw new Error('the transaction has not begun');
      const { rows } = await connection.query<{ moved?: number }>({
        ...(step.name ? { name: step.name } : {}),
        text: step.text,
        values: step.values.map((value) => value(idOf)),
      });
      if (step.text === 'COMMIT') client = void client?.release();
      if (step.changes && rows[0]?.moved !== 1) throw new Error('the declaration had moved');
    }
  } catch (error) {
    await client?.query('ROLLBACK');
    client?.release();
    throw error;
  }
}

function stepOf(statement: RecordedStatement, places: readonly Place[]): Step {
  const { name, text, values, inTransaction = false } = statement;
  return {
    name,
    text,
    inTransaction,
    changes: / AS moved$/.test(text),
    values: values.map((value) => {
      if ('hex' in value) return (idOf) => Buffer.from(idOf({ id: 'hash' }), 'hex');
      if ('array' in value) return () => value.array;
      if (value.text === null) return () => null;
      const parts = partsOf(value.text, places);
      return (idOf) => parts.map((part) => (typeof part === 'string' ? part : idOf(part))).join('');
    }),
  };
}

/** A text as what always stays, and the places of ids between. */
function partsOf(text: string, places: readonly Place[]): (string | Place)[] {
  let parts: (string | Place)[] = [text];
  for (const place of places)
    parts = parts.flatMap((part) =>
      typeof part === 'string'
        ? part.split(place.recorded).flatMap((piece, at) => (at === 0 ? [piece] : [place, piece]))
        : [part],
    );
  return parts;
}

answer(commands);
