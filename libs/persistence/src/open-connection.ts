import type { QueryResult } from 'pg';
import type { TakenConnection } from './connections.js';
import { TransactionRolledBackError } from './persistence.errors.js';
import { OpenTransaction } from './tx.js';

/** A connection of the pool in a transaction, until that is committed or rolled back. */
export class OpenConnection {
  readonly tx: OpenTransaction;

  private constructor(private readonly taken: TakenConnection) {
    this.tx = new OpenTransaction(taken.client, taken.answerWithinMs);
  }

  /** @param sql begins with BEGIN; what follows in it costs no round trip of its own */
  static async begin(
    taken: TakenConnection,
    sql: string,
  ): Promise<{ connection: OpenConnection; results: QueryResult[] }> {
    const connection = new OpenConnection(taken);
    try {
      const results: QueryResult | QueryResult[] = await taken.client.query(`${sql}${taken.settings}`);
      return { connection, results: Array.isArray(results) ? results : [results] };
    } catch (error) {
      await connection.rollback();
      throw error;
    }
  }

  /** Gives the connection back. Where it throws, roll back. What waits for the commit is run by the caller. */
  async commit(): Promise<void> {
    const commit = await this.taken.client.query('COMMIT');
    if (commit.command !== 'COMMIT') throw new TransactionRolledBackError();
    this.taken.release();
  }

  async rollback(): Promise<void> {
    await this.taken.client.query('ROLLBACK').catch((failure: Error) => this.taken.spoil(failure));
    this.taken.release();
  }
}
