import type { Database, Tx } from '@attest/persistence';
import type { DeadLetterFilter } from '../dead-letters/dead-letter-store.js';
import type { KeyOutcome, ReplayRequest } from './replay-request.js';

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

/** The oldest that nobody has finished, beside those that are known to have an owner. */
export async function unfinishedReplay(
  database: Database,
  consumer: string,
  besides: readonly string[],
): Promise<string | undefined> {
  const { rows } = await database.query<{ id: string }>(
    `SELECT id FROM dead_letter_replay
     WHERE status IN ('requested', 'running') AND consumer = $1 AND NOT (id = ANY ($2::uuid[]))
     ORDER BY requested_at LIMIT 1`,
    [consumer, `{${besides.join()}}`],
  );
  return rows[0]?.id;
}

export interface ClaimedReplay {
  readonly request: ReplayRequest;
  /** Somebody began it and did not end it. */
  readonly begun: boolean;
}

/** Under the replay's lock. Nothing when it was finished meanwhile. */
export async function claimReplay(database: Database, id: string): Promise<ClaimedReplay | undefined> {
  const { rows } = await database.query<{
    filter: DeadLetterFilter;
    dryRun: boolean;
    discard: boolean;
    ratePerSecond: number | null;
    who: string;
    why: string;
    begun: boolean;
  }>(
    `UPDATE dead_letter_replay r SET status = 'running'
     FROM (SELECT id, status FROM dead_letter_replay WHERE id = $1 FOR UPDATE) before
     WHERE r.id = before.id AND before.status IN ('requested', 'running')
     RETURNING filter, dry_run AS "dryRun", discard, rate_per_second AS "ratePerSecond", requested_by AS who, reason AS why,
               before.status = 'running' AS begun`,
    [id],
  );
  const row = rows[0];
  if (!row) return undefined;
  const { filter, ratePerSecond, begun, ...rest } = row;
  return { begun, request: { ...filter, ...rest, ratePerSecond: ratePerSecond ?? undefined } };
}

/** In the transaction that settles the key, so that whoever takes the replay up does not come to it again. */
export async function noteKey(
  tx: Pick<Tx, 'query'>,
  replayId: string,
  { topic, key, ...rest }: KeyOutcome,
): Promise<void> {
  await tx.query(
    `INSERT INTO dead_letter_replay_key (replay_id, topic, key, outcome) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [replayId, topic, key, JSON.stringify(rest)],
  );
}

export async function outcomesOf(database: Database, replayId: string): Promise<KeyOutcome[]> {
  const { rows } = await database.query<
    Pick<KeyOutcome, 'topic' | 'key'> & { outcome: Omit<KeyOutcome, 'topic' | 'key'> }
  >(`SELECT topic, key, outcome FROM dead_letter_replay_key WHERE replay_id = $1 ORDER BY seq`, [replayId]);
  return rows.map(({ topic, key, outcome }) => ({ topic, key, ...outcome }));
}

export async function finishReplay(
  database: Database,
  id: string,
  status: 'done' | 'failed',
  result: object,
): Promise<void> {
  await database.query(
    `UPDATE dead_letter_replay SET status = $2, result = $3, finished_at = now() WHERE id = $1 AND status = 'running'`,
    [id, status, JSON.stringify(result)],
  );
}
