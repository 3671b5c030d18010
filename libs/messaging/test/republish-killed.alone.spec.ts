import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { startChild } from './children.js';
import {
  specDatabase,
  specPrefix,
  specService,
  until,
  type SpecDatabase,
  type SpecService,
} from './harness.js';
import { STANDING, TellsCounted } from './tells-counted.js';

/** A process is killed in it: about 5 s. */
const topicPrefix = specPrefix();
let sender: SpecDatabase;
let intake: SpecService | undefined;

beforeAll(async () => {
  sender = await specDatabase();
});
afterAll(async () => {
  await intake?.close();
  await sender?.drop();
});

it('a republication that is killed before its second page commits tells every key once, in whichever process goes on', async () => {
  const runId = uuidV7();
  const child = startChild({
    service: 'extraction-intake',
    url: sender.url,
    topicPrefix,
    consumes: false,
    republishes: true,
    crashAt: 'republish-before-commit:2',
  });
  await child.started;
  await sender.database.query(
    `INSERT INTO republish_run (run_id, topic, rate_per_second, requested_by, reason)
     VALUES ($1, 'submissions', 10000, 'operator', 'spec')`,
    [runId],
  );
  expect(await child.ended).toBe('SIGKILL');
  const { rows: left } = await sender.database.query(
    `SELECT status, events::int, place FROM republish_run WHERE run_id = $1`,
    [runId],
  );
  expect(left).toEqual([{ status: 'running', events: 250, place: ['k249'] }]);

  intake = await specService({ service: 'extraction-intake', database: sender.database, topicPrefix });
  intake.messaging.republisher.publishers.offer(new TellsCounted());
  await until('done and sent', async () => {
    const { rows } = await sender.database.query(
      `SELECT FROM republish_run WHERE run_id = $1 AND status = 'done' AND NOT EXISTS (SELECT FROM outbox)`,
      [runId],
    );
    return rows.length === 1;
  });
  const { rows } = await sender.database.query<{ key: string }>(
    `SELECT key FROM outbox_archive WHERE headers ->> 'ce_republished' = $1 ORDER BY key`,
    [runId],
  );
  expect(rows.map(({ key }) => key)).toEqual(STANDING.map(({ key }) => key));
});
