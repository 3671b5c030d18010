import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { relearn, TopicNames } from '../src/index.js';
import { quietKafka, type Admin } from '../src/kafka/index.js';
import {
  add,
  AppliesCounted,
  BROKERS,
  counted,
  specDatabase,
  specLogger,
  specPrefix,
  specService,
  until,
  type SpecDatabase,
  type SpecService,
} from './harness.js';
import { STANDING, TellsCounted } from './tells-counted.js';

describe('a writer tells again what it stands for', () => {
  let admin: Admin;
  let topicPrefix: string;
  let sender: SpecDatabase;
  let receiver: SpecDatabase;
  let intake: SpecService;
  let aggregation: SpecService | undefined;
  const publisher = new TellsCounted();
  const asked = { topic: 'submissions', ratePerSecond: 10_000, who: 'operator', why: 'spec' } as const;

  beforeAll(async () => {
    admin = quietKafka({ brokers: BROKERS }).admin();
    await admin.connect();
    topicPrefix = specPrefix();
    [sender, receiver] = await Promise.all([specDatabase(), specDatabase()]);
    intake = await writer();
  });
  afterEach(async () => {
    await aggregation?.close();
    aggregation = undefined;
    await receiver.database.query(`TRUNCATE applied`);
  });
  afterAll(async () => {
    await admin?.disconnect();
    await intake?.close();
    await sender?.drop();
    await receiver?.drop();
  });

  async function writer(): Promise<SpecService> {
    const made = await specService({ service: 'extraction-intake', database: sender.database, topicPrefix });
    made.messaging.republisher.publishers.offer(publisher);
    return made;
  }
  const reader = async (): Promise<SpecService> =>
    (aggregation = await specService(
      { service: 'aggregation', database: receiver.database, topicPrefix },
      { controllers: [AppliesCounted] },
    ));
  const applied = async () =>
    (
      await receiver.database.query<{ key: string; n: number }>(
        `SELECT key, n FROM applied ORDER BY key, seq`,
      )
    ).rows;
  const runOf = async (runId: string) =>
    (await intake.messaging.republisher.list({ limit: 100 })).find((run) => run.runId === runId)!;
  const done = (runId: string) =>
    until('the run ended', async () => {
      const run = await runOf(runId);
      return run.status === 'running' ? undefined : run;
    });
  const sent = () =>
    until('sent', async () => (await sender.database.query(`SELECT FROM outbox LIMIT 1`)).rows.length === 0);
  /** What every reader has read is gone, from the log and from the archive. */
  const forget = async () => {
    await sent();
    const topic = `${topicPrefix}submissions`;
    const ends = await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({
      topic,
      partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
    });
    await sender.database.query(`TRUNCATE outbox_archive_row, outbox_archive_lot`);
  };

  it('page by page, each event once, with its version and the run that told it', async () => {
    await reader();
    const { runId } = await intake.messaging.republisher.request(asked);
    expect(await done(runId)).toMatchObject({ status: 'done', events: 600, requestedBy: 'operator' });
    await until('all applied', async () => (await applied()).length >= 600);
    expect(await applied()).toEqual(STANDING);
    await sent();
    const { rows } = await sender.database.query(
      `SELECT count(*)::int AS n, count(DISTINCT txid)::int AS pages, count(*) FILTER (WHERE aggregate_version = substr(key, 2)::int)::int AS versions
       FROM outbox_archive WHERE headers ->> 'ce_republished' = $1`,
      [runId],
    );
    expect(rows).toEqual([{ n: 600, pages: 3, versions: 600 }]);
  });

  it('no faster than its rate', async () => {
    const { runId } = await intake.messaging.republisher.request({ ...asked, ratePerSecond: 200 });
    await done(runId);
    const { rows } = await sender.database.query<{ seconds: number }>(
      `SELECT extract(epoch FROM finished_at - requested_at)::float8 AS seconds FROM republish_run WHERE run_id = $1`,
      [runId],
    );
    // Three pages of 200; the last one waits for nobody.
    expect(rows[0]!.seconds).toBeGreaterThanOrEqual(2);
  });

  it('and goes on where it was, in whichever replica lives, when one ends in between', async () => {
    publisher.failAfter = 'k249';
    publisher.failWith = Object.assign(new Error('the database went away'), { code: '57P01' });
    const { runId } = await intake.messaging.republisher.request(asked);
    await until('the first page', async () => (await runOf(runId)).events === 250);
    await intake.close();
    publisher.failWith = undefined;
    intake = await writer();
    expect(await done(runId)).toMatchObject({ status: 'done', events: 600 });
    await sent();
    const { rows } = await sender.database.query(
      `SELECT count(DISTINCT key)::int AS keys, count(*)::int AS n FROM outbox_archive WHERE headers ->> 'ce_republished' = $1`,
      [runId],
    );
    expect(rows).toEqual([{ keys: 600, n: 600 }]);
  });

  it('only some keys, where it was asked for those', async () => {
    const { runId } = await intake.messaging.republisher.request({
      ...asked,
      keys: ['k007', 'k300', 'none'],
    });
    expect(await done(runId)).toMatchObject({ status: 'done', events: 2, keys: ['k007', 'k300', 'none'] });
  });

  it('and says why it cannot', async () => {
    publisher.failAfter = 'k249';
    publisher.failWith = new TypeError('a row that nobody understands');
    const { runId } = await intake.messaging.republisher.request(asked);
    const failed = await done(runId);
    publisher.failWith = undefined;
    expect(failed).toMatchObject({ status: 'failed', failure: { code: 'HANDLER_FAILED' } });
    await expect(
      intake.messaging.republisher.request({ ...asked, topic: 'approvals' }),
    ).rejects.toMatchObject({ code: 'NOTHING_TO_REPUBLISH' });
  });

  it('to a reader that is new when the beginning of the log is gone: it does not begin with a part of the facts', async () => {
    await forget();
    await receiver.database.query(`DELETE FROM consumer_fence`);
    await reader();
    const refused = await until('the end', () => aggregation!.fatal());
    expect(refused).toMatchObject({ code: 'LOG_BEGINNING_NOT_RETAINED', facts: { topic: 'submissions' } });
    await aggregation!.close();

    await learnAnew();
    await reader();
    const { runId } = await intake.messaging.republisher.request(asked);
    await done(runId);
    await until('all applied', async () => (await applied()).length >= 600);
    expect(await applied()).toEqual(STANDING);
  });

  it('to a reader that was away for longer than the log is kept', async () => {
    await add(intake.messaging, sender.database, [counted('k001', 1)]);
    await forget();
    await reader();
    const refused = await until('the end', () => aggregation!.fatal());
    expect(refused).toMatchObject({ code: 'FENCE_OFFSET_NOT_RETAINED' });
    expect(refused.message + (refused as { detail?: string }).detail).toContain('messaging relearn');
    await aggregation!.close();

    await learnAnew();
    await reader();
    const { runId } = await intake.messaging.republisher.request(asked);
    await done(runId);
    await until('all applied', async () => (await applied()).length >= 600);
    const { rows } = await receiver.database.query(
      `SELECT DISTINCT rewound_by, reason, from_offset < to_offset AS onward FROM fence_rewind
       WHERE topic = 'submissions' AND from_offset <> to_offset ORDER BY 3`,
    );
    expect(rows).toEqual([{ rewound_by: 'operator', reason: 'away for long', onward: true }]);
  });

  async function learnAnew(): Promise<void> {
    const { republish } = await relearn({
      service: 'aggregation',
      database: receiver.database,
      brokers: BROKERS,
      names: new TopicNames(topicPrefix),
      logger: specLogger,
      who: 'operator',
      why: 'away for long',
    });
    expect(republish).toContainEqual({ topic: 'submissions', writer: 'extraction-intake' });
  }
});
