import { uuidV7 } from '@attest/contracts';
import {
  connectedAdmin,
  kafkaClient,
  type Admin,
  type KafkaAccess,
  type KafkaClientOptions,
  type KafkaMessage,
} from '../kafka/index.js';
import type { MessagingLogger } from '../ports.js';
import { restoreGroups, type TopicNames } from '../wire/topic-names.js';

export interface OwnLog {
  readonly service: string;
  readonly brokers: readonly string[];
  readonly access?: KafkaAccess | undefined;
  readonly names: TopicNames;
  readonly logger: MessagingLogger;
}

interface End {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** Everything that these topics hold from a moment to their end, in no order between partitions. */
export async function readFrom(
  { service, brokers, access, names, logger }: OwnLog,
  topics: readonly string[],
  since: Date | undefined,
  onRecord: (topic: string, partition: number, message: KafkaMessage) => void,
): Promise<void> {
  const client: KafkaClientOptions = { brokers, access, clientId: `${service}-restore`, logger };
  const admin = await connectedAdmin(client);
  const groupId = `${restoreGroups(names.group(service))}${uuidV7()}`;
  const consumer = kafkaClient(client).consumer({
    groupId,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
  });
  try {
    const ends = (await Promise.all(topics.map((topic) => endsOf(admin, names, topic, since)))).flat();
    const open = new Map(
      ends.filter((end) => end.from < end.to).map((end) => [`${end.topic}/${end.partition}`, end]),
    );
    if (open.size === 0) return;
    await consumer.connect();
    await consumer.subscribe({
      topics: [...new Set([...open.values()].map((end) => names.atBroker(end.topic)))],
      fromBeginning: true,
    });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => void (payload.restart || reject(payload.error)));
      const run = consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          const topic = names.fromBroker(batch.topic);
          const end = open.get(`${topic}/${batch.partition}`);
          for (const message of batch.messages)
            if (end && BigInt(message.offset) >= end.from && BigInt(message.offset) < end.to)
              onRecord(topic, batch.partition, message);
          if (end && BigInt(batch.lastOffset()) + 1n >= end.to) open.delete(`${topic}/${batch.partition}`);
          if (open.size === 0) resolve();
        },
      });
      run.then(() => {
        for (const { topic, partition, from } of open.values())
          consumer.seek({ topic: names.atBroker(topic), partition, offset: String(from) });
      }, reject);
    });
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}

async function endsOf(
  admin: Admin,
  names: TopicNames,
  topic: string,
  since: Date | undefined,
): Promise<End[]> {
  const ends = await admin.fetchTopicOffsets(names.atBroker(topic));
  const starts = since
    ? await admin.fetchTopicOffsetsByTimestamp(names.atBroker(topic), since.getTime())
    : ends.map(({ partition, low }) => ({ partition, offset: low }));
  return ends.map(({ partition, high }) => ({
    topic,
    partition,
    from: BigInt(starts.find((start) => start.partition === partition)?.offset ?? 0),
    to: BigInt(high),
  }));
}
