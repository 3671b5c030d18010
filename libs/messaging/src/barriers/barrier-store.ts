import type { BarrierRouteName } from '@attest/contracts';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import type { Barrier, BarrierLack } from '../listeners.js';
import type { SeenRecord } from './barrier-records.js';

export interface StoredBarrier extends Barrier {
  readonly status: 'waiting' | 'passed' | 'aborted';
}

export interface BarrierFacts {
  readonly barrierId: string;
  readonly route: BarrierRouteName;
  readonly requestedBy: string;
  readonly expiresAt: string;
  readonly requestedAt?: string | undefined;
}

const COLUMNS = `barrier_id AS "barrierId", route, requested_by AS "requestedBy", requested_at AS "requestedAt",
                 expires_at AS "expiresAt", snapshot, status`;

/** Locks a barrier's row, making it first if a control record was faster than the request. */
export async function lockBarrier(tx: Tx, facts: BarrierFacts): Promise<StoredBarrier> {
  await tx.query(
    {
      name: 'barrier-learn',
      text: `INSERT INTO barrier (barrier_id, route, requested_by, requested_at, expires_at)
             VALUES ($1, $2, $3, coalesce($4::timestamptz, now()), $5) ON CONFLICT (barrier_id) DO NOTHING`,
    },
    [facts.barrierId, facts.route, facts.requestedBy, facts.requestedAt ?? null, facts.expiresAt],
  );
  return (await lockKnownBarrier(tx, facts.barrierId))!;
}

export async function lockKnownBarrier(tx: Tx, barrierId: string): Promise<StoredBarrier | undefined> {
  const { rows } = await tx.query<StoredBarrier>(
    { name: 'barrier-lock', text: `SELECT ${COLUMNS} FROM barrier WHERE barrier_id = $1 FOR UPDATE` },
    [barrierId],
  );
  return rows[0];
}

/** Notes control records and answers all that this service has seen, as `topic/shard`. Under the barrier's lock. */
export async function noteRecords(tx: Tx, barrierId: string, records: readonly SeenRecord[]): Promise<void> {
  await tx.query(
    {
      name: 'barrier-note',
      text: `INSERT INTO barrier_shard (barrier_id, topic, shard, partition, "offset")
             SELECT $1, * FROM unnest($2::text[], $3::smallint[], $4::int[], $5::bigint[]) ON CONFLICT DO NOTHING`,
    },
    [
      barrierId,
      textArray(records.map((record) => record.topic)),
      plainArray(records.map((record) => record.shard)),
      plainArray(records.map((record) => record.partition)),
      plainArray(records.map((record) => record.offset)),
    ],
  );
}

export async function seenRecords(tx: Tx, barrierId: string): Promise<Set<string>> {
  const { rows } = await tx.query<{ seen: string }>(
    {
      name: 'barrier-seen',
      text: `SELECT topic || '/' || shard AS seen FROM barrier_shard WHERE barrier_id = $1`,
    },
    [barrierId],
  );
  return new Set(rows.map((row) => row.seen));
}

/** Marks it passed here, with the snapshot that says what was committed before. */
export async function markPassed(tx: Tx, barrierId: string): Promise<string> {
  const { rows } = await tx.query<{ snapshot: string }>(
    `UPDATE barrier SET status = 'passed', passed_at = now(), snapshot = pg_current_snapshot()::text
     WHERE barrier_id = $1 RETURNING snapshot`,
    [barrierId],
  );
  return rows[0]!.snapshot;
}

export async function markAborted(
  tx: Tx,
  barrierId: string,
  words: string,
  lacking: readonly BarrierLack[],
): Promise<void> {
  await tx.query(
    `UPDATE barrier SET status = 'aborted', aborted_at = now(), words = $2, lacking = $3 WHERE barrier_id = $1`,
    [barrierId, words, JSON.stringify(lacking)],
  );
}

export async function noteServicePassed(tx: Tx, barrierId: string, service: string): Promise<void> {
  await tx.query(
    `INSERT INTO barrier_service (barrier_id, service, passed_at) SELECT $1, $2, now()
     WHERE EXISTS (SELECT FROM barrier WHERE barrier_id = $1)
     ON CONFLICT (barrier_id, service) DO UPDATE SET passed_at = coalesce(barrier_service.passed_at, now())`,
    [barrierId, service],
  );
}

export async function noteServiceLacks(
  tx: Tx,
  barrierId: string,
  service: string,
  lacking: readonly BarrierLack[],
): Promise<void> {
  await tx.query(
    `INSERT INTO barrier_service (barrier_id, service, lacking) SELECT $1, $2, $3
     WHERE EXISTS (SELECT FROM barrier WHERE barrier_id = $1)
     ON CONFLICT (barrier_id, service) DO UPDATE SET lacking = excluded.lacking`,
    [barrierId, service, JSON.stringify(lacking)],
  );
}

export async function progressOf(
  tx: Tx,
  barrierId: string,
): Promise<{ passed: Set<string>; reports: Map<string, readonly BarrierLack[]> }> {
  const { rows } = await tx.query<{ service: string; passed: boolean; lacking: BarrierLack[] | null }>(
    `SELECT service, passed_at IS NOT NULL AS passed, lacking FROM barrier_service WHERE barrier_id = $1`,
    [barrierId],
  );
  return {
    passed: new Set(rows.filter((row) => row.passed).map((row) => row.service)),
    reports: new Map(rows.flatMap((row) => (row.lacking ? [[row.service, row.lacking] as const] : []))),
  };
}

export interface DueBarrier {
  readonly barrierId: string;
  /** Its time is over, the requester's grace too; otherwise its passing failed and is tried again. */
  readonly isOver: boolean;
}

/** Waiting barriers whose time is over, or with which something failed a while ago. */
export async function dueBarriers(
  database: Pick<Tx, 'query'>,
  service: string,
  requesterGraceMs: number,
): Promise<DueBarrier[]> {
  const { rows } = await database.query<DueBarrier>(
    `SELECT barrier_id AS "barrierId", over_at < now() AS "isOver"
     FROM barrier, LATERAL (SELECT expires_at + CASE WHEN requested_by = $1 THEN make_interval(secs => $2 / 1000.0)
                                                    ELSE interval '0' END AS over_at) o
     WHERE status = 'waiting' AND coalesce(retry_at, over_at) < now() ORDER BY barrier_id`,
    [service, requesterGraceMs],
  );
  return rows;
}

/** It is tried again after 1, 2, 4 … 60 seconds, and in any case when its time is over. */
export async function tryAgainLater(tx: Pick<Tx, 'query'>, barrierId: string): Promise<void> {
  await tx.query(
    `UPDATE barrier SET failures = failures + 1,
            retry_at = CASE WHEN expires_at > now() THEN least(expires_at, now() + wait) ELSE now() + wait END
     FROM (SELECT make_interval(secs => least(60, 2 ^ least(failures, 6))) AS wait FROM barrier WHERE barrier_id = $1) w
     WHERE barrier_id = $1 AND status = 'waiting'`,
    [barrierId],
  );
}

/** Nothing is left to try before its time is over. */
export async function waitForItsTime(tx: Tx, barrierId: string): Promise<void> {
  await tx.query(`UPDATE barrier SET retry_at = NULL WHERE barrier_id = $1`, [barrierId]);
}
