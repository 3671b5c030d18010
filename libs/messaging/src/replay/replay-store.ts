import type { Database } from '@attest/persistence';
import type { DeadLetterFilter } from '../dead-letters/dead-letter-store.js';
import type { ReplayRequest } from './replay-request.js';

export async function recordReplay(
  database: Database,
  consumer: string,
  id: string,
  request: ReplayRequest,
  status: 'requested' | 'running',
): Promise<void> {
  const { topic, key, deadLetterId, eventId } = request;
  await database.query(
    `INSERT INTO dead_letter_replay (id, consumer, filter, dry_run, discard, rate_per_second, requested_by, reason, status)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      id,
      consumer,
      JSON.stringify({ topic, key, deadLetterId, eventId }),
      request.dryRun ?? false,
      request.discard ?? false,
      request.ratePerSecond ?? null,
      request.who,
      request.why,
      status,
    ],
  );
}

export async function claimReplay(
  database: Database,
  consumer: string,
): Promise<{ id: string; request: ReplayRequest } | undefined> {
  const { rows } = await database.query<{
    id: string;
    filter: DeadLetterFilter;
    dryRun: boolean;
    discard: boolean;
    ratePerSecond: number | null;
    who: string;
    why: string;
  }>(
    `UPDATE dead_letter_replay SET status = 'running' WHERE id = (
       SELECT id FROM dead_letter_replay WHERE status = 'requested' AND consumer = $1
       ORDER BY requested_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING id, filter, dry_run AS "dryRun", discard, rate_per_second AS "ratePerSecond", requested_by AS who, reason AS why`,
    [consumer],
  );
  const row = rows[0];
  if (!row) return undefined;
  const { id, filter, ratePerSecond, ...rest } = row;
  return { id, request: { ...filter, ...rest, ratePerSecond: ratePerSecond ?? undefined } };
}

export async function finishReplay(
  database: Database,
  id: string,
  status: 'done' | 'failed',
  result: object,
): Promise<void> {
  await database.query(
    `UPDATE dead_letter_replay SET status = $2, result = $3, finished_at = now() WHERE id = $1`,
    [id, status, JSON.stringify(result)],
  );
}
