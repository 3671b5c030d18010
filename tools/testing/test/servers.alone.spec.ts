import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  eventually,
  ownKafka,
  ownPostgres,
  testDatabase,
  testKafka,
  topicPrefix,
  type TestDatabase,
} from '@attest/testing';
import { quietKafka, type Kafka } from '@attest/messaging/kafka';
import pg from 'pg';

describe('a test database', () => {
  let mine: TestDatabase;
  let other: TestDatabase;
  beforeAll(async () => {
    [mine, other] = await Promise.all([testDatabase('mine'), testDatabase('other')]);
  });
  afterAll(() => Promise.all([mine.drop(), other.drop()]));

  it('is owned by its own role, which is no superuser', async () => {
    const { rows } = await query(
      mine.url,
      'SELECT current_user AS me, usesuper FROM pg_user WHERE usename = current_user',
    );
    expect(rows).toEqual([{ me: mine.name, usesuper: false }]);
    await query(mine.url, 'CREATE TABLE kept (id int)');
  });

  it('is closed to the role of another', async () => {
    const url = new URL(mine.url);
    url.pathname = `/${other.name}`;
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow('permission denied for database');
  });

  it('goes away with connections open', async () => {
    const gone = await testDatabase('gone');
    const open = new pg.Client({ connectionString: gone.url });
    open.on('error', () => undefined);
    await open.connect();
    await gone.drop();
    await expect(query(gone.url, 'SELECT 1')).rejects.toThrow();
    await open.end().catch(() => undefined);
  });
});

describe('a Kafka', () => {
  it('shared by all specs takes a topic of our own', async () => {
    const topic = `${topicPrefix('servers spec')}facts`;
    await createTopic(testKafka(), topic, 1);
    expect(await eventually(() => sendTo(testKafka(), topic))).toBe('0');
  });

  it('of our own carries on with two of its three brokers, and takes the third back', async () => {
    const kafka = await ownKafka({ nodes: 3 });
    try {
      await createTopic(kafka.brokers, 'facts', 3);
      expect(await eventually(() => sendTo(kafka.brokers, 'facts'))).toBe('0');
      await kafka.killBroker(0);
      // Until the controller misses the dead broker, clients are still sent to it.
      await eventually(() => sendTo(kafka.brokers.slice(1), 'facts'));
      await kafka.startBroker(0);
      await kafka.killBroker(1);
      await eventually(() => sendTo(kafka.brokers, 'facts'), { withinMs: 30_000 });
    } finally {
      await kafka.stop();
    }
  });
});

describe('a PostgreSQL of our own', () => {
  it('keeps what was committed when it is killed', async () => {
    const postgres = await ownPostgres();
    try {
      await query(postgres.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
      await postgres.kill();
      await expect(query(postgres.adminUrl, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
      await postgres.start();
      expect((await query(postgres.adminUrl, 'SELECT answer FROM kept')).rows).toEqual([{ answer: 42 }]);
    } finally {
      await postgres.stop();
    }
  });
});

async function query(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

async function createTopic(brokers: string[], topic: string, replicationFactor: number): Promise<void> {
  const admin = kafkaAt(brokers).admin();
  await admin.connect();
  try {
    // Waiting for leaders can fail with a topic that exists (a broker not yet told), so sending waits instead.
    const topics = [{ topic, numPartitions: 1, replicationFactor }];
    await admin.createTopics({ topics, waitForLeaders: false });
  } finally {
    await admin.disconnect();
  }
}

/** Sends one record that all in-sync replicas must hold, and tells its offset. */
async function sendTo(brokers: string[], topic: string): Promise<string | undefined> {
  const producer = kafkaAt(brokers).producer();
  await producer.connect();
  try {
    const sent = await producer.send({ topic, acks: -1, messages: [{ partition: 0, value: 'a fact' }] });
    return sent[0]?.baseOffset;
  } finally {
    await producer.disconnect();
  }
}

function kafkaAt(brokers: string[]): Kafka {
  return quietKafka({ brokers, retry: { retries: 5, maxRetryTime: 500 } });
}
