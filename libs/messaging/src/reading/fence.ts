import { eventDefinitions, stands } from '@attest/contracts';
import { plainArray, textArray, type Database, type Tx } from '@attest/persistence';
import { BeginningNotRetainedError } from '../messaging.errors.js';

/** How far a consumer has applied one partition. The only truth about it: the broker's offset is a courtesy. */
export interface Fence {
  readonly epoch: number;
  readonly nextOffset: bigint;
}

const LOCK = {
  name: 'fence-lock',
  text: `SELECT epoch, next_offset AS "nextOffset", EXISTS (SELECT FROM consumption_pause p WHERE p.topic = $2) AS paused
         FROM consumer_fence WHERE consumer = $1 AND topic = $2 AND partition = $3 FOR UPDATE`,
};
const MOVE = {
  name: 'fence-move',
  text: `UPDATE consumer_fence SET next_offset = $4, moved_at = now() WHERE consumer = $1 AND topic = $2 AND partition = $3`,
};

/** Locks a partition's fence for the transaction: a zombie waits here and then finds that it is late. */
export async function lockFence(
  tx: Tx,
  consumer: string,
  topic: string,
  partition: number,
): Promise<(Fence & { readonly paused: boolean }) | undefined> {
  const { rows } = await tx.query<Fence & { paused: boolean }>(LOCK, [consumer, topic, partition]);
  return rows[0];
}

export async function moveFence(
  tx: Tx,
  consumer: string,
  topic: string,
  partition: number,
  nextOffset: bigint,
): Promise<void> {
  await tx.query(MOVE, [consumer, topic, partition, nextOffset]);
}

export interface PartitionStart {
  readonly topic: string;
  readonly partition: number;
  /** Where a consumer begins that has never read this partition. */
  readonly earliest: bigint;
}
export interface PartitionFence extends Fence {
  readonly topic: string;
  readonly partition: number;
}

/** The fences of these partitions that there are. */
async function readFences(
  database: Database,
  consumer: string,
  partitions: readonly PartitionStart[],
): Promise<PartitionFence[]> {
  const { rows } = await database.query<PartitionFence>(
    `SELECT f.topic, f.partition, f.epoch, f.next_offset AS "nextOffset"
     FROM consumer_fence f JOIN unnest($2::text[], $3::int[]) AS p(topic, partition) USING (topic, partition)
     WHERE f.consumer = $1`,
    [consumer, textArray(partitions.map((p) => p.topic)), plainArray(partitions.map((p) => p.partition))],
  );
  return rows;
}

/**
 * The fences of these partitions; those that have none yet begin at the beginning of the log.
 * @throws BeginningNotRetainedError when that is gone and what was told there still stands: whoever began without it
 *   would take a part for the whole, and nothing would ever say so
 */
export async function fencesOf(
  database: Database,
  consumer: string,
  partitions: readonly PartitionStart[],
): Promise<PartitionFence[]> {
  const fences = await readFences(database, consumer, partitions);
  const known = new Set(fences.map(({ topic, partition }) => `${topic}/${partition}`));
  const missing = partitions.filter(({ topic, partition }) => !known.has(`${topic}/${partition}`));
  if (missing.length === 0) return fences;
  const standing = new Set(
    [...eventDefinitions().values()].filter(stands).map(({ topic }) => topic as string),
  );
  const lost = missing.find(({ topic, earliest }) => earliest > 0n && standing.has(topic));
  if (lost) throw new BeginningNotRetainedError(consumer, lost.topic, lost.partition, String(lost.earliest));
  await database.query(
    `INSERT INTO consumer_fence (consumer, topic, partition, next_offset)
     SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[]) ORDER BY 2, 3 ON CONFLICT DO NOTHING`,
    [
      consumer,
      textArray(missing.map((p) => p.topic)),
      plainArray(missing.map((p) => p.partition)),
      plainArray(missing.map((p) => p.earliest)),
    ],
  );
  return readFences(database, consumer, partitions);
}
