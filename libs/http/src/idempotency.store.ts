import { createHash } from 'node:crypto';
import type { Database, Tx } from '@attest/persistence';
import { IdempotencyKeyInUseError } from './http.errors.js';

export interface KeyOfRequest {
  readonly caller: string;
  readonly route: string;
  readonly key: string;
}

/** What was answered, as it is kept and given again. */
export interface KeptAnswer {
  readonly requestHash: Buffer;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; null when the answer had no body. */
  readonly body: string | null;
}

interface KeyRow {
  readonly request_hash: Buffer;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

/** Keys, their requests and answers, in the service's own database. */
export class IdempotencyStore {
  constructor(private readonly database: Database) {}

  /**
   * The statement that makes a key the transaction's own, told as `free`. The lock ends with its transaction, so also
   * with the process that held it.
   */
  lockOf({ caller, route, key }: KeyOfRequest): string {
    const number = createHash('sha256')
      .update(JSON.stringify([caller, route, key]))
      .digest()
      .readBigInt64BE();
    return `SELECT pg_try_advisory_xact_lock(${number}) AS free`;
  }

  async find(
    { caller, route, key }: KeyOfRequest,
    reader: Pick<Tx, 'query'> = this.database,
  ): Promise<KeptAnswer | undefined> {
    const { rows } = await reader.query<KeyRow>(
      {
        name: 'idempotency-find',
        text: `SELECT request_hash, status, headers, body FROM idempotency_key
               WHERE caller = $1 AND route = $2 AND key = $3 AND status IS NOT NULL`,
      },
      [caller, route, key],
    );
    const row = rows[0];
    return row && { requestHash: row.request_hash, status: row.status, headers: row.headers, body: row.body };
  }

  /**
   * In the transaction of what is answered. A row without an answer is of a release that claimed keys by rows.
   * @throws IdempotencyKeyInUseError where another answer stands there, so that nothing of this one is committed
   */
  async keep(tx: Tx, { caller, route, key }: KeyOfRequest, answer: KeptAnswer): Promise<void> {
    const { rowCount } = await tx.query(
      {
        name: 'idempotency-keep',
        text: `INSERT INTO idempotency_key AS k (caller, route, key, request_hash, status, headers, body)
               VALUES ($1, $2, $3, $4, $5, $6, $7)
               ON CONFLICT (caller, route, key) DO UPDATE
                 SET request_hash = excluded.request_hash, status = excluded.status, headers = excluded.headers,
                     body = excluded.body
                 WHERE k.status IS NULL`,
      },
      [caller, route, key, answer.requestHash, answer.status, JSON.stringify(answer.headers), answer.body],
    );
    if (rowCount === 0) throw new IdempotencyKeyInUseError();
  }

  /** @returns how many were forgotten */
  async forgetOlderThan(days: number): Promise<number> {
    const { rowCount } = await this.database.query(
      `DELETE FROM idempotency_key WHERE started_at < now() - $1 * interval '1 day'`,
      [days],
    );
    return rowCount;
  }
}
