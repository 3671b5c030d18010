import type { TopicName } from '@attest/contracts';
import { textArray, type Database, type Tx } from '@attest/persistence';
import type { Place } from './republishing.js';

export interface RepublishRequest {
  readonly topic: TopicName;
  /** Only these keys of the topic; all unless told. */
  readonly keys?: readonly string[] | undefined;
  readonly ratePerSecond?: number | undefined;
  readonly who: string;
  readonly why: string;
}

export const REPUBLISH_STATUSES = ['running', 'done', 'failed'] as const;

export interface RepublishRun {
  readonly runId: string;
  readonly topic: string;
  readonly keys: readonly string[] | null;
  readonly ratePerSecond: number;
  readonly requestedBy: string;
  readonly reason: string;
  readonly requestedAt: Date;
  readonly status: (typeof REPUBLISH_STATUSES)[number];
  /** Who tells now, or told last. */
  readonly publisher: string | null;
  /** Told so far. */
  readonly events: number;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly finishedAt: Date | null;
}

/** A run whose next page is due, locked. */
export interface DueRun {
  readonly runId: string;
  readonly topic: string;
  readonly keys: readonly string[] | null;
  readonly ratePerSecond: number;
  readonly publisher: string | null;
  readonly place: Place | null;
}

/** Gentle enough beside a month: the readers of `declarations` take several thousand a second. */
export const USUAL_RATE = 200;

const COLUMNS = `run_id AS "runId", topic, keys, rate_per_second AS "ratePerSecond", requested_by AS "requestedBy", reason,
  requested_at AS "requestedAt", status, publisher, events::float8 AS events, failure, finished_at AS "finishedAt"`;

export async function addRun(
  where: Pick<Tx, 'query'> | Pick<Database, 'query'>,
  runId: string,
  { topic, keys, ratePerSecond = USUAL_RATE, who, why }: RepublishRequest,
): Promise<RepublishRun> {
  const { rows } = await where.query<RepublishRun>(
    `INSERT INTO republish_run (run_id, topic, keys, rate_per_second, requested_by, reason)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
    [runId, topic, keys ? textArray(keys) : null, ratePerSecond, who, why],
  );
  return rows[0]!;
}

/** The newest first. */
export async function listRuns(
  database: Database,
  page: { readonly limit: number; readonly beforeId?: string | undefined },
): Promise<RepublishRun[]> {
  const { rows } = await database.query<RepublishRun>(
    `SELECT ${COLUMNS} FROM republish_run WHERE $1::uuid IS NULL OR run_id < $1 ORDER BY run_id DESC LIMIT $2`,
    [page.beforeId ?? null, page.limit],
  );
  return rows;
}

export async function findRun(database: Database, runId: string): Promise<RepublishRun | undefined> {
  const { rows } = await database.query<RepublishRun>(
    `SELECT ${COLUMNS} FROM republish_run WHERE run_id = $1`,
    [runId],
  );
  return rows[0];
}

/**
 * Locked until its page is committed: two replicas never tell the same page, and a dead one holds nothing. Only of topics
 * that this process can tell: a release that comes, or has not come yet, leaves the others to its neighbours.
 */
export async function lockDueRun(tx: Tx, topics: readonly string[]): Promise<DueRun | undefined> {
  const statement = {
    name: 'republish-due',
    text: `SELECT run_id AS "runId", topic, keys, rate_per_second AS "ratePerSecond", publisher, place FROM republish_run
           WHERE status = 'running' AND next_page_at <= now() AND topic = ANY ($1)
           ORDER BY next_page_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
  };
  const { rows } = await tx.query<DueRun>(statement, [topics]);
  return rows[0];
}

/** Where the run is after a page; without a publisher it is done. */
export async function moveRun(
  tx: Tx,
  run: DueRun,
  to: { readonly publisher: string | null; readonly place: Place | null; readonly events: number },
): Promise<void> {
  await tx.query(
    `UPDATE republish_run SET
       publisher = coalesce($2, publisher), place = $3::jsonb, events = events + $4::int,
       next_page_at = now() + make_interval(secs => $4::int::float8 / rate_per_second),
       status = CASE WHEN $2::text IS NULL THEN 'done' ELSE status END,
       finished_at = CASE WHEN $2::text IS NULL THEN now() END
     WHERE run_id = $1`,
    [run.runId, to.publisher, to.place === null ? null : JSON.stringify(to.place), to.events],
  );
}

/** Not before so many milliseconds: what kept this page from being told may pass. */
export async function delayRun(database: Database, runId: string, ms: number): Promise<void> {
  await database.query(
    `UPDATE republish_run SET next_page_at = now() + make_interval(secs => $2::float8 / 1000)
     WHERE run_id = $1 AND status = 'running'`,
    [runId, ms],
  );
}

export async function failRun(
  database: Database,
  runId: string,
  failure: { readonly code: string; readonly message: string },
): Promise<void> {
  await database.query(
    `UPDATE republish_run SET status = 'failed', failure = $2, finished_at = now() WHERE run_id = $1 AND status = 'running'`,
    [runId, JSON.stringify(failure)],
  );
}
