import { quietKafka, type Kafka, type Consumer } from '@attest/messaging/kafka';
import { TOPICS, uuidV7, type NewEvent, type TopicName } from '@attest/contracts';
import { ensureTopics, partitionOf, shardOf, silentLogger, TopicNames } from '@attest/messaging';
import type { Json } from './json.js';
import { testKafka } from './test-servers.js';

/** One record as a reader of a topic sees it. */
export interface SeenEvent {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly data: Json;
}

/** Topics of one spec: stands in for the services that are not under test. */
export class EventTopics {
  private readonly kafka: Kafka;
  private readonly names: TopicNames;
  private readonly producer;
  private readonly consumers: Consumer[] = [];

  private constructor(prefix: string) {
    this.kafka = quietKafka({ clientId: 'attest-spec', brokers: testKafka() });
    this.names = new TopicNames(prefix);
    this.producer = this.kafka.producer();
  }

  /** Creates all declared topics under the prefix. */
  static async create(prefix: string): Promise<EventTopics> {
    const topics = new EventTopics(prefix);
    await ensureTopics({ brokers: testKafka(), names: topics.names, logger: silentLogger });
    await topics.producer.connect();
    return topics;
  }

  /** Sends events as their writer's relay would; events of one topic keep their order. */
  async publish(events: readonly NewEvent[], source = 'spec'): Promise<void> {
    for (const event of events) {
      const { definition } = event;
      await this.producer.send({
        topic: this.names.atBroker(definition.topic),
        acks: -1,
        messages: [
          {
            key: event.key,
            value: JSON.stringify(event.data),
            partition: partitionOf(shardOf(event.key), TOPICS[definition.topic].partitions),
            headers: {
              ce_specversion: '1.0',
              ce_id: event.id,
              ce_type: definition.type,
              ce_source: source,
              ce_time: new Date().toISOString(),
              ce_aggregateversion: String(event.aggregateVersion),
              'content-type': 'application/json',
            },
          },
        ],
      });
    }
  }

  /** A record without a value; with the headers of an event, or with none. */
  async publishEmpty(
    topic: TopicName,
    key: string,
    event?: { readonly type: string; readonly version: number },
  ): Promise<void> {
    const headers = event && {
      ce_specversion: '1.0',
      ce_id: uuidV7(),
      ce_type: event.type,
      ce_source: 'spec',
      ce_aggregateversion: String(event.version),
    };
    await this.producer.send({
      topic: this.names.atBroker(topic),
      acks: -1,
      messages: [
        {
          key,
          value: null,
          partition: partitionOf(shardOf(key), TOPICS[topic].partitions),
          ...(headers ? { headers } : {}),
        },
      ],
    });
  }

  /**
   * Every event of a topic from its beginning, once, as a service's inbox would take it: a relay that dies after it has
   * sent sends again, under the same id. The list grows while the spec runs.
   */
  async collect(topic: TopicName): Promise<readonly SeenEvent[]> {
    const seen: SeenEvent[] = [];
    const ids = new Set<string>();
    const consumer = this.kafka.consumer({
      groupId: this.names.group(`spec-${topic}`),
      // Closing waits for the poll that is under way; left alone, that is five seconds at the end of a spec.
      maxWaitTimeInMs: 500,
      retry: { retries: 3 },
    });
    this.consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic: this.names.atBroker(topic), fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) => {
        const header = (name: string): string => String(message.headers?.[name] ?? '');
        const id = header('ce_id');
        if (header('ce_type') === 'barrier.record.v1' || ids.has(id)) return;
        ids.add(id);
        seen.push({
          id,
          type: header('ce_type'),
          key: String(message.key),
          data: JSON.parse(String(message.value)) as unknown,
        });
      },
    });
    return seen;
  }

  async close(): Promise<void> {
    await Promise.all([
      this.producer.disconnect(),
      ...this.consumers.map((consumer) => consumer.disconnect()),
    ]);
  }
}
