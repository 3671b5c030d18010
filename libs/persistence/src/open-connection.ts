import type pg from 'pg';
import type { PoolClient, QueryResult } from 'pg';
import { TransactionRolledBackError } from './persistence.errors.js';
import { OpenTransaction } from './tx.js';

/** A connection of the pool in a transaction, until that is committed or rolled back. */
export class OpenConnection {
  readonly tx: OpenTransaction;
  private broken: Error | undefined;
  // A connection lost while its user is busy elsewhere must not end the process; the next statement tells.
  private readonly onError = (error: Error): void => void (this.broken = error);

  private constructor(private readonly client: PoolClient) {
    this.tx = new OpenTransaction(client);
    client.on('error', this.onError);
  }

  /** @param sql begins with BEGIN; what follows in it costs no round trip of its own */
  static async begin(
    pool: pg.Pool,
    sql: string,
  ): Promise<{ connection: OpenConnection; results: QueryResult[] }> {
    const connection = new OpenConnection(await pool.connect());
    try {
      const results: QueryResult | QueryResult[] = await connection.client.query(sql);
      return { connection, results: Array.isArray(results) ? results : [results] };
    } catch (error) {
      await connection.rollback();
      throw error;
    }
  }

  /** Gives the connection back. Where it throws, roll back. What waits for the commit is run by the caller. */
  async commit(): Promise<void> {
    const commit = await this.client.query('COMMIT');
    if (commit.command !== 'COMMIT') throw new TransactionRolledBackError();
    this.release();
  }

  async rollback(): Promise<void> {
    await this.client.query('ROLLBACK').catch((failure: Error) => (this.broken ??= failure));
    this.release();
  }

  private release(): void {
    this.client.off('error', this.onError);
    this.client.release(this.broken);
  }
}
