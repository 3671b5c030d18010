// @ts-nocheck
// Declares over kept connections, so many at once, and tells how long each answer took.
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { answer } from './answering.js';

const agents = new Map();

answer({
  /** @returns milliseconds of each request, and of all */
  async run({ url, token, items, concurrency, body }) {
    const key = `${url} ${concurrency}`;
    if (!agents.has(key)) agents.set(key, new Agent({ keepAlive: true, maxSockets: concurrency }));
    const agent = agents.get(key);
    const payload = Buffer.from(JSON.stringify(body));
    const taken = [];
    let next = 0;
    const one = async () => {
      while (next < items.length) {
        const { declarationId, revision } = items[next++];
        const started = performance.now();
        await send(agent, `${url}/declarations/${declarationId}/declare`, payload, {
          authorization: `Bearer ${token}`,
          'if-match': `"${revision}"`,
        });
        taken.push(performance.now() - started);
      }
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: concurrency }, one));
    return { taken, ms: performance.now() - started };
  },
});

const send = (agent, url, payload, headers) =>
  new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': payload.length,
          'idempotency-key': randomUUID(),
        },
      },
      (reply) => {
        const chunks = [];
        reply.on('data', (chunk) => chunks.push(chunk));
        reply.on('end', () =>
          reply.statusCode === 200
            ? resolve()
            : reject(new Error(`${reply.statusCode}: ${Buffer.concat(chunks).toString().slice(0, 300)}`)),
        );
        reply.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(payload);
  });
