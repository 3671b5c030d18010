import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OUTBOX_SHARDS } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { createMessaging, ensureTopics, TopicNames, type Messaging } from '../src/index.js';
import {
  add,
  BROKERS,
  counted,
  specDatabase,
  specLogger,
  specPrefix,
  until,
  type SpecDatabase,
} from './harness.js';

describe('a relay that stops', () => {
  const prefix = specPrefix();
  let db: SpecDatabase;
  let messaging: Messaging;
  beforeAll(async () => {
    db = await specDatabase();
    await ensureTopics({
      brokers: BROKERS,
      names: new TopicNames(prefix),
      logger: specLogger,
      topics: ['submissions'],
    });
    messaging = createMessaging({
      service: 'extraction-intake',
      brokers: BROKERS,
      database: db.database,
      topicPrefix: prefix,
      logger: specLogger,
    });
  });
  afterAll(() => db.drop());

  it('sends what handlers left, also where a bulk made it wait', async () => {
    messaging.relay.start();
    await until('it has its shards', () => messaging.relay.ownedShards.length === OUTBOX_SHARDS);
    // Holds back sends for a second at a time.
    messaging.pace.begin('a bulk');
    const events = Array.from({ length: 5_000 }, (_, i) => counted(`k${i % 40}`, i));
    await add(messaging, db.database, events);
    await messaging.stop();
    expect((await db.database.query(`SELECT FROM outbox`)).rowCount).toBe(0);
    messaging.pace.end('a bulk');
  });
});

describe('a relay whose database is away', () => {
  it('waits longer each time, whatever is committed meanwhile, and says so once a minute', async () => {
    const lines: string[] = [];
    let tries = 0;
    const database = new Database({
      url: 'postgres://127.0.0.1:1/none',
      poolSize: 1,
      applicationName: 'messaging-spec',
    });
    const connect = database.connect.bind(database);
    database.connect = () => {
      tries++;
      return connect();
    };
    const { relay } = createMessaging({
      service: 'extraction-intake',
      brokers: BROKERS,
      database,
      logger: { ...specLogger, error: (_, message) => void lines.push(message) },
    });
    relay.start();
    await until('it has tried', () => tries >= 1);
    // Somebody always has something to tell.
    const waking = setInterval(() => relay.wake(), 1);
    const since = performance.now();
    await until('it has tried again', () => tries >= 4);
    // 100, 200 and 400 ms lie between four tries.
    expect(performance.now() - since).toBeGreaterThan(600);
    clearInterval(waking);
    expect(lines).toHaveLength(1);
    await relay.stop();
    await database.close();
  });
});
