import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { AttestError } from '@attest/errors';
import { EventStreams, type StreamState, type StreamTiming } from './event-stream.js';

let fastify: FastifyInstance;
let streams: EventStreams;
let state: StreamState<{ done: number }>;
let sent: Promise<void>;
let url: string;
let timing: Partial<StreamTiming>;
let looks: number;
let personId: string;
/** What a look waits for, and that one has begun. */
let looking: Promise<void> | undefined;
let asked: Promise<void>;

beforeEach(async () => {
  state = { sequence: 0, ended: false, data: { done: 0 } };
  streams = new EventStreams(10);
  timing = { lookEveryMs: 5, heartbeatEveryMs: 20 };
  looks = 0;
  personId = 'somebody';
  // A client that has left keeps its connection for seconds; the next spec does not wait for it.
  fastify = Fastify({ forceCloseConnections: true });
  looking = undefined;
  let begun = (): void => undefined;
  asked = new Promise((resolve) => (begun = resolve));
  const read = async (): Promise<typeof state> => {
    looks++;
    begun();
    await looking;
    if (state.sequence < 0) throw new AttestError('UNKNOWN', 404, 'There is none.');
    return state;
  };
  fastify.get('/events', (request, reply) => {
    sent = streams.send(Object.assign(request, { caller: { personId } }), reply, 'one', read, timing);
    return sent;
  });
  url = `${await fastify.listen({ port: 0, host: '127.0.0.1' })}/events`;
});
afterEach(async () => {
  streams.onModuleDestroy();
  await fastify.close();
});

const move = (sequence: number, ended = false): void => {
  state = { sequence, ended, data: { done: sequence } };
};

/** What a client reads until this is among it. */
function reading(answer: Response) {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    until: async (fits: RegExp): Promise<string> => {
      while (!fits.test(text)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`ended after ${text}`);
        text += value;
      }
      return text;
    },
    rest: async (): Promise<string> => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return text;
        text += value;
      }
    },
  };
}

describe('an event stream', () => {
  it('tells each change once, keeps the connection warm, and ends with the end', async () => {
    const answer = await fetch(url);
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const client = reading(answer);
    await client.until(/id: 0\nevent: progress\ndata: \{"done":0\}\n\n/);
    await client.until(/: still here\n\n/);
    move(3);
    await client.until(/id: 3\nevent: progress/);
    move(4, true);
    const text = await client.rest();
    expect(text.match(/^id: \d+$/gm)).toEqual(['id: 0', 'id: 3', 'id: 4']);
    expect(text.endsWith('id: 4\nevent: ended\ndata: {"done":4}\n\n')).toBe(true);
  });

  it.each([
    ['3', ['id: 4']],
    ['2', ['id: 3', 'id: 4']],
    // Of another stream, or of nobody.
    ['99', ['id: 3', 'id: 4']],
    ['x', ['id: 3', 'id: 4']],
  ])('after Last-Event-ID %s tells what came then', async (id, told) => {
    move(3);
    const client = reading(await fetch(url, { headers: { 'last-event-id': id } }));
    await client.until(/still here/);
    move(4, true);
    expect((await client.rest()).match(/^id: \d+$/gm)).toEqual(told);
  });

  it('is over when the client has left', async () => {
    const client = new AbortController();
    await reading(await fetch(url, { signal: client.signal })).until(/id: 0/);
    client.abort();
    await sent;
    expect(state.ended).toBe(false);
  });

  it('is over when the client has left before it was begun', async () => {
    const client = new AbortController();
    const gone = new Promise<void>((resolve) => {
      fastify.server.once('connection', (socket: Socket) => socket.once('close', () => resolve()));
    });
    looking = gone;
    const answer = fetch(url, { signal: client.signal }).catch(() => undefined);
    await asked;
    client.abort();
    await answer;
    await sent;
  });

  it('ends with the process, whose stop does not wait for it', async () => {
    const client = reading(await fetch(url));
    await client.until(/id: 0/);
    streams.onModuleDestroy();
    await fastify.close();
    expect(await client.rest()).not.toContain('ended');
  });

  it('looks no more often for many that follow the same thing than for one', async () => {
    timing = { lookEveryMs: 30, heartbeatEveryMs: 1 };
    const started = performance.now();
    const clients = await Promise.all(Array.from({ length: 5 }, async () => reading(await fetch(url))));
    await Promise.all(clients.map((client) => client.until(/(: still here\n\n){4}/)));
    // Each was told of five looks; the timers of Node may be a millisecond early.
    expect(looks).toBeGreaterThanOrEqual(5);
    expect(performance.now() - started).toBeGreaterThanOrEqual((looks - 1) * 29);
    move(7, true);
    for (const client of clients) expect(await client.rest()).toContain('id: 7\nevent: ended');
    // Who comes when nobody follows any more is told how it is now.
    move(9, true);
    expect(await reading(await fetch(url)).rest()).toContain('id: 9\n');
  });

  it('goes on for the others when one that follows the same thing has left', async () => {
    const leaving = new AbortController();
    const staying = reading(await fetch(url));
    await reading(await fetch(url, { signal: leaving.signal })).until(/id: 0/);
    leaving.abort();
    await sent;
    move(4, true);
    expect(await staying.rest()).toContain('id: 4\nevent: ended');
  });

  it('beyond as many as the process may hold open is refused, until one of them has ended', async () => {
    streams = new EventStreams(1);
    const client = reading(await fetch(url));
    await client.until(/id: 0/);
    const first = sent;
    const refused = await fetch(url);
    expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'TOO_MANY_STREAMS' }]);
    move(1, true);
    await client.rest();
    await first;
    expect(await reading(await fetch(url)).rest()).toContain('event: ended');
    // Neither does one that was never begun count.
    move(-1);
    await fetch(url);
    move(2, true);
    expect((await fetch(url)).status).toBe(200);
  });

  it('of one person leaves others theirs: the eleventh of one is refused until another has ended', async () => {
    streams = new EventStreams(100);
    const leaving = new AbortController();
    const first = await fetch(url, { signal: leaving.signal });
    await reading(first).until(/id: 0/);
    const firstSent = sent;
    for (let nth = 2; nth <= 10; nth++) await reading(await fetch(url)).until(/id: 0/);
    const refused = await fetch(url);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_OF_YOUR_STREAMS' });
    personId = 'another';
    expect((await fetch(url)).status).toBe(200);
    personId = 'somebody';
    leaving.abort();
    await firstSent;
    expect((await fetch(url)).status).toBe(200);
  });

  it('of something unknown is answered as any route', async () => {
    move(-1);
    expect((await fetch(url)).headers.get('content-type')).toContain('json');
  });
});
