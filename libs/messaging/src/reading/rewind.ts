import type { Database } from '@attest/persistence';
import { connectedAdmin, type KafkaAccess } from '../kafka/index.js';
import { RewindOutsideLogError } from '../messaging.errors.js';
import type { MessagingLogger } from '../ports.js';
import type { TopicNames } from '../wire/topic-names.js';
import { forgetDone } from './inbox.js';

export interface Rewind {
  readonly consumer: string;
  readonly brokers: readonly string[];
  readonly access?: KafkaAccess | undefined;
  readonly names: TopicNames;
  readonly logger: MessagingLogger;
  readonly topic: string;
  /** All of the topic's partitions unless told. */
  readonly partition?: number | undefined;
  readonly toOffset: bigint;
  /** Let the handlers see again what they have already applied; their own versions decide then. Default true. */
  readonly forgetInbox?: boolean | undefined;
  readonly who: string;
  readonly why: string;
}

/**
 * A deliberate replay: sets fences back (or onward) and raises their epoch, which running consumers notice within
 * 200 ms. What is dead or parked stays so.
 * @returns how many partitions were rewound
 * @throws RewindOutsideLogError when a partition does not hold the offset: then nothing is moved
 */
export async function rewindFence(database: Database, rewind: Rewind): Promise<number> {
  const { consumer, topic, partition, toOffset, forgetInbox = true, who, why } = rewind;
  await refuseOutsideLog(rewind);
  return database.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `WITH before AS (
         SELECT partition, next_offset FROM consumer_fence
         WHERE consumer = $1 AND topic = $2 AND ($3::int IS NULL OR partition = $3) ORDER BY partition FOR UPDATE
       ), moved AS (
         UPDATE consumer_fence f SET next_offset = $4, epoch = f.epoch + 1, moved_at = now()
         FROM before b WHERE f.consumer = $1 AND f.topic = $2 AND f.partition = b.partition
         RETURNING f.partition, f.epoch, b.next_offset AS came_from
       )
       INSERT INTO fence_rewind (consumer, topic, partition, epoch, from_offset, to_offset, forgot_inbox, rewound_by, reason)
       SELECT $1, $2, partition, epoch, came_from, $4, $5, $6, $7 FROM moved`,
      [consumer, topic, partition ?? null, toOffset, forgetInbox, who, why],
    );
    if (forgetInbox) await forgetDone(tx, consumer, topic);
    return rowCount;
  });
}

/** Whoever stood outside the log would end its process, and each replica in turn. */
async function refuseOutsideLog(rewind: Rewind): Promise<void> {
  const { consumer, brokers, access, names, logger, topic, partition, toOffset } = rewind;
  const admin = await connectedAdmin({ brokers, access, clientId: `${consumer}-rewind`, logger });
  try {
    const ends = await admin.fetchTopicOffsets(names.atBroker(topic));
    const outside = ends
      .filter((end) => partition === undefined || end.partition === partition)
      .filter(({ low, high }) => toOffset < BigInt(low) || toOffset > BigInt(high));
    if (outside.length > 0) throw new RewindOutsideLogError(topic, String(toOffset), outside);
  } finally {
    await admin.disconnect();
  }
}
