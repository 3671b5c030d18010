import type { QueryResult } from 'pg';
import type { OpenConnection } from './open-connection.js';
import { UnitEndedError } from './persistence.errors.js';
import { withRetries } from './retries.js';
import type { OpenTransaction, Rows, Statement, Tx } from './tx.js';

/** Set in the statement that opens the unit, so that it costs no round trip of its own. */
const BEGINNING = 'unit_of_work';
const BEGIN = `SAVEPOINT ${BEGINNING}`;

export interface UnitOptions {
  /** One statement that locks the unit until it ends, also by the death of its process. */
  readonly lock: string;
  /** Told what `lock` answered; throws where the unit shall not begin. */
  readonly opened: (tx: Tx, answer: QueryResult) => Promise<void>;
}

/**
 * What one piece of work does in several transactions and statements, as one transaction: they join it, and nothing
 * stands before it is committed. Made by `Database.unit`, joined inside `Database.within`.
 */
export class UnitOfWork {
  private connection: OpenConnection | undefined;
  private opening: Promise<OpenTransaction> | undefined;
  private ended = false;
  /** Something was done since the beginning that a later failure must not take with it. */
  private touched = false;
  private readonly refusals: ((tx: Tx) => Promise<void>)[] = [];
  private turn: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(
    private readonly begin: (sql: string) => Promise<{ connection: OpenConnection; results: QueryResult[] }>,
    private readonly options: UnitOptions,
  ) {}

  /** Whether statements join it. Whatever outlives the unit goes its own way again. */
  get isOpen(): boolean {
    return this.connection !== undefined && !this.ended;
  }

  get hasEnded(): boolean {
    return this.ended;
  }

  /** Its transaction, which begins with the first who asks for it. */
  open(): Promise<OpenTransaction> {
    return (this.opening ??= this.openNow());
  }

  private async openNow(): Promise<OpenTransaction> {
    if (this.ended) throw new UnitEndedError();
    const { connection, results } = await this.begin(`BEGIN; ${this.options.lock}; ${BEGIN}`);
    try {
      await this.options.opened(connection.tx, results[1]!);
      // Who abandoned it meanwhile saw no connection, so nobody else gives this one back.
      if (this.ended) throw new UnitEndedError();
    } catch (error) {
      this.opening = undefined;
      await connection.rollback();
      throw error;
    }
    this.connection = connection;
    return connection.tx;
  }

  /** @internal One after the other, as the connection can: a handler may ask for several things at once. */
  query<Row>(statement: Statement, values?: readonly unknown[]): Promise<Rows<Row>> {
    if (!/^\s*select\b/i.test(typeof statement === 'string' ? statement : statement.text))
      this.touched = true;
    const run = async (): Promise<Rows<Row>> => (await this.open()).query<Row>(statement, values);
    const result = this.turn.then(run, run);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /**
   * @internal Leaves nothing behind where it fails, and is run again as a transaction of its own would be. The first
   * one goes back to the unit's own savepoint, so that the usual request pays for no other. So a handler does not
   * start two at once: the first one's failure would take with it what the second did.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return withRetries(async () => {
      const tx = await this.open();
      if (this.touched) return tx.savepoint(() => work(tx));
      this.touched = true;
      try {
        return await work(tx);
      } catch (error) {
        await this.backToBeginning().catch(() => undefined);
        throw error;
      }
    });
  }

  /** @internal What stands although the work is refused, such as the receipt of the refusal. */
  whenRefused(work: (tx: Tx) => Promise<void>): void {
    this.refusals.push(work);
  }

  /**
   * The work was refused: what it did is undone, what was put down for that case is done.
   * @returns whether there was any
   */
  async refuse(): Promise<boolean> {
    if (this.connection) await this.backToBeginning();
    for (const work of this.refusals) await work(await this.open());
    return this.refusals.length > 0;
  }

  async commit(): Promise<void> {
    const connection = this.connection!;
    await connection.commit();
    this.ended = true;
    connection.tx.runAfterCommit();
  }

  /** Undoes everything that is not committed. */
  async abandon(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    await this.connection?.rollback();
  }

  private async backToBeginning(): Promise<void> {
    await this.connection!.tx.backTo(BEGINNING);
    this.touched = false;
  }
}
