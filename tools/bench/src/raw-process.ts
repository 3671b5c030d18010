// The peer: kafkajs with nothing around it. It is asked for a topic's worth of records, then to send or to read them.
import { Kafka, logLevel, Partitioners } from '@attest/messaging/kafka';
import pg from 'pg';
import { answer } from './answering.js';
import { countingUpTo } from './counting.js';
import { messageOf, pageEvents, type RawMessage } from './records.js';
import { stopwatch } from './stopwatch.js';

interface Opening {
  readonly brokers: readonly string[];
  readonly count: number;
  /** The service that the records say they come from. */
  readonly source: string;
  /** Without headers. */
  readonly bare?: boolean;
}

interface Following {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly groupId: string;
  /** The database that holds the table. */
  readonly url: string;
}

let opened: { kafka: Kafka; messages: RawMessage[] } | undefined;

const theOpened = () => {
  if (!opened) throw new Error('the records are not made yet');
  return opened;
};

const commands = {
  /** Makes the records beforehand: the peer is timed sending, not building. */
  open({ brokers, count, source, bare = false }: Opening) {
    const messages = pageEvents(count).map((event) => {
      const { headers, ...message } = messageOf(event, source);
      return bare ? message : { ...message, headers };
    });
    opened = { kafka: rawKafka(brokers), messages };
    return { averageBytes: messages.reduce((sum, m) => sum + m.value.length, 0) / messages.length };
  },

  /** Sends of 1,000, acknowledged by all replicas, one in flight. @returns milliseconds */
  async produce({ topic }: { topic: string }) {
    const { kafka, messages } = theOpened();
    const producer = kafka.producer({
      maxInFlightRequests: 1,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    const started = performance.now();
    for (let at = 0; at < messages.length; at += 1_000)
      await producer.send({ topic, acks: -1, messages: messages.slice(at, at + 1_000) });
    const ms = performance.now() - started;
    await producer.disconnect();
    return { ms };
  },

  /** Reads a topic from its beginning, committing after each batch. @returns milliseconds from the first batch on */
  async consume({ topic, count, groupId }: { topic: string; count: number; groupId: string }) {
    const consumer = theOpened().kafka.consumer({ groupId, maxWaitTimeInMs: 500 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const { done, add } = countingUpTo(count);
    const watch = stopwatch();
    consumer.on(consumer.events.START_BATCH_PROCESS, () => watch.start());
    await consumer.run({
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 3,
      eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary }) => {
        resolveOffset(batch.lastOffset());
        const offset = String(BigInt(batch.lastOffset()) + 1n);
        await commitOffsetsIfNecessary({
          topics: [{ topic, partitions: [{ partition: batch.partition, offset }] }],
        });
        add(batch.messages.length);
      },
    });
    await done;
    const ms = watch.ms();
    await consumer.disconnect();
    return { ms };
  },

  /** From now on each record's key and value become a committed row. Answers when the consumer has its partitions. */
  async follow({ brokers, topic, groupId, url }: Following) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const consumer = rawKafka(brokers).consumer({ groupId, maxWaitTimeInMs: 500 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.run({
      eachBatch: async ({ batch: { messages } }) => {
        await client.query({
          name: 'follow',
          text: 'INSERT INTO followed (id, value) SELECT * FROM unnest($1::text[], $2::text[])',
          values: [
            messages.map((message) => String(message.key)),
            messages.map((message) => String(message.value)),
          ],
        });
      },
    });
    await joined;
  },
};
export type RawCommands = typeof commands;

const rawKafka = (brokers: readonly string[]): Kafka =>
  new Kafka({ brokers: [...brokers], clientId: 'raw', logLevel: logLevel.NOTHING });

answer(commands);
