import { plainArray, type Tx } from '@attest/persistence';
import type { EventRecord } from '../wire/log-record.js';

const REMEMBER = {
  name: 'inbox-remember',
  // The usual answer, that all are new, comes back as one row instead of thousands of ids.
  text: `WITH added AS (
           INSERT INTO inbox (consumer, event_id, topic) SELECT $1, id, $2 FROM unnest($3::uuid[]) AS id
           ON CONFLICT DO NOTHING RETURNING event_id
         )
         SELECT CASE WHEN count(*) = $4::int THEN NULL ELSE coalesce(array_agg(event_id::text), '{}') END AS added,
                (SELECT array_agg(key) FROM blocked_key WHERE consumer = $1 AND topic = $2) AS blocked
         FROM added`,
};

export interface Remembered {
  /** Those that were never applied, in their order. */
  readonly fresh: readonly EventRecord[];
  /** Keys of this topic that wait behind a dead letter. */
  readonly blocked: ReadonlySet<string>;
}

/** Notes the events as applied by this transaction and drops those that an earlier one has applied. */
export async function remember(
  tx: Tx,
  consumer: string,
  topic: string,
  records: readonly EventRecord[],
): Promise<Remembered> {
  const ids = records.map((record) => record.event.id);
  const { rows } = await tx.query<{ added: string[] | null; blocked: string[] | null }>(REMEMBER, [
    consumer,
    topic,
    plainArray(ids),
    ids.length,
  ]);
  const { added, blocked } = rows[0]!;
  return { fresh: added === null ? records : onlyAdded(records, new Set(added)), blocked: new Set(blocked) };
}

/** One id may stand twice in a chunk, when a send was repeated: the first counts. */
function onlyAdded(records: readonly EventRecord[], added: Set<string>): EventRecord[] {
  return records.filter((record) => added.delete(record.event.id));
}

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
