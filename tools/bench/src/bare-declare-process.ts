// @ts-nocheck
// The peer of `declare`: node:http and pg with nothing around them. It proves the same token and sends the same statements, recorded of the service, with the ids of each request in their places.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import pg from 'pg';
import { answer } from './answering.js';

answer({
  /** @returns the port that it listens on */
  async open({ url, poolSize, issuer, audience, statements, places }) {
    const pool = new pg.Pool({ connectionString: url, max: poolSize });
    const found = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    const keys = createRemoteJWKSet(new URL(found.jwks_uri));
    const steps = statements.map((statement) => stepOf(statement, places));
    const server = createServer((request, reply) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', async () => {
        try {
          const { payload } = await jwtVerify(request.headers.authorization.slice(7), keys, {
            issuer,
            audience,
          });
          if (!payload.sub) throw new Error('no sub');
          const body = Buffer.concat(chunks);
          JSON.parse(body.toString('utf8'));
          const declarationId = request.url.split('/').at(-2);
          const ids = {
            declarationId,
            key: request.headers['idempotency-key'],
            hash: createHash('sha256').update(request.url).update(body).digest('hex'),
          };
          await run(pool, steps, ids);
          const text = JSON.stringify({ declarationId, status: 200, code: 'DECLARED' });
          reply.writeHead(200, { 'content-type': 'application/json' }).end(text);
        } catch (error) {
          reply.writeHead(500).end(String(error));
        }
      });
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.keepAliveTimeout = 60_000;
    return { port: server.address().port };
  },
});

async function run(pool, steps, ids) {
  const fresh = new Map();
  const idOf = (place) => {
    if (place.id) return ids[place.id];
    if (!fresh.has(place.fresh)) fresh.set(place.fresh, randomUUID());
    return fresh.get(place.fresh);
  };
  let client;
  try {
    for (const step of steps) {
      if (step.text.startsWith('BEGIN')) client = await pool.connect();
      const { rows } = await (step.inTransaction ? client : pool).query({
        ...(step.name ? { name: step.name } : {}),
        text: step.text,
        values: step.values.map((value) => value(idOf)),
      });
      if (step.text === 'COMMIT') client = void client.release();
      if (step.changes && rows[0].moved !== 1) throw new Error('the declaration had moved');
    }
  } catch (error) {
    await client?.query('ROLLBACK');
    client?.release();
    throw error;
  }
}

function stepOf({ name, text, values, inTransaction }, places) {
  return {
    name,
    text,
    inTransaction,
    changes: / AS moved$/.test(text),
    values: values.map((value) => {
      if (value.hex !== undefined) return (idOf) => Buffer.from(idOf({ id: 'hash' }), 'hex');
      if (value.array) return () => value.array;
      if (value.text === null) return () => null;
      const parts = partsOf(value.text, places);
      return (idOf) => parts.map((part) => (typeof part === 'string' ? part : idOf(part))).join('');
    }),
  };
}

/** A text as what always stays, and the places of ids between. */
function partsOf(text, places) {
  let parts = [text];
  for (const place of places)
    parts = parts.flatMap((part) =>
      typeof part === 'string'
        ? part.split(place.recorded).flatMap((piece, at) => (at === 0 ? [piece] : [place, piece]))
        : [part],
    );
  return parts;
}
