import type { Kafka, Message } from '../kafka/index.js';
import { toMessage, type RelayedRow } from '../wire/envelope.js';
import { partitionOf } from '../wire/shards.js';
import { spanOfSend } from '../wire/spans.js';
import { isDlq, partitionsOf, type TopicNames } from '../wire/topic-names.js';
import { BatchSender } from './batch-sender.js';

export interface RowSenderOptions {
  readonly service: string;
  readonly kafka: Kafka;
  readonly names: TopicNames;
  /** Creates a topic that is first needed now: dead-letter topics. */
  readonly ensureTopic: (topic: string) => Promise<void>;
}

/** Sends outbox rows as records. One send at a time, or records of one key could overtake one another. */
export class RowSender {
  private readonly sender: BatchSender;

  constructor(
    private readonly options: RowSenderOptions,
    private readonly knownDlqs: Set<string>,
  ) {
    this.sender = new BatchSender(options.kafka);
  }

  /**
   * @returns the rows that all in-sync replicas have: their topic's partition acknowledged exactly this send
   * @throws what kept it from being sent, or what kafkajs says: then any of the rows may be stored, or none
   */
  async send(rows: readonly RelayedRow[], epoch: number): Promise<RelayedRow[]> {
    const { names, service } = this.options;
    const byTopic = new Map<string, { at: string; partitions: number; messages: Message[] }>();
    for (const row of rows) {
      let topic = byTopic.get(row.topic);
      if (!topic) {
        if (isDlq(row.topic)) await this.ensureDlq(row.topic);
        topic = { at: names.atBroker(row.topic), partitions: partitionsOf(row.topic), messages: [] };
        byTopic.set(row.topic, topic);
      }
      topic.messages.push(toMessage(row, topic.partitions, service, epoch));
    }
    const span = spanOfSend([...byTopic.keys()].join(' '), rows.length);
    try {
      const stored = await this.sender.send(
        new Map([...byTopic.values()].map(({ at, messages }) => [at, messages])),
      );
      span.end();
      return rows.filter(({ topic, shard }) =>
        stored.has(names.atBroker(topic), partitionOf(shard, partitionsOf(topic))),
      );
    } catch (error) {
      span.fail(error);
      throw error;
    }
  }

  /** Forgets the connection, so that the next send begins with a new one. */
  reset(): Promise<void> {
    return this.sender.reset();
  }

  private async ensureDlq(topic: string): Promise<void> {
    if (this.knownDlqs.has(topic)) return;
    await this.options.ensureTopic(topic);
    this.knownDlqs.add(topic);
  }
}
