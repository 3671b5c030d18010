import { AsyncLocalStorage } from 'node:async_hooks';

/** What a statement is asked for. Each kind has limits of its own: see `LIMITS`. */
export type WorkKind = 'request' | 'chunk' | 'job' | 'housekeeping' | 'session' | 'migration';

export interface Limits {
  /** PostgreSQL ends a statement that runs longer. We end a COPY, whose rows it waits for without a limit. */
  readonly statementMs: number;
  /** PostgreSQL ends a statement that waits so long for a row, a table or an advisory lock. */
  readonly lockMs: number;
  /** PostgreSQL ends a session that does nothing for so long in an open transaction, which may hold locks. */
  readonly idleInTransactionMs: number;
}

const S = 1_000;
const MIN = 60 * S;

/** All limits, in one place. Decision 0028 says why they are so long. */
export const LIMITS: Readonly<Record<WorkKind, Limits>> = {
  request: { statementMs: 30 * S, lockMs: 10 * S, idleInTransactionMs: 30 * S },
  chunk: { statementMs: 60 * S, lockMs: 30 * S, idleInTransactionMs: 60 * S },
  job: { statementMs: 10 * MIN, lockMs: 60 * S, idleInTransactionMs: 10 * MIN },
  // Its DROP and DELETE would have everybody queue behind them: it gives way and comes again.
  housekeeping: { statementMs: 5 * MIN, lockMs: 0.5 * S, idleInTransactionMs: 60 * S },
  session: { statementMs: 30 * S, lockMs: 10 * S, idleInTransactionMs: 30 * S },
  migration: { statementMs: 60 * MIN, lockMs: 10 * S, idleInTransactionMs: 5 * MIN },
};

/** The answer to a statement that reached its limit needs a moment to arrive. After that nobody is there to answer. */
export const ANSWER_GRACE_MS = 5 * S;
/** For a new connection, and for a free one of the pool. */
export const CONNECT_MS = 10 * S;

/**
 * A dead client is noticed after 20 s at most: after 5 s of silence its system is asked, every 5 s, three times; what
 * was sent to it is given up after 20 s. Then its locks are free.
 */
export const SERVER_KEEPALIVE = {
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
  tcp_user_timeout: 20_000,
  // A statement that waits or works looks so often whether its client is still there.
  client_connection_check_interval: 2_000,
} as const;
/** The same from our side. Node asks every second from then on, ten times. */
export const CLIENT_KEEPALIVE_AFTER_MS = 5 * S;

export type LimitsByKind = Readonly<Partial<Record<WorkKind, Partial<Limits>>>>;

/** The table with some of it set otherwise. No wait for a lock outlasts its statement. */
export function limitsByKind(others: LimitsByKind = {}): Readonly<Record<WorkKind, Limits>> {
  const entries = Object.entries(LIMITS).map(([kind, usual]) => {
    const limits = { ...usual, ...others[kind as WorkKind] };
    return [kind, { ...limits, lockMs: Math.min(limits.lockMs, limits.statementMs) }];
  });
  return Object.fromEntries(entries) as Record<WorkKind, Limits>;
}

interface Scope {
  readonly kind: WorkKind;
  /** A connection is held already, so whoever asks for another one must not wait behind others who do the same. */
  readonly holds: boolean;
}

const USUAL: Scope = { kind: 'request', holds: false };
const scopes = new AsyncLocalStorage<Scope>();

/** Gives everything that `work` asks of a database the limits of this kind. Outside of it all is a `request`. */
export const asWork = <T>(kind: WorkKind, work: () => T): T => scopes.run({ kind, holds: false }, work);

/** @internal */
export const currentScope = (): Scope => scopes.getStore() ?? USUAL;

/** @internal */
export const holdingConnection = <T>(work: () => T): T =>
  scopes.run({ kind: currentScope().kind, holds: true }, work);
