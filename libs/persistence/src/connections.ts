import pg from 'pg';
import { askInTurn, boundStatements, spoil, whyUnusable } from './bounded-client.js';
import { Gate } from './gate.js';
import { isFormerPrimary } from './passing-failures.js';
import { attestTypes } from './type-parsers.js';
import {
  ANSWER_GRACE_MS,
  CLIENT_KEEPALIVE_AFTER_MS,
  CONNECT_MS,
  currentScope,
  limitsByKind,
  SERVER_KEEPALIVE,
  type Limits,
  type LimitsByKind,
  type WorkKind,
} from './work-kinds.js';

export interface ConnectionOptions {
  readonly url: string;
  /** Most connections at once; others wait their turn. */
  readonly poolSize: number;
  /** Seen in pg_stat_activity. */
  readonly applicationName: string;
  /** Instead of those of `LIMITS`. */
  readonly limits?: LimitsByKind | undefined;
  /** Instead of `CONNECT_MS`. */
  readonly connectMs?: number | undefined;
  /** Instead of `ANSWER_GRACE_MS`; for specs. */
  readonly answerGraceMs?: number | undefined;
}

/** A connection of the pool, and the way to give it back. */
export interface TakenConnection {
  readonly client: pg.PoolClient;
  readonly kind: WorkKind;
  /** What makes its transaction this kind's, to follow BEGIN; empty where the connection has these limits anyway. */
  readonly settings: string;
  /** From when on a COPY is not waited for any more. */
  readonly answerWithinMs: number;
  /** It is in no state to be used again. */
  spoil(why: Error): void;
  release(): void;
}

/** What the connections of the pool have from their start; other kinds set theirs in the packet of their BEGIN. */
const POOLS_OWN: WorkKind = 'request';
/** So much of the pool is left to requests, whatever happens in the background. */
const KEPT_FOR_REQUESTS = 1 / 4;

/** Every way to PostgreSQL of one service: a pool, and sessions beside it. Each has all its limits from the start. */
export class Connections {
  readonly limits: Readonly<Record<WorkKind, Limits>>;
  private readonly pool: pg.Pool;
  private readonly background: Gate;
  private readonly openedAt = new WeakMap<pg.ClientBase, number>();
  /** Connections that are older lead to a server that is no primary any more. */
  private failedOverAt = -Infinity;
  private closing: Promise<void> | undefined;

  constructor(private readonly options: ConnectionOptions) {
    this.limits = limitsByKind(options.limits);
    this.pool = new pg.Pool({
      ...this.config(POOLS_OWN),
      max: options.poolSize,
      idleTimeoutMillis: 30_000,
    });
    this.background = new Gate(backgroundOf(options.poolSize));
    // An idle connection that the server drops would otherwise end the process; the next query opens another.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => {
      this.openedAt.set(client, performance.now());
      // Nor does the pool listen while it hands a connection on, and a server that dies may say so in the very packet
      // that frees it.
      outliveLoss(client);
      boundStatements(client, () => this.answerWithinMs(currentScope().kind));
    });
  }

  /** A connection for the kind of work that asks. Work in the background waits so that requests find one. */
  async take(): Promise<TakenConnection> {
    const { kind, holds } = currentScope();
    const gate = kind === POOLS_OWN || holds ? undefined : this.background;
    // Nobody queues behind whoever waits here, so housekeeping need not give way as it does for a table.
    await gate?.enter(this.limits[kind === 'housekeeping' ? 'job' : kind].lockMs);
    try {
      const client = await this.connectNow();
      return {
        client,
        kind,
        settings: kind === POOLS_OWN ? '' : settingsOf(this.limits[kind]),
        answerWithinMs: this.answerWithinMs(kind),
        spoil: (why) => spoil(client, why),
        release: () => {
          this.release(client);
          gate?.leave();
        },
      };
    } catch (error) {
      gate?.leave();
      throw error;
    }
  }

  /** A connection outside the pool, with the limits of a session. The caller ends it. */
  async session(): Promise<pg.Client> {
    const client = new pg.Client(this.config('session'));
    outliveLoss(client);
    await client.connect();
    boundStatements(client, () => this.answerWithinMs('session'));
    askInTurn(client);
    return client;
  }

  close(): Promise<void> {
    return (this.closing ??= this.pool.end());
  }

  private async connectNow(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await this.pool.connect();
      if (this.openedAt.get(client)! > this.failedOverAt) return client;
      client.release(true);
    }
  }

  private release(client: pg.PoolClient): void {
    const broken = whyUnusable(client);
    if (broken && isFormerPrimary(broken)) this.failedOverAt = performance.now();
    client.release(broken);
  }

  private answerWithinMs(kind: WorkKind): number {
    return this.limits[kind].statementMs + (this.options.answerGraceMs ?? ANSWER_GRACE_MS);
  }

  private config(kind: WorkKind): pg.ClientConfig {
    const { url, applicationName, connectMs = CONNECT_MS } = this.options;
    return clientConfig(url, applicationName, this.limits[kind], connectMs);
  }
}

/** @internal How every connection of ours is opened. */
export function clientConfig(
  url: string,
  applicationName: string,
  limits: Limits,
  connectMs: number = CONNECT_MS,
): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: applicationName,
    types: attestTypes,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: CLIENT_KEEPALIVE_AFTER_MS,
    statement_timeout: limits.statementMs,
    lock_timeout: limits.lockMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionMs,
    options: Object.entries(SERVER_KEEPALIVE)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  };
}

/** How many connections of a pool work in the background may hold at once. The smallest pools are specs'. */
export const backgroundOf = (poolSize: number): number =>
  poolSize - (poolSize < 4 ? 0 : Math.floor(poolSize * KEPT_FOR_REQUESTS));

const settingsOf = ({ statementMs, lockMs, idleInTransactionMs }: Limits): string =>
  `; SET LOCAL statement_timeout = ${statementMs}; SET LOCAL lock_timeout = ${lockMs}` +
  `; SET LOCAL idle_in_transaction_session_timeout = ${idleInTransactionMs}`;

/** A lost connection is told by its next statement; without anybody listening its error would end the process. */
function outliveLoss(client: pg.ClientBase): void {
  client.on('error', () => undefined);
}
