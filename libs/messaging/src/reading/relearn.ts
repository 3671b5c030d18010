import type { TopicName } from '@attest/contracts';
import { TOPICS } from '@attest/contracts';
import { plainArray, textArray, type Database } from '@attest/persistence';
import { connectedAdmin, type KafkaAccess } from '../kafka/index.js';
import type { MessagingLogger } from '../ports.js';
import type { TopicNames } from '../wire/topic-names.js';

export interface RelearnOptions {
  /** The service that shall learn anew. */
  readonly service: string;
  readonly database: Database;
  readonly brokers: readonly string[];
  readonly access?: KafkaAccess | undefined;
  readonly names: TopicNames;
  readonly logger: MessagingLogger;
  /** One topic; all unless told. */
  readonly topic?: TopicName | undefined;
  readonly who: string;
  readonly why: string;
}

export interface RelearnResult {
  /** Fences that were set to the end of the log. */
  readonly fences: number;
  /** What has to be told again now, and who tells it. */
  readonly republish: readonly { readonly topic: string; readonly writer: string }[];
}

/**
 * Sets a consumer's fences to the end of the log as it is now. What lies before is to be told again by each topic's
 * writer, after this: told before, it would lie below the fence.
 */
export async function relearn(options: RelearnOptions): Promise<RelearnResult> {
  const { service, database, who, why } = options;
  const topics = options.topic ? [TOPICS[options.topic]] : Object.values(TOPICS);
  const ends = await logEnds(
    options,
    topics.map(({ name }) => name),
  );
  const { rowCount } = await database.transaction((tx) =>
    tx.query(
      `WITH ends AS (
         SELECT * FROM unnest($2::text[], $3::int[], $4::bigint[]) AS e(topic, partition, high)
       ), before AS (
         SELECT f.topic, f.partition, f.next_offset FROM consumer_fence f JOIN ends e USING (topic, partition)
         WHERE f.consumer = $1 ORDER BY f.topic, f.partition FOR UPDATE OF f
       ), moved AS (
         INSERT INTO consumer_fence AS f (consumer, topic, partition, next_offset)
         SELECT $1, topic, partition, high FROM ends ORDER BY topic, partition
         ON CONFLICT (consumer, topic, partition)
           DO UPDATE SET next_offset = excluded.next_offset, epoch = f.epoch + 1, moved_at = now()
         RETURNING topic, partition, epoch, next_offset
       )
       INSERT INTO fence_rewind (consumer, topic, partition, epoch, from_offset, to_offset, forgot_inbox, rewound_by, reason)
       SELECT $1, m.topic, m.partition, m.epoch, b.next_offset, m.next_offset, false, $5, $6
       FROM moved m LEFT JOIN before b USING (topic, partition)`,
      [
        service,
        textArray(ends.map((end) => end.topic)),
        plainArray(ends.map((end) => end.partition)),
        plainArray(ends.map((end) => end.high)),
        who,
        why,
      ],
    ),
  );
  const told = topics.filter(({ writer }) => writer !== 'any' && writer !== service);
  return { fences: rowCount, republish: told.map(({ name, writer }) => ({ topic: name, writer })) };
}

async function logEnds(
  { brokers, access, names, logger, service }: RelearnOptions,
  topics: readonly string[],
): Promise<{ topic: string; partition: number; high: string }[]> {
  const admin = await connectedAdmin({ brokers, access, clientId: `${service}-relearn`, logger });
  try {
    const existing = new Set(await admin.listTopics());
    const perTopic = await Promise.all(
      topics
        .filter((topic) => existing.has(names.atBroker(topic)))
        .map(async (topic) =>
          (await admin.fetchTopicOffsets(names.atBroker(topic))).map(({ partition, high }) => ({
            topic,
            partition,
            high,
          })),
        ),
    );
    return perTopic.flat();
  } finally {
    await admin.disconnect();
  }
}
