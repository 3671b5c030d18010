import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { isRetryableTransaction } from './passing-failures.js';
import { TransactionRolledBackError } from './persistence.errors.js';
import { OpenTransaction, runStatement, type Rows, type Statement, type Tx } from './tx.js';
import { attestTypes } from './type-parsers.js';

export interface DatabaseOptions {
  readonly url: string;
  /** Most connections at once; others wait their turn. */
  readonly poolSize: number;
  /** Seen in pg_stat_activity. */
  readonly applicationName: string;
}

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read';
  readonly readOnly?: boolean;
}

/** A process that hangs in a transaction, holding a partition's fence or an aggregate, loses it after this. */
const IDLE_IN_TRANSACTION_MS = 120_000;
const ATTEMPTS = 5;
const FIRST_RETRY_MS = 10;

/** One service's PostgreSQL database. */
export class Database {
  private readonly pool: pg.Pool;
  private closing: Promise<void> | undefined;

  constructor(private readonly options: DatabaseOptions) {
    this.pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolSize,
      application_name: options.applicationName,
      types: attestTypes,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: 30_000,
      keepAlive: true,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    });
    // An idle connection that the server drops would otherwise end the process; the next query opens another.
    this.pool.on('error', () => undefined);
    // Nor does the pool listen while it hands a connection on, and a server that dies may say so in the very packet
    // that frees it.
    this.pool.on('connect', outliveLoss);
  }

  get poolSize(): number {
    return this.options.poolSize;
  }

  /** One statement outside a transaction; for reads. */
  query<Row = Record<string, unknown>>(
    statement: Statement,
    values?: readonly unknown[],
  ): Promise<Rows<Row>> {
    return runStatement<Row>(this.pool as unknown as Parameters<typeof runStatement>[0], statement, values);
  }

  /**
   * Runs `work` in one transaction and commits. It is run again from its start, at most 5 times, when PostgreSQL
   * answers 40001 or 40P01; so `work` must not change anything outside the transaction.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work, options);
      } catch (error) {
        if (attempt >= ATTEMPTS || !isRetryableTransaction(error)) throw error;
        // Jitter, or two that deadlocked meet again.
        await pause(FIRST_RETRY_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
      }
    }
  }

  private async once<T>(work: (tx: Tx) => Promise<T>, options: TransactionOptions): Promise<T> {
    const client = await this.pool.connect();
    const tx = new OpenTransaction(client);
    let broken: Error | undefined;
    // A connection lost while `work` is busy elsewhere must not end the process; the next statement tells.
    const onError = (error: Error): void => void (broken = error);
    client.on('error', onError);
    let result: T;
    try {
      await client.query(begin(options));
      result = await work(tx);
      const commit = await client.query('COMMIT');
      if (commit.command !== 'COMMIT') throw new TransactionRolledBackError();
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => (broken ??= failure));
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
    tx.runAfterCommit();
    return result;
  }

  /** A connection of one's own, outside the pool, for session locks and LISTEN. The caller ends it. */
  async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.options.url,
      application_name: this.options.applicationName,
      types: attestTypes,
      keepAlive: true,
    });
    outliveLoss(client);
    await client.connect();
    return client;
  }

  close(): Promise<void> {
    return (this.closing ??= this.pool.end());
  }
}

/** A lost connection is told by its next statement; without anybody listening its error would end the process. */
function outliveLoss(client: pg.ClientBase): void {
  client.on('error', () => undefined);
}

function begin({ isolation, readOnly }: TransactionOptions): string {
  if (!isolation && !readOnly) return 'BEGIN';
  return `BEGIN${isolation ? ` ISOLATION LEVEL ${isolation.toUpperCase()}` : ''}${readOnly ? ' READ ONLY' : ''}`;
}
