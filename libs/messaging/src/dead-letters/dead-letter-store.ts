import type { TopicName } from '@attest/contracts';
import type { Database, Tx } from '@attest/persistence';
import { bytesOfText } from '../wire/envelope.js';
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

export interface BlockedGroup {
  readonly topic: TopicName;
  readonly key: string;
  readonly waiting: number;
}

/** The blocked keys of the dead letters that the filter names, oldest first. */
export async function blockedBy(
  database: Database,
  consumer: string,
  filter: DeadLetterFilter,
): Promise<BlockedGroup[]> {
  const { rows } = await database.query<BlockedGroup>(
    `SELECT b.topic, b.key,
            ((SELECT count(*) FROM dead_letter d WHERE d.consumer = b.consumer AND d.topic = b.topic AND d.key = b.key AND d.status = 'dead')
           + (SELECT count(*) FROM parked_event p WHERE p.consumer = b.consumer AND p.topic = b.topic AND p.key = b.key))::int AS waiting
     FROM blocked_key b
     WHERE b.consumer = $1 AND ($2::text IS NULL OR b.topic = $2) AND ($3::text IS NULL OR b.key = $3)
       AND EXISTS (SELECT FROM dead_letter d WHERE d.consumer = b.consumer AND d.topic = b.topic AND d.key = b.key AND d.status = 'dead'
                   AND ($4::uuid IS NULL OR d.id = $4) AND ($5::uuid IS NULL OR d.event_id = $5))
     ORDER BY b.since, b.topic, b.key`,
    [consumer, filter.topic ?? null, filter.key ?? null, filter.deadLetterId ?? null, filter.eventId ?? null],
  );
  return rows;
}

export interface WaitingItem {
  readonly key: string;
  readonly eventId: string | null;
  /** Set for the dead letter, not for what is parked behind it. */
  readonly deadLetterId: string | null;
  readonly record: LogRecord;
}

/** Locks the fences of a key's partitions, then answers what waits under the key, in the order of the log. */
export async function lockKey(tx: Tx, consumer: string, topic: string, key: string): Promise<WaitingItem[]> {
  const of = `consumer = $1 AND topic = $2 AND key = $3`;
  await tx.query(
    `SELECT FROM consumer_fence WHERE consumer = $1 AND topic = $2 AND partition IN (
       SELECT partition FROM dead_letter WHERE ${of} AND status = 'dead' UNION SELECT partition FROM parked_event WHERE ${of})
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
  }>(
    `SELECT ${columns}, id AS dead FROM dead_letter WHERE ${of} AND status = 'dead'
     UNION ALL SELECT ${columns}, NULL FROM parked_event WHERE ${of} ORDER BY 1, 2`,
    [consumer, topic, key],
  );
  return rows.map((row) => ({
    key,
    eventId: row.event_id,
    deadLetterId: row.dead,
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

export async function blockBehind(
  tx: Tx,
  consumer: string,
  topic: string,
  key: string,
  deadLetterId: string,
  code: string,
): Promise<void> {
  await tx.query(
    `UPDATE blocked_key SET dead_letter_id = $4, code = $5 WHERE consumer = $1 AND topic = $2 AND key = $3`,
    [consumer, topic, key, deadLetterId, code],
  );
}

export async function unblock(tx: Tx, consumer: string, topic: string, key: string): Promise<void> {
  await tx.query(`DELETE FROM blocked_key WHERE consumer = $1 AND topic = $2 AND key = $3`, [
    consumer,
    topic,
    key,
  ]);
}
