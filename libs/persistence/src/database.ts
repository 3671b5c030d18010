import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import { Connections, type ConnectionOptions, type TakenConnection } from './connections.js';
import { OpenConnection } from './open-connection.js';
import { withRetries } from './retries.js';
import { runStatement, type Rows, type Statement, type Tx } from './tx.js';
import { UnitOfWork, type UnitOptions } from './unit-of-work.js';
import { holdingConnection } from './work-kinds.js';

export type DatabaseOptions = ConnectionOptions;

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read';
  readonly readOnly?: boolean;
}

/** One service's PostgreSQL database. */
export class Database {
  private readonly connections: Connections;
  private readonly units = new AsyncLocalStorage<UnitOfWork>();

  constructor(private readonly options: DatabaseOptions) {
    this.connections = new Connections(options);
  }

  get poolSize(): number {
    return this.options.poolSize;
  }

  /**
   * One statement outside a transaction; for reads. Inside a unit of work that has begun it is part of it. In `asWork`
   * of another kind than `request` it is a transaction of its own, which carries that kind's limits.
   */
  async query<Row = Record<string, unknown>>(
    statement: Statement,
    values?: readonly unknown[],
  ): Promise<Rows<Row>> {
    const unit = this.units.getStore();
    if (unit?.isOpen) return unit.query<Row>(statement, values);
    const taken = await this.connections.take();
    if (taken.settings === '') {
      return runStatement<Row>(taken.client, statement, values).finally(() => taken.release());
    }
    return this.onTaken(taken, (tx) => tx.query<Row>(statement, values), {});
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
    return this.onTaken(await this.connections.take(), work, options);
  }

  private async onTaken<T>(
    taken: TakenConnection,
    work: (tx: Tx) => Promise<T>,
    options: TransactionOptions,
  ): Promise<T> {
    const { connection } = await OpenConnection.begin(taken, begin(options));
    let result: T;
    try {
      result = await (taken.settings === ''
        ? work(connection.tx)
        : holdingConnection(() => work(connection.tx)));
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
    return new UnitOfWork(async (sql) => OpenConnection.begin(await this.connections.take(), sql), options);
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
  connect(): Promise<pg.Client> {
    return this.connections.session();
  }

  close(): Promise<void> {
    return this.connections.close();
  }
}

function begin({ isolation, readOnly }: TransactionOptions): string {
  if (!isolation && !readOnly) return 'BEGIN';
  return `BEGIN${isolation ? ` ISOLATION LEVEL ${isolation.toUpperCase()}` : ''}${readOnly ? ' READ ONLY' : ''}`;
}
