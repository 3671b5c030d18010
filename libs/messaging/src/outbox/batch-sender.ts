import { setTimeout as pause } from 'node:timers/promises';
import { Partitioners, type Kafka, type Message, type Producer } from '../kafka/index.js';

const LAST_WORD_MS = 2_000;

/** Records by the topic's name at the broker, each with its partition set. */
export type TopicRecords = ReadonlyMap<string, readonly Message[]>;

/** Partitions that acknowledged what was sent to them. */
export class StoredPartitions {
  readonly #names = new Set<string>();

  add(topicAtBroker: string, partition: number): void {
    this.#names.add(`${topicAtBroker}/${partition}`);
  }

  has(topicAtBroker: string, partition: number): boolean {
    return this.#names.has(`${topicAtBroker}/${partition}`);
  }
}

/**
 * Sends records once and says what the brokers stored. kafkajs resolves normally although records are lost: after a
 * failed-over leader it skips brokers that already answered, and a partition that its metadata does not know yields an
 * empty answer. And it throws away all answers when one partition refuses. So stored is only what was acknowledged by
 * name, and what to do about the rest is the caller's part.
 */
export class BatchSender {
  private producer: Producer | undefined;

  constructor(private readonly kafka: Kafka) {}

  /** @throws what kafkajs throws: then any of the records may be stored, or none */
  async send(records: TopicRecords): Promise<StoredPartitions> {
    try {
      const producer = await this.connected();
      const results = await producer.sendBatch({
        acks: -1,
        timeout: 5_000,
        topicMessages: [...records].map(([topic, messages]) => ({ topic, messages: messages as Message[] })),
      });
      const stored = new StoredPartitions();
      for (const { topicName, partition, errorCode } of results)
        if (errorCode === 0) stored.add(topicName, partition);
      return stored;
    } catch (error) {
      // A fresh client asks for the partitions and leaders anew; one that knows a deleted topic fails for all others.
      await this.reset();
      throw error;
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
      // Few: kafkajs sends everything of a broker again each time, also what its other partitions have stored.
      retry: { initialRetryTime: 100, maxRetryTime: 400, retries: 2 },
    });
    this.producer = producer;
    await producer.connect();
    return producer;
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
