// Declares over kept connections, so many at once, and tells how long each answer took.
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { answer } from './answering.js';

/** A declaration as the person who declares it sees it. */
export interface SeenDeclaration {
  readonly declarationId: string;
  readonly revision: number;
}

interface Load {
  /** Up to the version of the API. */
  readonly url: string;
  readonly token: string;
  readonly items: readonly SeenDeclaration[];
  readonly concurrency: number;
  readonly body: object;
}

const agents = new Map<string, Agent>();

const commands = {
  /** @returns milliseconds of each request, and of all */
  async run({ url, token, items, concurrency, body }: Load) {
    const key = `${url} ${concurrency}`;
    const agent = agents.get(key) ?? new Agent({ keepAlive: true, maxSockets: concurrency });
    agents.set(key, agent);
    const payload = Buffer.from(JSON.stringify(body));
    const taken: number[] = [];
    const left = items.values();
    const one = async (): Promise<void> => {
      for (const { declarationId, revision } of left) {
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
};
export type LoadCommands = typeof commands;

const send = (agent: Agent, url: string, payload: Buffer, headers: Record<string, string>): Promise<void> =>
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
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
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

answer(commands);
