import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { quietKafka, type Admin } from '../src/kafka/index.js';
import { partitionOf, restoreProducer, rewindFence, shardOf, TopicNames } from '../src/index.js';
import { startChild } from './children.js';
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
  type SpecService,
} from './harness.js';

describe('how far a consumer is', () => {
  const kafka = quietKafka({ brokers: BROKERS });
  let admin: Admin;
  let topicPrefix: string;
  let sender: SpecDatabase;
  let receiver: SpecDatabase;
  let intake: SpecService;
  let aggregation: SpecService | undefined;

  beforeAll(async () => {
    admin = kafka.admin();
    await admin.connect();
    topicPrefix = specPrefix();
    [sender, receiver] = await Promise.all([specDatabase(), specDatabase()]);
    intake = await specService({ service: 'extraction-intake', database: sender.database, topicPrefix });
  });
  afterEach(async () => {
    await aggregation?.close();
    aggregation = undefined;
  });
  afterAll(async () => {
    await admin.disconnect();
    await intake?.close();
    await sender?.drop();
    await receiver?.drop();
  });

  const consume = async (): Promise<SpecService> =>
    (aggregation = await specService(
      { service: 'aggregation', database: receiver.database, topicPrefix },
      { controllers: [AppliesCounted] },
    ));
  const log = () => ({ brokers: BROKERS, names: new TopicNames(topicPrefix), logger: specLogger });
  const all = (n: number) => until(`${n} applied`, async () => (await appliedCount(receiver.database)) >= n);
  /** Not known for a moment, while the group's coordinator is being found. */
  const members = (): Promise<number> =>
    admin.describeGroups([`${topicPrefix}aggregation`]).then(
      ({ groups }) => groups[0]!.members.length,
      () => -1,
    );
  let total = 0;
  const say = async (key: string, count: number): Promise<void> => {
    await add(
      intake.messaging,
      sender.database,
      Array.from({ length: count }, (_, i) => counted(key, i)),
    );
    total += count;
  };
  const sent = () =>
    until('sent', async () => (await sender.database.query(`SELECT FROM outbox LIMIT 1`)).rows.length === 0);

  it('is not changed by offsets that somebody moves at the broker', async () => {
    await say('first', 3_000);
    await consume();
    await all(total);
    await aggregation!.close();
    await say('second', 500);
    await sent();
    const groupId = new TopicNames(topicPrefix).group('aggregation');
    const topic = `${topicPrefix}submissions`;
    const ends = await admin.fetchTopicOffsets(topic);
    // Half of the partitions back to the beginning, half past what was not read yet.
    await admin.setOffsets({
      groupId,
      topic,
      partitions: ends.map(({ partition, high }) => ({ partition, offset: partition % 2 ? high : '0' })),
    });
    await consume();
    await all(total);
    expect(await appliedCount(receiver.database)).toBe(total);
    expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
  });

  it('goes back to 0 by a deliberate replay that keeps the inbox, and nothing is applied twice', async () => {
    await consume();
    await say('third', 10);
    await all(total);
    const rewound = await rewindFence(receiver.database, log(), {
      consumer: 'aggregation',
      topic: 'submissions',
      to: 0n,
      forgetInbox: false,
      who: 'operator',
      why: 'spec',
    });
    expect(rewound).toBe(4);
    await until('at the end again', async () => {
      const { rows } = await receiver.database.query<{ n: bigint }>(
        `SELECT sum(next_offset)::bigint AS n FROM consumer_fence WHERE topic = 'submissions' AND epoch = 1`,
      );
      return rows[0]!.n === BigInt(total);
    });
    expect(await appliedCount(receiver.database)).toBe(total);
    const { rows } = await receiver.database.query(`SELECT DISTINCT rewound_by, reason FROM fence_rewind`);
    expect(rows).toEqual([{ rewound_by: 'operator', reason: 'spec' }]);
  });

  it('goes back to 0 by a deliberate replay that forgets the inbox, and its handlers see everything again', async () => {
    await consume();
    await receiver.database.query(`TRUNCATE applied`);
    await rewindFence(receiver.database, log(), {
      consumer: 'aggregation',
      topic: 'submissions',
      to: 0n,
      who: 'operator',
      why: 'rebuild',
    });
    await all(total);
    expect(await appliedCount(receiver.database)).toBe(total);
    expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
  });

  it('is not set to what the log does not hold, and nothing is changed then', async () => {
    const fences = async () =>
      (await receiver.database.query(`SELECT * FROM consumer_fence ORDER BY topic, partition`)).rows;
    const before = await fences();
    const rewind = (to: bigint | 'latest', partition?: number) =>
      rewindFence(receiver.database, log(), {
        consumer: 'aggregation',
        topic: 'submissions',
        partition,
        to,
        forgetInbox: false,
        who: 'operator',
        why: 'spec',
      });
    const topic = `${topicPrefix}submissions`;
    await expect(rewind(1_000_000n)).rejects.toMatchObject({ code: 'REWIND_OUTSIDE_LOG' });
    await expect(rewind(0n, 7)).rejects.toMatchObject({ code: 'REWIND_WITHOUT_FENCE' });
    const written = partitionOf(shardOf('first'), 4);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: written, offset: '5' }] });
    await expect(rewind(4n, written)).rejects.toMatchObject({
      code: 'REWIND_OUTSIDE_LOG',
      facts: { partition: written, earliest: '5' },
    });
    expect(await fences()).toEqual(before);
    expect(await rewind('latest', written)).toBe(1);
  });

  it('rests while its topic is paused and goes on where it was', async () => {
    await consume();
    await aggregation!.messaging.control.pause('submissions', 'operator', 'spec');
    const before = await appliedCount(receiver.database);
    await say('paused', 50);
    await sent();
    await pause(300);
    expect(await appliedCount(receiver.database)).toBe(before);
    await aggregation!.messaging.control.resume('submissions', 'operator');
    await all(total);
    expect(await appliedCount(receiver.database)).toBe(total);
  });

  it('is where the restored database says, which then catches up', async () => {
    // What a backup of an hour ago holds: less effect, less inbox, an earlier fence.
    await receiver.database.query(`CREATE TABLE backup_fence AS TABLE consumer_fence`);
    await receiver.database.query(`CREATE TABLE backup_inbox AS SELECT event_id, reader FROM inbox_done`);
    await receiver.database.query(`CREATE TABLE backup_applied AS TABLE applied`);
    await consume();
    await say('within the hour', 700);
    await all(total);
    await aggregation!.close();
    await receiver.database.transaction(async (tx) => {
      await tx.query(`TRUNCATE consumer_fence, inbox, inbox_done, applied`);
      await tx.query(`INSERT INTO consumer_fence SELECT * FROM backup_fence`);
      await tx.query(`INSERT INTO inbox_done (event_id, reader) SELECT event_id, reader FROM backup_inbox`);
      await tx.query(
        `INSERT INTO applied (key, n, event_id) SELECT key, n, event_id FROM backup_applied ORDER BY seq`,
      );
    });
    await consume();
    await all(total);
    expect(await appliedCount(receiver.database)).toBe(total);
    expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
  });

  it('is kept by the fence when a stalled member wakes after its session has ended', async () => {
    const child = startChild({ service: 'aggregation', url: receiver.url, topicPrefix, consumes: true });
    await child.started;
    await until('joined', async () => (await members()) === 1);
    const before = total;
    for (let i = 0; i < 10; i++) await say(`stalled-${i}`, 2_000);
    await until('in the middle of it', async () => (await appliedCount(receiver.database)) > before + 1_000);
    child.process.kill('SIGSTOP');
    await consume();
    // The zombie may hold a partition's fence until its session or its transaction ends; it may not do more.
    await until('the partitions that it left', async () => (await members()) === 1, 45_000);
    child.process.kill('SIGCONT');
    await all(total);
    await until('everybody at the end', async () => {
      const { rows } = await receiver.database.query<{ n: bigint }>(
        `SELECT sum(next_offset)::bigint AS n FROM consumer_fence WHERE topic = 'submissions'`,
      );
      return rows[0]!.n === BigInt(total);
    });
    expect(await appliedCount(receiver.database)).toBe(total);
    expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
    await child.kill();
  }, 120_000);

  it('stops the consumer when the records after its fence are no longer retained', async () => {
    await sent();
    const topic = `${topicPrefix}submissions`;
    await receiver.database.query(`UPDATE consumer_fence SET next_offset = 3 WHERE topic = 'submissions'`);
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({
      topic,
      partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
    });
    await consume();
    const error = await until('the end', () => aggregation!.fatal());
    expect(error).toMatchObject({
      code: 'FENCE_OFFSET_NOT_RETAINED',
      facts: { topic: 'submissions', fence: '3' },
    });
  });
});

describe('a producer whose database is restored', () => {
  it('learns what it has forgotten and raises its epoch, also past a restore that it has forgotten', async () => {
    const topicPrefix = specPrefix();
    const [sender, receiver] = await Promise.all([specDatabase(), specDatabase()]);
    const options = { service: 'extraction-intake', database: sender.database, topicPrefix };
    const intake = await specService(options);
    await add(
      intake.messaging,
      sender.database,
      Array.from({ length: 20 }, (_, i) => counted('kept', i)),
    );
    const archived = (n: number) =>
      until('archived', async () => {
        const { rows } = await sender.database.query<{ n: bigint }>(
          `SELECT count(*) AS n FROM outbox_archive`,
        );
        return rows[0]!.n === BigInt(n);
      });
    await archived(20);
    await add(intake.messaging, sender.database, [counted('lost', 1), counted('lost', 2)]);
    await archived(22);
    const restore = () =>
      restoreProducer({
        service: 'extraction-intake',
        database: sender.database,
        brokers: BROKERS,
        names: new TopicNames(topicPrefix),
        logger: specLogger,
        who: 'operator',
        why: 'disk lost',
      });
    await expect(restore()).rejects.toMatchObject({ code: 'RELAY_STILL_RUNNING' });
    await intake.close();
    await sender.database.query(`DELETE FROM outbox_archive_row WHERE key = 'lost'`);
    expect(await restore()).toMatchObject({
      epoch: 1,
      versionFloor: 1_000_000,
      forgotten: 2,
      forgottenByType: [{ topic: 'submissions', type: 'spec.counted.v1', keys: 1, events: 2 }],
    });
    const { rows } = await sender.database.query(
      `SELECT key, aggregate_version AS version FROM forgotten_event ORDER BY aggregate_version`,
    );
    expect(rows).toEqual([
      { key: 'lost', version: 1n },
      { key: 'lost', version: 2n },
    ]);
    const again = await specService(options);
    await add(again.messaging, sender.database, [counted('anew', 1)]);
    await archived(21);
    const seen = await headersOfLast(`${topicPrefix}submissions`, 'anew');
    expect(seen['ce_producerepoch']).toBe('1');
    await again.close();
    // A backup of before the first restore: what was told since then says which epochs there were.
    await sender.database.query(`DELETE FROM outbox_archive_row WHERE key = 'anew'`);
    await sender.database.query(`TRUNCATE producer_epoch, forgotten_event`);
    expect(await restore()).toMatchObject({ epoch: 2, versionFloor: 2_000_000, forgotten: 3 });
    await sender.drop();
    await receiver.drop();
  });
});

async function headersOfLast(topic: string, key: string): Promise<Record<string, string>> {
  const consumer = quietKafka({ brokers: BROKERS }).consumer({
    groupId: `${topic}-look`,
    maxWaitTimeInMs: 100,
  });
  let found: Record<string, string> | undefined;
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      if (message.key?.toString() === key)
        found = Object.fromEntries(
          Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
        );
    },
  });
  await until('the record', () => found !== undefined);
  await consumer.disconnect();
  return found!;
}
