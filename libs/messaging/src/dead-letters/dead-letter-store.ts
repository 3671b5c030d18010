import type { TopicName } from '@attest/contracts';
import type { Database, Tx } from '@attest/persistence';
import { bytesOfText } from '../wire/envelope.js';
import { EVERY_KEY } from './blocked-keys.js';
import type { LogRecord } from '../wire/log-record.js';
import type { FailureWords } from './burial.js';

export interface DeadLetterPage {
  /** With one more than a page shows, to see whether there is a next. */
  readonly limit: number;
  /** The last id of the page before; ids ascend in time. */
  readonly afterId?: string | undefined;
  readonly status?: DeadLetter['status'] | undefined;
}

export interface DeadLetter {
  readonly id: string;
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  readonly eventId: string | null;
  readonly type: string | null;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly status: 'dead' | 'replayed' | 'discarded';
  /** Later events of the key that wait behind it. */
  readonly parkedBehind: number;
}

export async function listDeadLetters(database: Database, page: DeadLetterPage): Promise<DeadLetter[]> {
  const { rows } = await database.query<DeadLetter>(
    `SELECT d.id, d.topic, d.partition, d."offset", d.key, d.event_id AS "eventId", d.type, d.error_code AS "errorCode",
            d.error_message AS "errorMessage", d.attempts, d.first_failed_at AS "firstFailedAt", d.status,
            CASE WHEN d.status = 'dead' THEN
              (SELECT count(*)::int FROM parked_event p WHERE p.consumer = d.consumer AND p.topic = d.topic AND p.key = d.key)
            ELSE 0 END AS "parkedBehind"
     FROM dead_letter d
     WHERE ($1::uuid IS NULL OR d.id > $1) AND ($2::text IS NULL OR d.status = $2)
     ORDER BY d.id LIMIT $3`,
    [page.afterId ?? null, page.status ?? null, page.limit],
  );
  return rows;
}

/** Which dead letters somebody means; all unless told. */
export interface DeadLetterFilter {
  readonly topic?: TopicName | undefined;
  readonly key?: string | undefined;
  readonly deadLetterId?: string | undefined;
  readonly eventId?: string | undefined;
}

/** The dead letters `d` that were there when the replay was asked for and that its filter names. */
const NAMED = `d.status = 'dead' AND d.first_failed_at <= r.requested_at
  AND (r.filter->>'topic' IS NULL OR d.topic = r.filter->>'topic')
  AND (r.filter->>'key' IS NULL OR d.key = r.filter->>'key')
  AND (r.filter->>'deadLetterId' IS NULL OR d.id = (r.filter->>'deadLetterId')::uuid)
  AND (r.filter->>'eventId' IS NULL OR d.event_id = (r.filter->>'eventId')::uuid)`;

export interface NamedKey {
  readonly topic: TopicName;
  readonly key: string;
}

/** The keys of the dead letters that a replay names and has not come to yet, oldest first. */
export async function keysNamedBy(database: Database, replayId: string): Promise<NamedKey[]> {
  const { rows } = await database.query<NamedKey>(
    `SELECT d.topic, d.key FROM dead_letter_replay r JOIN dead_letter d ON d.consumer = r.consumer AND ${NAMED}
     WHERE r.id = $1 AND NOT EXISTS (SELECT FROM dead_letter_replay_key k
                                     WHERE k.replay_id = r.id AND k.topic = d.topic AND k.key = d.key)
     GROUP BY d.topic, d.key ORDER BY min(d.first_failed_at), d.topic, d.key`,
    [replayId],
  );
  return rows;
}

export interface WaitingItem {
  readonly key: string;
  readonly eventId: string | null;
  /** Set for a dead letter, not for what is parked behind it. */
  readonly deadLetterId: string | null;
  /** Whether the replay names this dead letter. */
  readonly isNamed: boolean;
  readonly record: LogRecord;
}

/**
 * Locks the fences of a key's partitions, then answers what waits under the key, in the order of the log. A record whose
 * key cannot be read may come on any partition: then all of the topic's are locked, so that nothing dies meanwhile.
 */
export async function lockKey(
  tx: Tx,
  consumer: string,
  { topic, key }: NamedKey,
  replayId: string,
): Promise<WaitingItem[]> {
  const of = `consumer = $1 AND topic = $2 AND key = $3`;
  await tx.query(
    `SELECT FROM consumer_fence WHERE consumer = $1 AND topic = $2 AND ($3 = '${EVERY_KEY}' OR partition IN (
       SELECT partition FROM dead_letter WHERE ${of} AND status = 'dead' UNION SELECT partition FROM parked_event WHERE ${of}))
     ORDER BY partition FOR UPDATE`,
    [consumer, topic, key],
  );
  const columns = `partition, "offset", event_id, raw_key, raw_value, headers, round(extract(epoch FROM recorded_at) * 1000)::text AS at`;
  const { rows } = await tx.query<{
    partition: number;
    offset: bigint;
    event_id: string | null;
    raw_key: Buffer | null;
    raw_value: Buffer | null;
    headers: Record<string, string>;
    at: string;
    dead: string | null;
    named: boolean;
  }>(
    `SELECT ${columns}, d.id AS dead, EXISTS (SELECT FROM dead_letter_replay r WHERE r.id = $4 AND ${NAMED}) AS named
     FROM dead_letter d WHERE ${of} AND status = 'dead'
     UNION ALL SELECT ${columns}, NULL, false FROM parked_event WHERE ${of} ORDER BY 1, 2`,
    [consumer, topic, key, replayId],
  );
  return rows.map((row) => ({
    key,
    eventId: row.event_id,
    deadLetterId: row.dead,
    isNamed: row.named,
    record: {
      topic,
      partition: row.partition,
      offset: row.offset,
      key: row.raw_key,
      value: row.raw_value,
      headers: Object.fromEntries(
        Object.entries(row.headers).map(([name, text]) => [name, bytesOfText(text)]),
      ),
      timestamp: Number(row.at),
    },
  }));
}

/** The operator, and why. */
export interface Settler {
  readonly who: string;
  readonly why: string;
}

export async function settleDeadLetter(
  tx: Tx,
  id: string,
  status: 'replayed' | 'discarded',
  { who, why }: Settler,
): Promise<void> {
  await tx.query(
    `UPDATE dead_letter SET status = $2, settled_at = now(), settled_by = $3, settled_reason = $4, attempts = attempts + 1
     WHERE id = $1`,
    [id, status, who, why],
  );
}

export async function noteAttempt(tx: Tx, id: string, words: FailureWords): Promise<void> {
  await tx.query(
    `UPDATE dead_letter SET attempts = attempts + 1, error_class = $2, error_code = $3, error_message = $4 WHERE id = $1`,
    [id, words.errorClass, words.code, words.message],
  );
}

export async function dropParked(tx: Tx, consumer: string, record: LogRecord): Promise<void> {
  await tx.query(
    `DELETE FROM parked_event WHERE consumer = $1 AND topic = $2 AND partition = $3 AND "offset" = $4`,
    [consumer, record.topic, record.partition, record.offset],
  );
}

export interface StillWaiting {
  readonly dead: number;
  readonly parked: number;
}

/** What waits under a key. */
export async function waitingUnder(
  tx: Pick<Tx, 'query'>,
  consumer: string,
  { topic, key }: NamedKey,
): Promise<StillWaiting & { readonly first: string | null; readonly code: string | null }> {
  const of = `consumer = $1 AND topic = $2 AND key = $3`;
  const { rows } = await tx.query<StillWaiting & { first: string | null; code: string | null }>(
    `SELECT (SELECT count(*)::int FROM parked_event WHERE ${of}) AS parked, count(*)::int AS dead,
            (array_agg(id ORDER BY partition, "offset"))[1] AS first,
            (array_agg(error_code ORDER BY partition, "offset"))[1] AS code
     FROM dead_letter WHERE ${of} AND status = 'dead'`,
    [consumer, topic, key],
  );
  return rows[0]!;
}

/**
 * A key stays blocked behind the first dead letter that remains, and opens when none does. That of every key also waits
 * for the end of a storm's pause.
 * @returns what waits under it now
 */
export async function blockOrOpen(
  tx: Tx,
  consumer: string,
  named: NamedKey,
): Promise<StillWaiting & { readonly opened: boolean }> {
  const waiting = await waitingUnder(tx, consumer, named);
  const which = [consumer, named.topic, named.key];
  if (waiting.dead === 0) {
    const { rowCount } = await tx.query(
      `DELETE FROM blocked_key WHERE consumer = $1 AND topic = $2 AND key = $3
         AND NOT (key = '${EVERY_KEY}' AND EXISTS (SELECT FROM consumption_pause WHERE topic = $2 AND blocks_every_key))`,
      which,
    );
    return { ...waiting, opened: rowCount > 0 };
  }
  await tx.query(
    `UPDATE blocked_key SET dead_letter_id = $4, code = $5 WHERE consumer = $1 AND topic = $2 AND key = $3`,
    [...which, waiting.first, waiting.code],
  );
  return { ...waiting, opened: false };
}
