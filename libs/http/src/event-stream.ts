import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { TooManyOfYourStreamsError, TooManyStreamsError } from './http.errors.js';
import { toJson } from './json.js';
import { SharedLook, type Seen } from './shared-look.js';

/** Something that moves on until it ends, as it is at one moment. */
export interface StreamState<T> {
  /** Grows with every change; becomes the event's id. */
  readonly sequence: number;
  readonly ended: boolean;
  readonly data: T;
}

export interface StreamTiming {
  /** All streams of one key together. */
  readonly lookEveryMs: number;
  /** Proxies cut connections on which nothing is said. */
  readonly heartbeatEveryMs: number;
  /** Then the client connects again, and shows a token that still holds. */
  readonly endAfterMs: number;
}

/** More than one page of a browser opens at once, and few beside what a process may hold open. */
const STREAMS_OF_ONE_PERSON = 10;

type CallerRequest = FastifyRequest & { caller?: { personId: string } };

const TIMING: StreamTiming = { lookEveryMs: 1_000, heartbeatEveryMs: 10_000, endAfterMs: 600_000 };

/**
 * Tells progress as server-sent events: `progress` whenever something changed, `ended` with the last state. Each event
 * carries the whole state, so a client that missed some has missed nothing; with `Last-Event-ID` it is told only what
 * came after. All streams of one thing share their looks. Streams end with the process, so that a stop need not wait
 * for them.
 */
@Injectable()
export class EventStreams implements OnModuleDestroy {
  /** And whose they are. */
  private readonly open = new Map<AbortController, string>();
  private readonly looks = new Map<string, SharedLook<StreamState<unknown>>>();

  constructor(
    /** Each holds a connection, and looks at what nobody else may follow: those who come later have to ask instead. */
    private readonly most: number,
  ) {}

  onModuleDestroy(): void {
    for (const stream of this.open.keys()) stream.abort();
  }

  /**
   * What `read` throws before anything was sent is answered as by any route. `key` names what is read and for whom:
   * streams of one key are told what one of them has read.
   * @throws TooManyStreamsError, TooManyOfYourStreamsError
   */
  async send<T>(
    request: CallerRequest,
    reply: FastifyReply,
    key: string,
    read: () => Promise<StreamState<T>>,
    timing: Partial<StreamTiming> = {},
  ): Promise<void> {
    const personId = request.caller?.personId ?? 'anybody';
    this.refuseTooMany(personId);
    const all = { ...TIMING, ...timing };
    const stream = new AbortController();
    const look = this.join(key, read, all);
    this.open.set(stream, personId);
    try {
      const first = await look.after(0, stream.signal);
      const response = begin(reply);
      // Whoever left during the first look has closed already, and nothing would say so again.
      if (response.destroyed) return;
      response.once('close', () => stream.abort());
      response.once('error', () => stream.abort());
      try {
        await follow(response, lastSeen(request, first.state.sequence), first, look, all, stream.signal);
      } catch {
        // The client left, the process stops, or the database is away: a client that wants more connects again.
      } finally {
        response.end();
      }
    } finally {
      this.open.delete(stream);
      if (--look.followers === 0) this.looks.delete(key);
    }
  }

  private refuseTooMany(personId: string): void {
    const own = [...this.open.values()].filter((whose) => whose === personId).length;
    if (own >= STREAMS_OF_ONE_PERSON) throw new TooManyOfYourStreamsError(STREAMS_OF_ONE_PERSON);
    if (this.open.size >= this.most) throw new TooManyStreamsError(this.most);
  }

  private join<T>(
    key: string,
    read: () => Promise<StreamState<T>>,
    { lookEveryMs }: StreamTiming,
  ): SharedLook<StreamState<T>> {
    const look =
      (this.looks.get(key) as SharedLook<StreamState<T>> | undefined) ?? new SharedLook(read, lookEveryMs);
    this.looks.set(key, look);
    look.followers++;
    return look;
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
  lastId: number,
  first: Seen<StreamState<T>>,
  look: SharedLook<StreamState<T>>,
  { heartbeatEveryMs, endAfterMs }: StreamTiming,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  let saidAt = started;
  let sent = lastId;
  const say = async (text: string): Promise<void> => {
    saidAt = performance.now();
    if (!response.write(text)) await once(response, 'drain', { signal });
  };
  for (let seen = first; ; seen = await look.after(seen.look, signal)) {
    const { state } = seen;
    if (state.ended || state.sequence > sent) {
      const name = state.ended ? 'ended' : 'progress';
      await say(`id: ${state.sequence}\nevent: ${name}\ndata: ${toJson(state.data)}\n\n`);
      sent = state.sequence;
    } else if (performance.now() - saidAt >= heartbeatEveryMs) await say(': still here\n\n');
    if (state.ended || performance.now() - started >= endAfterMs) return;
  }
}
