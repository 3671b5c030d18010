import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { toJson } from './json.js';

/** Something that moves on until it ends, as it is at one moment. */
export interface StreamState<T> {
  /** Grows with every change; becomes the event's id. */
  readonly sequence: number;
  readonly ended: boolean;
  readonly data: T;
}

export interface StreamTiming {
  readonly lookEveryMs: number;
  /** Proxies cut connections on which nothing is said. */
  readonly heartbeatEveryMs: number;
  /** Then the client connects again, and shows a token that still holds. */
  readonly endAfterMs: number;
}

const TIMING: StreamTiming = { lookEveryMs: 200, heartbeatEveryMs: 10_000, endAfterMs: 600_000 };

/**
 * Tells progress as server-sent events: `progress` whenever something changed, `ended` with the last state. Each event
 * carries the whole state, so a client that missed some has missed nothing; with `Last-Event-ID` it is told only what
 * came after. Streams end with the process, so that a stop need not wait for them.
 */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  private readonly open = new Set<AbortController>();

  onModuleDestroy(): void {
    for (const stream of this.open) stream.abort();
  }

  /** What `read` throws before anything was sent is answered as by any route. */
  async send<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    read: () => Promise<StreamState<T>>,
    timing: Partial<StreamTiming> = {},
  ): Promise<void> {
    const first = await read();
    const response = begin(reply);
    // Whoever left during the first look has closed already, and nothing would say so again.
    if (response.destroyed) return;
    const stream = new AbortController();
    this.open.add(stream);
    response.once('close', () => stream.abort());
    response.once('error', () => stream.abort());
    try {
      await follow(response, lastSeen(request, first.sequence), first, read, {
        ...TIMING,
        ...timing,
        signal: stream.signal,
      });
    } catch {
      // The client left, the process stops, or the database is away: a client that wants more connects again.
    } finally {
      this.open.delete(stream);
      response.end();
    }
  }
}

function begin(reply: FastifyReply): ServerResponse {
  const headers = reply.getHeaders() as OutgoingHttpHeaders;
  reply.hijack();
  reply.raw.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    // A connection kept alive after its stream would hold up a stop.
    connection: 'close',
  });
  reply.raw.write('retry: 1000\n\n');
  return reply.raw;
}

/** An id that this stream cannot have given means nothing. */
function lastSeen(request: FastifyRequest, sequence: number): number {
  const header = request.headers['last-event-id'];
  if (typeof header !== 'string' || !/^\d{1,15}$/.test(header)) return -1;
  const id = Number(header);
  return id <= sequence ? id : -1;
}

async function follow<T>(
  response: ServerResponse,
  seen: number,
  first: StreamState<T>,
  read: () => Promise<StreamState<T>>,
  timing: StreamTiming & { readonly signal: AbortSignal },
): Promise<void> {
  const { signal, lookEveryMs, heartbeatEveryMs, endAfterMs } = timing;
  const started = performance.now();
  let saidAt = started;
  let sent = seen;
  const say = async (text: string): Promise<void> => {
    saidAt = performance.now();
    if (!response.write(text)) await once(response, 'drain', { signal });
  };
  for (let state = first; ; state = await read()) {
    if (state.ended || state.sequence > sent) {
      const name = state.ended ? 'ended' : 'progress';
      await say(`id: ${state.sequence}\nevent: ${name}\ndata: ${toJson(state.data)}\n\n`);
      sent = state.sequence;
    } else if (performance.now() - saidAt >= heartbeatEveryMs) await say(': still here\n\n');
    if (state.ended || performance.now() - started >= endAfterMs) return;
    await pause(lookEveryMs, undefined, { signal });
  }
}
