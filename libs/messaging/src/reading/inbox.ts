import { plainArray, type Tx } from '@attest/persistence';
import type { EventRecord } from '../wire/log-record.js';

const REMEMBER = {
  name: 'inbox-remember',
  // The usual answer, that all are new, comes back as one row instead of thousands of ids.
  text: `WITH reader AS (
           SELECT reader FROM inbox_reader WHERE consumer = $1 AND topic = $2
         ), added AS (
           INSERT INTO inbox_done (reader, event_id)
           SELECT reader, id FROM reader CROSS JOIN unnest($3::uuid[]) AS id
           WHERE NOT EXISTS (SELECT FROM inbox i WHERE i.consumer = $1 AND i.event_id = id)
           ON CONFLICT DO NOTHING RETURNING event_id
         )
         SELECT EXISTS (SELECT FROM reader) AS known,
                CASE WHEN count(*) = $4::int THEN NULL ELSE coalesce(array_agg(event_id::text), '{}') END AS added,
                (SELECT array_agg(key) FROM blocked_key WHERE consumer = $1 AND topic = $2) AS blocked
         FROM added`,
};

export interface Remembered {
  /** Those that were never applied, in their order. */
  readonly fresh: readonly EventRecord[];
  /** Keys of this topic that wait behind a dead letter. */
  readonly blocked: ReadonlySet<string>;
}

interface Answer {
  /** False: nothing could be noted, because nothing was ever noted of this topic. */
  readonly known: boolean;
  readonly added: string[] | null;
  readonly blocked: string[] | null;
}

/** Notes the events as applied by this transaction and drops those that an earlier one has applied. */
export async function remember(
  tx: Tx,
  consumer: string,
  topic: string,
  records: readonly EventRecord[],
): Promise<Remembered> {
  const ids = records.map((record) => record.event.id);
  const ask = async (): Promise<Answer> => {
    const { rows } = await tx.query<Answer>(REMEMBER, [consumer, topic, plainArray(ids), ids.length]);
    return rows[0]!;
  };
  let answer = await ask();
  if (!answer.known) {
    // Its first chunk ever.
    await tx.query(`INSERT INTO inbox_reader (consumer, topic) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
      consumer,
      topic,
    ]);
    answer = await ask();
  }
  const { added, blocked } = answer;
  return { fresh: added === null ? records : onlyAdded(records, new Set(added)), blocked: new Set(blocked) };
}

/** One id may stand twice in a chunk, when a send was repeated: the first counts. */
function onlyAdded(records: readonly EventRecord[], added: Set<string>): EventRecord[] {
  return records.filter((record) => added.delete(record.event.id));
}

/** What is not simply done is noted beside, with its topic and its state. */
export async function setInboxStatus(
  tx: Tx,
  consumer: string,
  status: 'done' | 'parked' | 'dead',
  topic: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    {
      name: 'inbox-status',
      text: `INSERT INTO inbox (consumer, event_id, topic, status) SELECT $1, id, $2, $3 FROM unnest($4::uuid[]) AS id
             ON CONFLICT (consumer, event_id) DO UPDATE SET status = excluded.status`,
    },
    [consumer, topic, status, plainArray(ids)],
  );
}

/** What is dead or parked stays known. */
export async function forgetDone(tx: Tx, consumer: string, topic: string): Promise<void> {
  await tx.query(`DELETE FROM inbox WHERE consumer = $1 AND topic = $2 AND status = 'done'`, [
    consumer,
    topic,
  ]);
  await tx.query(
    `DELETE FROM inbox_done d USING inbox_reader r WHERE r.consumer = $1 AND r.topic = $2 AND d.reader = r.reader`,
    [consumer, topic],
  );
}

/** So that these are taken when they come again. */
export async function forgetNoted(
  tx: Tx,
  consumer: string,
  topic: string,
  ids: readonly string[],
): Promise<void> {
  await tx.query(`DELETE FROM inbox WHERE consumer = $1 AND event_id = ANY ($2::uuid[])`, [
    consumer,
    plainArray(ids),
  ]);
  await tx.query(
    `DELETE FROM inbox_done d USING inbox_reader r
      WHERE r.consumer = $1 AND r.topic = $2 AND d.reader = r.reader AND d.event_id = ANY ($3::uuid[])`,
    [consumer, topic, plainArray(ids)],
  );
}
