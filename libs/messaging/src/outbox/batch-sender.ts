import { setTimeout as pause } from 'node:timers/promises';
import { Partitioners, type Kafka, type Message, type Producer } from '../kafka/index.js';
import { RelayStuckError } from '../messaging.errors.js';
import type { MessagingLogger } from '../ports.js';

const ROUNDS = 8;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
const LAST_WORD_MS = 2_000;

/** Records by the topic's name at the broker, each with its partition set. */
export type TopicRecords = ReadonlyMap<string, readonly Message[]>;

/**
 * Sends records and makes sure that the brokers stored them. kafkajs resolves normally although records are lost: after
 * a failed-over leader it skips brokers that already answered, and a partition that its metadata does not know yields
 * an empty answer. So what came back is compared with what was sent, and the rest is sent again. One send at a time,
 * or records of one key could overtake one another.
 */
export class BatchSender {
  private producer: Producer | undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly logger: MessagingLogger,
    private readonly onResent: (records: number) => void = () => undefined,
  ) {}

  /** Resolves when every record is stored on all in-sync replicas. @throws RelayStuckError, or what kafkajs throws */
  async send(records: TopicRecords): Promise<void> {
    let missing: TopicRecords = records;
    for (let round = 1; ; round++) {
      const producer = await this.connected();
      const results = await producer.sendBatch({
        acks: -1,
        timeout: 5_000,
        topicMessages: [...missing].map(([topic, messages]) => ({ topic, messages: messages as Message[] })),
      });
      const stored = new Set<string>();
      for (const { topicName, partition, errorCode } of results)
        if (errorCode === 0) stored.add(`${topicName}/${partition}`);
      missing = without(missing, stored);
      if (missing.size === 0) return;
      const names = namesOf(missing);
      this.logger.warn(
        { partitions: names, round },
        'records were not stored although the send succeeded; sending them again',
      );
      this.onResent(countOf(missing));
      // A fresh client asks for the partitions and leaders anew; kafkajs would keep its metadata for five minutes.
      await this.reset();
      if (round >= ROUNDS) throw new RelayStuckError(names);
      await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (round - 1)));
    }
  }

  private async connected(): Promise<Producer> {
    if (this.producer) return this.producer;
    const producer = this.kafka.producer({
      // Idempotence does not prevent the loss above and wedges after a broker is killed; the inbox removes repeats.
      idempotent: false,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // Never asked, as every record names its partition; naming one spares kafkajs' warning about its default.
      createPartitioner: Partitioners.DefaultPartitioner,
      metadataMaxAge: 60_000,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 10 },
    });
    await producer.connect();
    return (this.producer = producer);
  }

  /** Forgets the connection, so that the next send begins with a new one. */
  async reset(): Promise<void> {
    const producer = this.producer;
    this.producer = undefined;
    // A broker that is away can keep a polite goodbye waiting for very long.
    if (producer)
      await Promise.race([
        producer.disconnect().catch(() => undefined),
        pause(LAST_WORD_MS, undefined, { ref: false }),
      ]);
  }
}

function without(records: TopicRecords, stored: ReadonlySet<string>): TopicRecords {
  const missing = new Map<string, Message[]>();
  for (const [topic, messages] of records) {
    const rest = messages.filter((message) => !stored.has(`${topic}/${message.partition}`));
    if (rest.length > 0) missing.set(topic, rest);
  }
  return missing;
}

function namesOf(records: TopicRecords): string {
  const names = new Set<string>();
  for (const [topic, messages] of records)
    for (const message of messages) names.add(`${topic}/${message.partition}`);
  return [...names].sort().join(', ');
}

function countOf(records: TopicRecords): number {
  let count = 0;
  for (const messages of records.values()) count += messages.length;
  return count;
}
