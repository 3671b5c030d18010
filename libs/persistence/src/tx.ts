import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import { answered } from './bounded-client.js';
import { copyRows, type CopyRow } from './copy-in.js';

export type Statement = string | { readonly name: string; readonly text: string };
export interface Rows<Row> {
  readonly rows: Row[];
  readonly rowCount: number;
}

/** One transaction on one connection. Statements run one after the other; don't start two at once. */
export interface Tx {
  /** Give a statement that repeats a name: it is then prepared once per connection. */
  query<Row = Record<string, unknown>>(text: Statement, values?: readonly unknown[]): Promise<Rows<Row>>;
  /** Rolls back to where it began when `work` throws, and rethrows. */
  savepoint<T>(work: () => Promise<T>): Promise<T>;
  /** Runs once after COMMIT succeeded; lost with a crash, so only for what somebody else also polls. */
  afterCommit(action: () => void): void;
  /** Text COPY of rows into a table; returns how many. Values are encoded by their JavaScript type, see README. */
  copyIn(
    table: string,
    columns: readonly string[],
    rows: Iterable<CopyRow> | AsyncIterable<CopyRow>,
  ): Promise<number>;
  readonly client: PoolClient;
}

/** @internal Made by Database.transaction alone. */
export class OpenTransaction implements Tx {
  private savepoints = 0;
  private actions: (() => void)[] = [];

  constructor(
    readonly client: PoolClient,
    private readonly answerWithinMs: number,
  ) {}

  query<Row>(statement: Statement, values?: readonly unknown[]): Promise<Rows<Row>> {
    return runStatement<Row>(this.client, statement, values);
  }

  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    const name = `s${++this.savepoints}`;
    const actionsBefore = this.actions.length;
    await this.client.query(`SAVEPOINT ${name}`);
    try {
      const result = await work();
      await this.client.query(`RELEASE SAVEPOINT ${name}`);
      return result;
    } catch (error) {
      // What is rolled back must not wake anybody afterwards.
      this.actions.length = actionsBefore;
      await this.client.query(`ROLLBACK TO SAVEPOINT ${name}; RELEASE SAVEPOINT ${name}`);
      throw error;
    }
  }

  /** @internal To a savepoint that stays, forgetting what should have followed the commit. */
  async backTo(savepoint: string): Promise<void> {
    this.actions.length = 0;
    await this.client.query(`ROLLBACK TO SAVEPOINT ${savepoint}`);
  }

  afterCommit(action: () => void): void {
    this.actions.push(action);
  }

  copyIn(
    table: string,
    columns: readonly string[],
    rows: Iterable<CopyRow> | AsyncIterable<CopyRow>,
  ): Promise<number> {
    return answered(this.client, this.answerWithinMs, () => copyRows(this.client, table, columns, rows));
  }

  /** @internal */
  runAfterCommit(): void {
    for (const action of this.actions) action();
  }
}

/** @internal */
export async function runStatement<Row>(
  client: { query(config: object): Promise<QueryResult<QueryResultRow>> },
  statement: Statement,
  values?: readonly unknown[],
): Promise<Rows<Row>> {
  const config =
    typeof statement === 'string' ? { text: statement } : { name: statement.name, text: statement.text };
  const result = await client.query(values ? { ...config, values: values as unknown[] } : config);
  return { rows: result.rows as Row[], rowCount: result.rowCount ?? 0 };
}
