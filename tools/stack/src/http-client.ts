// A small HTTP client over kept connections: the story makes 20,000 requests and must not be the slow part.
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  Agent,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const agent = new Agent({ keepAlive: true, maxSockets: 24 });

/** What a service says of a request that it refuses (RFC 9457). */
export interface Problem {
  readonly code?: string;
  readonly detail?: string;
}

/** A refusal that the story did not expect, with the problem's own words. */
export class UnexpectedAnswer extends Error {
  readonly code: string | undefined;

  constructor(
    method: string,
    url: string,
    readonly status: number,
    readonly body: Problem | undefined,
  ) {
    super(
      `${method} ${url} answered ${status} ${body?.code ?? ''}: ${body?.detail ?? JSON.stringify(body)?.slice(0, 300)}`,
    );
    this.code = body?.code;
  }
}

export interface Sending {
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Streamed from disk. */
  readonly file?: string;
  readonly headers?: OutgoingHttpHeaders;
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** JSON as an object, anything else as bytes. */
  readonly body: Body;
}

/** One request. Who asks names what the route answers. */
export async function send<Body = unknown>(
  method: string,
  url: string,
  { token, body, file, headers = {} }: Sending = {},
): Promise<Answer<Body>> {
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const sent = {
    accept: 'application/json',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(payload ? { 'content-type': 'application/json', 'content-length': payload.length } : {}),
    ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
    ...headers,
  };
  try {
    return await exchange<Body>(method, url, sent, { agent, payload, file });
  } catch (error) {
    // A kept connection that the other side closed meanwhile. Its idempotency key makes the repeat harmless.
    if (!(error instanceof ConnectionFailed) || !error.onKeptConnection || file) throw error;
    return exchange<Body>(method, url, sent, { agent: false, payload });
  }
}

class ConnectionFailed extends Error {
  constructor(
    call: string,
    cause: Error,
    readonly onKeptConnection: boolean,
  ) {
    super(`${call}: ${cause.message}`, { cause });
  }
}

function exchange<Body>(
  method: string,
  url: string,
  headers: OutgoingHttpHeaders,
  { agent: kept, payload, file }: { agent: Agent | false; payload?: Buffer; file?: string },
): Promise<Answer<Body>> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, agent: kept, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: Number(answer.statusCode),
          headers: answer.headers,
          body: bodyOf(answer, Buffer.concat(chunks)) as Body,
        }),
      );
    });
    call.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        new ConnectionFailed(`${method} ${url}`, error, call.reusedSocket && error.code === 'ECONNRESET'),
      ),
    );
    if (file) createReadStream(file).on('error', reject).pipe(call);
    else call.end(payload);
  });
}

function bodyOf(answer: IncomingMessage, bytes: Buffer): unknown {
  const json = /json/.test(answer.headers['content-type'] ?? '');
  return json && bytes.length > 0 ? JSON.parse(bytes.toString('utf8')) : bytes;
}

/** Like `send`, but any status of 400 and above is an UnexpectedAnswer. */
export async function call<Body = unknown>(method: string, url: string, options?: Sending): Promise<Body> {
  const { status, body } = await send<Body | Problem>(method, url, options);
  if (status >= 400) throw new UnexpectedAnswer(method, url, status, body as Problem);
  return body as Body;
}

/** Runs `work` over `items`, at most `width` at once; the first failure stops the rest. */
export async function each<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => unknown,
): Promise<void> {
  // The runners share one iterator, so that each item is taken once.
  const left = items.values();
  const runner = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, runner));
}

type Falsy = false | 0 | '' | null | undefined;

/** Waits until `condition` gives a truthy value and returns it; says what it waited for when time is up. */
export async function until<Value>(
  what: string,
  condition: () => Promise<Value | Falsy> | Value | Falsy,
  { withinMs = 60_000, everyMs = 50 }: { withinMs?: number; everyMs?: number } = {},
): Promise<Value> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const last = await condition();
    if (last) return last;
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs / 1000} s in vain: ${what}`);
    await pause(everyMs);
  }
}
