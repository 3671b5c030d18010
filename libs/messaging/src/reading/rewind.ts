import { TOPICS } from '@attest/contracts';
import { plainArray, type Database } from '@attest/persistence';
import { connectedAdmin, type KafkaAccess } from '../kafka/index.js';
import { RewindOutsideLogError, RewindWithoutFenceError } from '../messaging.errors.js';
import type { MessagingLogger } from '../ports.js';
import type { TopicNames } from '../wire/topic-names.js';
import { forgetDone } from './inbox.js';

export interface Rewind {
  readonly consumer: string;
  readonly topic: string;
  /** All of the topic's partitions unless told. */
  readonly partition?: number | undefined;
  readonly to: bigint | 'earliest' | 'latest';
  /** Let the handlers see again what they have already applied; their own versions decide then. Default true. */
  readonly forgetInbox?: boolean | undefined;
  readonly who: string;
  readonly why: string;
}

/** Where the log can be asked. */
export interface LogSource {
  readonly brokers: readonly string[];
  readonly access?: KafkaAccess | undefined;
  readonly names: TopicNames;
  readonly logger: MessagingLogger;
}

/**
 * A deliberate replay: sets fences back (or onward) and raises their epoch, which running consumers notice within
 * 200 ms. What is dead or parked stays so.
 * @returns how many partitions were rewound
 * @throws RewindOutsideLogError, RewindWithoutFenceError, before anything is changed: consumers end in turn at a fence
 *   that the broker does not retain
 */
export async function rewindFence(database: Database, log: LogSource, rewind: Rewind): Promise<number> {
  const { consumer, topic, partition, forgetInbox = true, who, why } = rewind;
  const targets = await targetsOf(log, rewind);
  return database.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `WITH target AS (
         SELECT * FROM unnest($3::int[], $4::bigint[]) AS t(partition, next_offset)
       ), before AS (
         SELECT partition, f.next_offset, target.next_offset AS going_to FROM consumer_fence f JOIN target USING (partition)
         WHERE consumer = $1 AND topic = $2 ORDER BY partition FOR UPDATE OF f
       ), moved AS (
         UPDATE consumer_fence f SET next_offset = b.going_to, epoch = f.epoch + 1, moved_at = now()
         FROM before b WHERE f.consumer = $1 AND f.topic = $2 AND f.partition = b.partition
         RETURNING f.partition, f.epoch, b.next_offset AS came_from, b.going_to
       )
       INSERT INTO fence_rewind (consumer, topic, partition, epoch, from_offset, to_offset, forgot_inbox, rewound_by, reason)
       SELECT $1, $2, partition, epoch, came_from, going_to, $5, $6, $7 FROM moved`,
      [
        consumer,
        topic,
        plainArray(targets.map((target) => target.partition)),
        plainArray(targets.map((target) => target.offset)),
        forgetInbox,
        who,
        why,
      ],
    );
    if (rowCount === 0) throw new RewindWithoutFenceError(consumer, topic, partition);
    if (forgetInbox) await forgetDone(tx, consumer, topic);
    return rowCount;
  });
}

interface Target {
  readonly partition: number;
  readonly offset: bigint;
}

async function targetsOf(log: LogSource, { consumer, topic, partition, to }: Rewind): Promise<Target[]> {
  if (!Object.hasOwn(TOPICS, topic)) throw new RewindWithoutFenceError(consumer, topic, partition);
  const admin = await connectedAdmin({ ...log, clientId: `${consumer}-rewind` });
  try {
    const ends = await admin.fetchTopicOffsets(log.names.atBroker(topic));
    const named = ends.filter((end) => partition === undefined || end.partition === partition);
    if (named.length === 0) throw new RewindWithoutFenceError(consumer, topic, partition);
    return named.map((end) => {
      const [low, high] = [BigInt(end.low), BigInt(end.high)];
      const offset = to === 'earliest' ? low : to === 'latest' ? high : to;
      if (offset < low || offset > high)
        throw new RewindOutsideLogError(topic, end.partition, String(offset), String(low), String(high));
      return { partition: end.partition, offset };
    });
  } finally {
    await admin.disconnect();
  }
}
