import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Type } from '@sinclair/typebox';
import { defineEvent, newEvent, OUTBOX_SHARDS } from '@attest/contracts';
import { createMessaging, ensureTopics, shardOf, TopicNames, type Messaging } from '../src/index.js';
import { quietKafka, type Admin } from '../src/kafka/index.js';
import { add, BROKERS, specDatabase, specLogger, specPrefix, until, type SpecDatabase } from './harness.js';

const noted = (topic: 'organisations' | 'pcn-memberships') =>
  defineEvent({
    type: `spec.noted-in-${topic}.v1`,
    topic,
    says: 'something was noted, for specs',
    data: Type.Object({ key: Type.String(), n: Type.Integer(), padding: Type.Optional(Type.String()) }),
    key: (data) => data.key,
    version: (data) => data.n,
  });
const Organisation = noted('organisations');
const Membership = noted('pcn-memberships');

/** One key of each shard, by the shard. */
const KEYS = Array.from({ length: OUTBOX_SHARDS }, (_, shard) => {
  for (let i = 0; ; i++) if (shardOf(`k${i}`) === shard) return `k${i}`;
});
const STALLED = 5;

async function hasLeaders(admin: Admin, topic: string, partitions: number): Promise<boolean> {
  const metadata = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => undefined);
  const known = metadata?.topics[0]?.partitions ?? [];
  return known.length === partitions && known.every(({ leader }) => leader >= 0);
}

/** A broker that has just heard of a topic may refuse one partition for a moment; then the others are sent twice. */
async function takesRecords(topic: string, partitions: number): Promise<void> {
  const producer = quietKafka({ brokers: BROKERS }).producer();
  await producer.connect();
  const messages = Array.from({ length: partitions }, (_, partition) => ({
    partition,
    value: 'is it there?',
  }));
  await until('each partition takes a record', () =>
    producer.send({ topic, messages }).then(
      () => true,
      () => false,
    ),
  );
  await producer.disconnect();
}

describe('a partition that cannot be written', () => {
  let prefix: string;
  let admin: Admin;
  let db: SpecDatabase;
  let messaging: Messaging;
  const start = async (): Promise<void> => {
    messaging = createMessaging({
      service: 'organisations',
      brokers: BROKERS,
      database: db.database,
      topicPrefix: prefix,
      logger: specLogger,
    });
    // Without looking at the topics, as a service that has been running since before.
    messaging.relay.start();
    await until('all shards are its own', () => messaging.relay.ownedShards.length === OUTBOX_SHARDS);
  };
  const makeTopics = (): Promise<void> =>
    ensureTopics({
      brokers: BROKERS,
      names: new TopicNames(prefix),
      logger: specLogger,
      topics: ['organisations', 'pcn-memberships'],
    });
  const name = (topic: string): string => prefix + topic;
  const leftIn = async (): Promise<number[]> => {
    const { rows } = await db.database.query<{ shard: number }>(
      `SELECT DISTINCT shard FROM outbox ORDER BY shard`,
    );
    return rows.map(({ shard }) => shard);
  };
  const stored = async (topic: string): Promise<number> => {
    const ends = await admin.fetchTopicOffsets(name(topic));
    return ends.reduce((sum, { high }) => sum + Number(high), 0);
  };
  /** An event for every shard. */
  const ofAll = (n: number) => KEYS.map((key) => newEvent(Organisation, { key, n }));

  beforeEach(async () => {
    prefix = specPrefix();
    admin = quietKafka({ brokers: BROKERS }).admin();
    await admin.connect();
    db = await specDatabase();
  });
  afterEach(async () => {
    await messaging?.stop();
    await admin.disconnect();
    await db.drop();
  });

  it('stalls only the shards that feed it: what the others have stored leaves the outbox at once', async () => {
    // kafkajs' own wait for leaders throws where the broker has not heard of the topic yet.
    await admin.createTopics({
      waitForLeaders: false,
      topics: [{ topic: name('organisations'), numPartitions: 2 }],
    });
    await until('the topic has leaders', () => hasLeaders(admin, name('organisations'), 2));
    await takesRecords(name('organisations'), 2);
    const before = await stored('organisations');
    await start();
    const lacking = [2, 3, 6, 7, 10, 11, 14, 15];
    await add(messaging, db.database, ofAll(1));
    await until('only the lacking shards are left', async () => (await leftIn()).join() === lacking.join());
    await add(messaging, db.database, ofAll(2));
    await until('and again', async () => (await leftIn()).join() === lacking.join());
    expect((await stored('organisations')) - before).toBe(16);
    await admin.createPartitions({ topicPartitions: [{ topic: name('organisations'), count: 4 }] });
    await until('all is stored', async () => (await leftIn()).length === 0);
  });

  it('because one record is too large stalls the shard of that record alone, and keeps its order', async () => {
    await makeTopics();
    await takesRecords(name('organisations'), 4);
    const before = await stored('organisations');
    await setMostBytes(admin, name('organisations'), 10_000);
    await start();
    const tooLarge = { key: KEYS[STALLED]!, n: 1, padding: 'x'.repeat(20_000) };
    await add(messaging, db.database, [newEvent(Organisation, tooLarge), ...ofAll(2)]);
    await until('only its shard is left', async () => (await leftIn()).join() === String(STALLED));
    await add(messaging, db.database, ofAll(3));
    await until('and again', async () => (await leftIn()).join() === String(STALLED));
    // Twice at most: with the refused record, when nobody knew what was stored, and by themselves.
    expect((await stored('organisations')) - before).toBeLessThanOrEqual(2 * 15 + 15);
    await setMostBytes(admin, name('organisations'), 1_000_000);
    await until('all is stored', async () => (await leftIn()).length === 0);
    expect(await toldOf(name('organisations'), KEYS[STALLED]!, 3)).toEqual([1, 2, 3]);
  });

  it('because its topic is gone stalls the shards that have something for it, until it is there again', async () => {
    await makeTopics();
    await start();
    await add(messaging, db.database, [newEvent(Membership, { key: KEYS[STALLED]!, n: 1 }), ...ofAll(1)]);
    await until('all is stored', async () => (await leftIn()).length === 0);
    await admin.deleteTopics({ topics: [name('pcn-memberships')] });
    await add(messaging, db.database, [newEvent(Membership, { key: KEYS[STALLED]!, n: 2 }), ...ofAll(2)]);
    await until('only its shard is left', async () => (await leftIn()).join() === String(STALLED));
    const { rows } = await db.database.query<{ topic: string }>(`SELECT topic FROM outbox ORDER BY seq`);
    // Rows of another topic behind it wait with it: a shard's rows go in their order.
    expect(rows.map(({ topic }) => topic)).toEqual(['pcn-memberships', 'organisations']);
    await add(messaging, db.database, ofAll(3));
    await until('and again', async () => (await leftIn()).join() === String(STALLED));
    await makeTopics();
    await until('all is stored', async () => (await leftIn()).length === 0);
  });
});

describe('a topic with another number of partitions than its contract says', () => {
  it('refuses the start and says what is, what should be and what to do', async () => {
    const prefix = specPrefix();
    const admin = quietKafka({ brokers: BROKERS }).admin();
    await admin.connect();
    const topic = `${prefix}submissions`;
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 2 }] });
    await until('the topic has leaders', () => hasLeaders(admin, topic, 2));
    await admin.disconnect();
    const db = await specDatabase();
    const messaging = createMessaging({
      service: 'extraction-intake',
      brokers: BROKERS,
      database: db.database,
      topicPrefix: prefix,
      logger: specLogger,
    });
    const started = messaging.start();
    await expect(started).rejects.toMatchObject({ code: 'TOPIC_PARTITION_COUNT_DIFFERS' });
    await expect(started).rejects.toThrow(
      /submissions has 2 partitions and its contract says 4\..*add partitions/,
    );
    await messaging.stop();
    await db.drop();
  });
});

async function setMostBytes(admin: Admin, topic: string, bytes: number): Promise<void> {
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      { type: 2, name: topic, configEntries: [{ name: 'max.message.bytes', value: String(bytes) }] },
    ],
  });
}

/** What a topic holds of a key, in its order. */
async function toldOf(topic: string, key: string, count: number): Promise<number[]> {
  const consumer = quietKafka({ brokers: BROKERS }).consumer({ groupId: `${topic}-looks` });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const told: number[] = [];
  await consumer.run({
    eachMessage: ({ message }) => {
      if (message.key?.toString() === key)
        told.push((JSON.parse(message.value!.toString()) as { n: number }).n);
      return Promise.resolve();
    },
  });
  await until('all is read', () => told.length >= count);
  await consumer.disconnect();
  return told;
}
