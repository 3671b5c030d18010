import type { Database } from '@attest/persistence';

export interface KeyOfRequest {
  readonly caller: string;
  readonly route: string;
  readonly key: string;
}

/** What was answered, as it is kept and given again. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; null when the answer had no body. */
  readonly body: string | null;
}

export type Claim =
  | { readonly outcome: 'ours'; readonly attempt: number }
  | { readonly outcome: 'in use' }
  | { readonly outcome: 'answered'; readonly requestHash: Buffer; readonly answer: KeptAnswer }
  | { readonly outcome: 'other request' };

interface KeyRow {
  readonly request_hash: Buffer | null;
  readonly status: number | null;
  readonly headers: Record<string, string> | null;
  readonly body: string | null;
}

/** Keys, their requests and answers, in the service's own database. */
export class IdempotencyStore {
  constructor(
    private readonly database: Database,
    /** A started request that was not renewed for so long belongs to a process that died. */
    private readonly takeOverAfterMs = 60_000,
  ) {}

  /** @param requestHash null for a file, which is hashed as it is read */
  async claim({ caller, route, key }: KeyOfRequest, requestHash: Buffer | null): Promise<Claim> {
    const claimed = await this.database.query<{ attempt: number }>(
      {
        name: 'idempotency-claim',
        text: `INSERT INTO idempotency_key AS k (caller, route, key, request_hash) VALUES ($1, $2, $3, $4)
               ON CONFLICT (caller, route, key) DO UPDATE
                 SET attempt = k.attempt + 1, alive_at = now(), request_hash = excluded.request_hash
                 WHERE k.status IS NULL AND k.alive_at < now() - $5 * interval '1 ms'
                   AND k.request_hash IS NOT DISTINCT FROM excluded.request_hash
               RETURNING attempt`,
      },
      [caller, route, key, requestHash, this.takeOverAfterMs],
    );
    const ours = claimed.rows[0];
    if (ours) return { outcome: 'ours', attempt: ours.attempt };
    const { rows } = await this.database.query<KeyRow>(
      `SELECT request_hash, status, headers, body FROM idempotency_key WHERE caller = $1 AND route = $2 AND key = $3`,
      [caller, route, key],
    );
    const known = rows[0];
    // Given up between the two statements: its request failed, and a repeat will find the key free.
    if (!known) return { outcome: 'in use' };
    if (requestHash && known.request_hash && !known.request_hash.equals(requestHash))
      return { outcome: 'other request' };
    if (known.status === null || !known.request_hash) return { outcome: 'in use' };
    return {
      outcome: 'answered',
      requestHash: known.request_hash,
      answer: { status: known.status, headers: known.headers ?? {}, body: known.body },
    };
  }

  async keep(
    { caller, route, key }: KeyOfRequest,
    attempt: number,
    requestHash: Buffer,
    answer: KeptAnswer,
  ): Promise<void> {
    await this.database.query(
      {
        name: 'idempotency-keep',
        text: `UPDATE idempotency_key SET request_hash = $5, status = $6, headers = $7, body = $8
               WHERE caller = $1 AND route = $2 AND key = $3 AND attempt = $4`,
      },
      [caller, route, key, attempt, requestHash, answer.status, JSON.stringify(answer.headers), answer.body],
    );
  }

  /** The request failed without an answer worth keeping; a repeat starts afresh. */
  async giveUp({ caller, route, key }: KeyOfRequest, attempt: number): Promise<void> {
    await this.database.query(
      `DELETE FROM idempotency_key WHERE caller = $1 AND route = $2 AND key = $3 AND attempt = $4 AND status IS NULL`,
      [caller, route, key, attempt],
    );
  }

  async renew({ caller, route, key }: KeyOfRequest, attempt: number): Promise<void> {
    await this.database.query(
      `UPDATE idempotency_key SET alive_at = now() WHERE caller = $1 AND route = $2 AND key = $3 AND attempt = $4`,
      [caller, route, key, attempt],
    );
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
