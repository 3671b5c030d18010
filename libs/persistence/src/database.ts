import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { OpenConnection } from './open-connection.js';
import { withRetries } from './retries.js';
import { runStatement, type Rows, type Statement, type Tx } from './tx.js';
import { attestTypes } from './type-parsers.js';
import { UnitOfWork, type UnitOptions } from './unit-of-work.js';

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
/** So a statement of a process that died gives its locks back although it waits for somebody itself. */
const LOOK_FOR_THE_CLIENT_MS = 2_000;

/** One service's PostgreSQL database. */
export class Database {
  private readonly pool: pg.Pool;
  private readonly units = new AsyncLocalStorage<UnitOfWork>();
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
      options: `-c client_connection_check_interval=${LOOK_FOR_THE_CLIENT_MS}`,
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

  /** One statement outside a transaction; for reads. Inside a unit of work that has begun it is part of it. */
  query<Row = Record<string, unknown>>(
    statement: Statement,
    values?: readonly unknown[],
  ): Promise<Rows<Row>> {
    const unit = this.units.getStore();
    if (unit?.isOpen) return unit.query<Row>(statement, values);
    return runStatement<Row>(this.pool as unknown as Parameters<typeof runStatement>[0], statement, values);
  }

  /**
   * Runs `work` in one transaction and commits. It is run again from its start, at most 5 times, when PostgreSQL
   * answers 40001 or 40P01; so `work` must not change anything outside the transaction. Inside a unit of work it
   * joins that and stands with it; with options of its own it stays by itself.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const unit = this.units.getStore();
    if (unit && !unit.hasEnded && !options.isolation && !options.readOnly) return unit.transaction(work);
    return withRetries(() => this.once(work, options));
  }

  private async once<T>(work: (tx: Tx) => Promise<T>, options: TransactionOptions): Promise<T> {
    const { connection } = await OpenConnection.begin(this.pool, begin(options));
    let result: T;
    try {
      result = await work(connection.tx);
      await connection.commit();
    } catch (error) {
      await connection.rollback();
      throw error;
    }
    connection.tx.runAfterCommit();
    return result;
  }

  /** Not yet begun: see `within`. End it by `commit` or `abandon`. */
  unit(options: UnitOptions): UnitOfWork {
    return new UnitOfWork((sql) => OpenConnection.begin(this.pool, sql), options);
  }

  /** Runs `work` so that all its transactions, and its statements once the unit has begun, join the unit. */
  within<T>(unit: UnitOfWork, work: () => Promise<T>): Promise<T> {
    return this.units.run(unit, work);
  }

  /** What shall stand although the work is refused: in the unit's own transaction, or now where there is no unit. */
  async whenRefused(work: (tx: Tx) => Promise<void>): Promise<void> {
    const unit = this.units.getStore();
    if (unit && !unit.hasEnded) unit.whenRefused(work);
    else await this.transaction(work);
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
