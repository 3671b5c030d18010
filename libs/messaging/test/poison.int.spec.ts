import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message } from '../src/kafka/index.js';
import { uuidV7, type TopicName } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import {
  blockedKeys,
  ParkListener,
  partitionOf,
  shardOf,
  type ParkedKey,
  type ParkListening,
} from '../src/index.js';
import { add, appliedCount, counted, faultsOf, specPrefix, until } from './harness.js';
import { specPair, specRoute, type SpecRoute } from './route.js';

@ParkListener()
class NotesParking implements ParkListening {
  readonly heard: string[] = [];
  async parked(_tx: Tx, { key, code }: ParkedKey): Promise<void> {
    this.heard.push(`parked ${key} ${code}`);
  }
  async unparked(_tx: Tx, { key }: { topic: TopicName; key: string }): Promise<void> {
    this.heard.push(`unparked ${key}`);
  }
}

describe('an event that cannot be applied', () => {
  const topicPrefix = specPrefix();
  const parking = new NotesParking();
  let route: SpecRoute;

  beforeAll(async () => void (route = await specRoute(topicPrefix, [parking])));
  afterEach(() => void (parking.heard.length = 0));
  afterAll(() => route?.close());

  const defect = (key: string, n: number) =>
    route.receiver.database.query(`INSERT INTO defect (key, n) VALUES ($1, $2)`, [key, n]);
  const repair = (key: string) => route.receiver.database.query(`DELETE FROM defect WHERE key = $1`, [key]);
  const versionsOf = async (key: string) =>
    (
      await route.receiver.database.query<{ n: number }>(
        `SELECT n FROM applied WHERE key = $1 ORDER BY seq`,
        [key],
      )
    ).rows.map(({ n }) => n);
  const produce = (
    key: string | Buffer | null,
    value: string | null,
    headers: Message['headers'],
    shardKey: string,
  ) =>
    route.producer.send({
      topic: `${topicPrefix}submissions`,
      messages: [
        { key, value, partition: partitionOf(shardOf(shardKey), 4), ...(headers ? { headers } : {}) },
      ],
    });
  const envelope = (type: string) => ({
    ce_specversion: '1.0',
    ce_id: uuidV7(),
    ce_type: type,
    ce_source: 'extraction-intake',
    ce_aggregateversion: '1',
  });

  it('is dead-lettered alone out of the middle of a batch; its key waits, every other goes on', async () => {
    await defect('bad', 2);
    const before = await appliedCount(route.receiver.database);
    const events = [1, 2, 3, 4].flatMap((n) => [
      counted('bad', n),
      ...Array.from({ length: 300 }, (_, i) => counted(`good-${i}`, n)),
    ]);
    await add(route.intake.messaging, route.sender.database, events);
    await until(
      'the good ones',
      async () => (await appliedCount(route.receiver.database)) === before + 1_201,
    );
    await until('the last of the bad key parked', async () => {
      const { rows } = await route.receiver.database.query(`SELECT FROM parked_event WHERE key = 'bad'`);
      return rows.length === 2;
    });
    expect(await versionsOf('bad')).toEqual([1]);
    expect(await faultsOf(route.receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
    const blocked = await blockedKeys(route.receiver.database, 'submissions', ['bad', 'good-1']);
    expect([...blocked.values()].map(({ key, code }) => ({ key, code }))).toEqual([
      { key: 'bad', code: 'SPEC_DEFECT' },
    ]);
    expect(parking.heard).toEqual(['parked bad SPEC_DEFECT']);
  });

  it('reaches the dead-letter topic with key, value and headers unchanged, and its reason', async () => {
    const consumer = route.kafka.consumer({ groupId: `${topicPrefix}dlq-reader`, maxWaitTimeInMs: 100 });
    const seen: Message[] = [];
    await until('the dead-letter topic', async () => {
      const admin = route.kafka.admin();
      await admin.connect();
      const topics = await admin.listTopics().finally(() => admin.disconnect());
      return topics.includes(`${topicPrefix}submissions.aggregation.dlq`);
    });
    await consumer.subscribe({ topic: `${topicPrefix}submissions.aggregation.dlq`, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void seen.push(message as Message) });
    await until('the copy', () => seen.length > 0);
    await consumer.disconnect();
    const [copy] = seen as { key: Buffer; value: Buffer; headers: Record<string, Buffer> }[];
    expect(copy!.key.toString()).toBe('bad');
    expect(JSON.parse(copy!.value.toString())).toEqual({ key: 'bad', n: 2 });
    const headers = Object.fromEntries(
      Object.entries(copy!.headers).map(([name, value]) => [name, value.toString()]),
    );
    expect(headers).toMatchObject({
      ce_type: 'spec.counted.v1',
      'dlq-original-topic': 'submissions',
      'dlq-group': 'aggregation',
      'dlq-error-code': 'SPEC_DEFECT',
    });
  });

  it('stays dead when it is replayed before its cause is gone', async () => {
    const result = await route.aggregation.messaging.deadLetters.replay({
      key: 'bad',
      who: 'operator',
      why: 'try',
    });
    expect(result).toMatchObject({ applied: 0, failed: [{ key: 'bad', code: 'SPEC_DEFECT' }] });
    expect(await versionsOf('bad')).toEqual([1]);
  });

  it('is tried and left as it was by a dry run, which says what would happen now', async () => {
    const dryRun = () =>
      route.aggregation.messaging.deadLetters.replay({
        key: 'bad',
        dryRun: true,
        who: 'operator',
        why: 'look',
      });
    expect(await dryRun()).toMatchObject({
      dryRun: true,
      keys: 1,
      applied: 0,
      failed: [{ key: 'bad', code: 'SPEC_DEFECT' }],
    });
    await repair('bad');
    expect(await dryRun()).toMatchObject({
      dryRun: true,
      applied: 3,
      failed: [],
      outcomes: [{ stillDead: 0 }],
    });
    expect(await versionsOf('bad')).toEqual([1]);
    expect((await blockedKeys(route.receiver.database, 'submissions', ['bad'])).has('bad')).toBe(true);
  });

  it('is applied by a replay, with what was parked behind it in order, and the key is free', async () => {
    const result = await route.aggregation.messaging.deadLetters.replay({
      key: 'bad',
      who: 'operator',
      why: 'rule mended',
    });
    expect(result).toMatchObject({ keys: 1, applied: 3, failed: [] });
    expect(await versionsOf('bad')).toEqual([1, 2, 3, 4]);
    expect((await blockedKeys(route.receiver.database, 'submissions')).size).toBe(0);
    expect(parking.heard).toEqual(['unparked bad']);
    await add(route.intake.messaging, route.sender.database, [counted('bad', 5)]);
    await until('the next of the key', async () => (await versionsOf('bad')).length === 5);
    const { rows } = await route.receiver.database.query<{ who: string; why: string }>(
      `SELECT settled_by AS who, settled_reason AS why FROM dead_letter WHERE key = 'bad'`,
    );
    expect(rows).toEqual([{ who: 'operator', why: 'rule mended' }]);
  });

  it('leaves a parked one dead in its place when that fails in turn', async () => {
    await defect('chain', 1);
    await add(
      route.intake.messaging,
      route.sender.database,
      [1, 2, 3].map((n) => counted('chain', n)),
    );
    await until(
      'parked',
      async () =>
        (await route.receiver.database.query(`SELECT FROM parked_event WHERE key = 'chain'`)).rows.length ===
        2,
    );
    await repair('chain');
    await defect('chain', 2);
    const first = await route.aggregation.messaging.deadLetters.replay({
      key: 'chain',
      who: 'operator',
      why: 'mended',
    });
    expect(first).toMatchObject({ applied: 1, failed: [{ key: 'chain', code: 'SPEC_DEFECT' }] });
    expect(await versionsOf('chain')).toEqual([1]);
    const second = await route.aggregation.messaging.deadLetters.replay({
      key: 'chain',
      discard: true,
      who: 'operator',
      why: 'made in error',
    });
    expect(second).toMatchObject({ applied: 1, discarded: 1, failed: [] });
    expect(await versionsOf('chain')).toEqual([1, 3]);
  });

  it.each([
    ['no type', { ce_id: uuidV7() }, '{}', 'EVENT_UNREADABLE'],
    [
      'an id that is none',
      { ...envelope('spec.counted.v1'), ce_id: 'seven' },
      '{"key":"x","n":1}',
      'EVENT_UNREADABLE',
    ],
    ['no JSON', envelope('spec.counted.v1'), '{"key":', 'EVENT_UNREADABLE'],
    ['no value', envelope('spec.counted.v1'), null, 'EVENT_UNREADABLE'],
    [
      'data that does not fit',
      envelope('spec.counted.v1'),
      '{"key":"x","n":"one"}',
      'EVENT_DOES_NOT_FIT_CONTRACT',
    ],
  ])(
    'is dead-lettered when it has %s',
    async (what, headers, value, code) => {
      const key = `unreadable ${what}`;
      await produce(key, value, headers, key);
      const [dead] = await until('dead', async () => {
        const { rows } = await route.receiver.database.query<{ code: string }>(
          `SELECT error_code AS code FROM dead_letter WHERE key = $1`,
          [key],
        );
        return rows.length > 0 && rows;
      });
      expect(dead!.code).toBe(code);
      await add(route.intake.messaging, route.sender.database, [counted(key, 2)]);
      await until(
        'parked behind it',
        async () =>
          (await route.receiver.database.query(`SELECT FROM parked_event WHERE key = $1`, [key])).rows
            .length === 1,
      );
    },
    30_000,
  );

  it('blocks every dependant of the topic when its key cannot be read', async () => {
    await produce(null, '{"key":"x","n":1}', envelope('spec.counted.v1'), 'x');
    await until('blocked', async () =>
      (await blockedKeys(route.receiver.database, 'submissions', ['anything'])).has('anything'),
    );
    const result = await route.aggregation.messaging.deadLetters.replay({
      key: '*',
      discard: true,
      who: 'operator',
      why: 'nobody knows whose',
    });
    expect(result.discarded).toBe(1);
    expect((await blockedKeys(route.receiver.database, 'submissions', ['anything'])).size).toBe(0);
  });
});

describe('an event of a version that this release does not know', () => {
  it('stops the consumer in front of it and applies what comes before', async () => {
    const pair = await specPair();
    const { sender, receiver, intake, aggregation } = pair;
    const row = (type: string, n: number) => [{ id: uuidV7(), type, n }];
    await sender.database.transaction((tx) =>
      intake.messaging.outbox.insert(
        tx,
        [...row('spec.counted.v1', 1), ...row('spec.counted.v9', 2), ...row('spec.counted.v1', 3)].map(
          ({ id, type, n }) => ({
            shard: shardOf('k'),
            id,
            topic: 'submissions',
            key: 'k',
            type,
            aggregateVersion: BigInt(n),
            payload: JSON.stringify({ key: 'k', n }),
            headers: undefined,
            traceparent: undefined,
            tracestate: undefined,
          }),
        ),
      ),
    );
    const error = await until('the end', () => aggregation.fatal());
    expect(error).toMatchObject({
      code: 'UNKNOWN_EVENT_VERSION',
      facts: { type: 'spec.counted.v9', offset: '1' },
    });
    const { rows } = await receiver.database.query(`SELECT n FROM applied`);
    expect(rows).toEqual([{ n: 1 }]);
    await pair.close();
  });
});
