import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMessaging } from '../src/index.js';
import { quietKafka } from '../src/kafka/index.js';
import { ownKafka, type OwnKafka } from '@attest/testing';
import {
  add,
  AppliesCounted,
  appliedCount,
  BROKERS,
  counted,
  faultsOf,
  specDatabase,
  specLogger,
  specPrefix,
  specService,
  until,
  type SpecDatabase,
} from './harness.js';
import { specPair, type SpecPair } from './route.js';

/** Writes events in transactions of 1,000, key by key in order. */
async function write({ intake, sender }: SpecPair, count: number, keys = 100, from = 0): Promise<void> {
  for (let i = from; i < from + count; i += 1_000)
    await add(
      intake.messaging,
      sender.database,
      Array.from({ length: 1_000 }, (_, j) => counted(`k${(i + j) % keys}`, Math.floor((i + j) / keys))),
    );
}

async function expectAll({ receiver }: SpecPair, count: number, limitMs: number): Promise<void> {
  await until('all applied', async () => (await appliedCount(receiver.database)) >= count, limitMs);
  expect(await appliedCount(receiver.database)).toBe(count);
  expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
}

describe('a broker that is killed and started again', () => {
  let kafka: OwnKafka;
  let services: SpecPair;
  beforeAll(async () => {
    kafka = await ownKafka({ nodes: 1 });
    services = await specPair({ brokers: kafka.brokers });
  });
  afterAll(async () => {
    await services?.close();
    await kafka?.stop();
  });

  it('delays events and loses none', async () => {
    await write(services, 5_000);
    await until('some applied', async () => (await appliedCount(services.receiver.database)) > 0);
    await kafka.killBroker(0);
    await write(services, 5_000, 100, 5_000);
    await kafka.startBroker(0);
    await expectAll(services, 10_000, 60_000);
    expect(services.aggregation.fatal()).toBeUndefined();
  });
});

describe('a broker that comes after its service', () => {
  let kafka: OwnKafka;
  let db: SpecDatabase;
  beforeAll(async () => {
    [kafka, db] = await Promise.all([ownKafka({ nodes: 1 }), specDatabase()]);
  });
  afterAll(async () => {
    await db?.drop();
    await kafka?.stop();
  });

  it('with other partition counts than the contracts say ends it, before anything is sent', async () => {
    const admin = quietKafka({ brokers: kafka.brokers }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'submissions', numPartitions: 2 }] });
    await admin.disconnect();
    await kafka.killBroker(0);
    let fatal: Error | undefined;
    const intake = createMessaging({
      service: 'extraction-intake',
      brokers: kafka.brokers,
      database: db.database,
      logger: specLogger,
      onFatal: (error) => void (fatal = error),
    });
    await intake.start();
    await add(intake, db.database, [counted('k1', 1)]);
    expect(fatal).toBeUndefined();
    await kafka.startBroker(0);
    await until('it has looked at the topics', () => fatal);
    expect(fatal).toMatchObject({ code: 'TOPIC_PARTITION_COUNT_DIFFERS' });
    expect((await db.database.query(`SELECT FROM outbox`)).rowCount).toBe(1);
    await intake.stop();
  });
});

describe('a partition that the metadata does not know', () => {
  it('keeps its records in the outbox until it exists; nothing is taken for sent', async () => {
    const topicPrefix = specPrefix();
    const admin = quietKafka({ brokers: BROKERS }).admin();
    await admin.connect();
    await admin.createTopics({
      waitForLeaders: false,
      topics: [{ topic: `${topicPrefix}submissions`, numPartitions: 2 }],
    });
    const [sender, receiver] = await Promise.all([specDatabase(), specDatabase()]);
    const intake = createMessaging({
      service: 'extraction-intake',
      brokers: BROKERS,
      database: sender.database,
      topicPrefix,
      logger: specLogger,
    });
    // Its start would refuse the topic.
    intake.relay.start();
    await add(
      intake,
      sender.database,
      Array.from({ length: 400 }, (_, i) => counted(`k${i % 20}`, Math.floor(i / 20))),
    );
    const stored = async () => {
      const ends = await admin.fetchTopicOffsets(`${topicPrefix}submissions`);
      return ends.reduce((sum, { high }) => sum + Number(high), 0);
    };
    await until('what has a partition', async () => (await stored()) > 0);
    const left = async () =>
      (await sender.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM outbox`)).rows[0]!.n;
    await until('what was stored has left the outbox', async () => (await left()) === 400 - (await stored()));
    expect(await left()).toBeGreaterThan(0);
    await admin.createPartitions({ topicPartitions: [{ topic: `${topicPrefix}submissions`, count: 4 }] });
    // A consumer that joins before the broker tells of them is given them a minute later.
    await until(
      'the broker tells of the new partitions',
      async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [`${topicPrefix}submissions`] });
        return topics[0]!.partitions.length === 4;
      },
      30_000,
    );
    const aggregation = await specService(
      { service: 'aggregation', database: receiver.database, topicPrefix },
      { controllers: [AppliesCounted] },
    );
    await until('all applied', async () => (await appliedCount(receiver.database)) >= 400, 30_000);
    expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
    await until(
      'outbox empty',
      async () => (await sender.database.query(`SELECT FROM outbox LIMIT 1`)).rows.length === 0,
    );
    await admin.disconnect();
    await Promise.all([intake.stop(), aggregation.close()]);
    await Promise.all([sender.drop(), receiver.drop()]);
  });
});

describe('the leader of three brokers, killed while 100,000 events are sent', () => {
  let kafka: OwnKafka;
  let services: SpecPair;
  beforeAll(async () => {
    kafka = await ownKafka({ nodes: 3 });
    services = await specPair({ brokers: kafka.brokers });
  }, 120_000);
  afterAll(async () => {
    await services?.close();
    await kafka?.stop();
  });

  it('costs seconds; none is lost and none is applied twice', async () => {
    const admin = quietKafka({ brokers: kafka.brokers }).admin();
    await admin.connect();
    const topicName = (await admin.listTopics()).find((name) => name.endsWith('-submissions'))!;
    const { topics } = await admin.fetchTopicMetadata({ topics: [topicName] });
    const { leader, isr } = topics[0]!.partitions[0]!;
    expect(isr).toHaveLength(3);
    await admin.disconnect();
    const writing = write(services, 100_000, 500);
    await until(
      'in the middle',
      async () => (await appliedCount(services.receiver.database)) > 10_000,
      60_000,
    );
    await kafka.killBroker(leader - 1);
    await writing;
    await expectAll(services, 100_000, 90_000);
  }, 180_000);
});
