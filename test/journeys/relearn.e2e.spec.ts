import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { catalogue } from '@attest/catalogue';
import { commissionerApproval } from '@attest/commissioner-approval';
import { TOPICS, type TopicName } from '@attest/contracts';
import { declarationWorkflow } from '@attest/declaration-workflow';
import { relearn, silentLogger, TopicNames } from '@attest/messaging';
import { quietKafka } from '@attest/messaging/kafka';
import { organisations } from '@attest/organisations';
import { Database } from '@attest/persistence';
import {
  eventually,
  startServiceUnderTest,
  testDatabase,
  testKafka,
  type Answer,
  type ServiceUnderTest,
  type TestDatabase,
} from '@attest/testing';
import { aService, anAgency } from '../../services/catalogue/test/services.js';
import { calculated } from '../../services/declaration-workflow/test/neighbours.js';
import { organisationFiles } from '../checkpoint/made-up-files.js';

// Everything is said by the real organisations, catalogue and declaration-workflow, and heard by a real
// commissioner-approval. Then log and archives are emptied, and a commissioner-approval with an empty database has to
// come to the same. It starts two services one after the other and so takes longer than most.

const OPERATOR = 'operator';
const PRACTICES = ['X00001', 'X00002', 'X00003'];
const PEOPLE = [
  { personId: OPERATOR, role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' },
  { personId: 'approver', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
  ...PRACTICES.map((organisationCode) => ({
    personId: 'declarer',
    role: 'DECLARATION_MANAGEMENT',
    organisationCode,
  })),
];
const WRITERS: readonly TopicName[] = [
  'organisations',
  'pcn-memberships',
  'quality-services',
  'declarations',
];
/** What commissioner-approval keeps of what it heard. `since` is the newest step's, not the newest event's. */
const KEPT = {
  directory_organisation: '*',
  directory_role: '*',
  approval_task: `declaration_id, kind, service_code, achievement_date, organisation_code, commissioner_code, payment_period,
    status, stage, held, awaiting_aggregation, late, pence, declaration_version, revision, declared_by,
    commissioner_signed_by, tier, tier_role, signed_by`,
} as const;

let saying: ServiceUnderTest;
let publishing: ServiceUnderTest;
let declarations: ServiceUnderTest;
let knowing: ServiceUnderTest;
let empty: TestDatabase;
let pool: pg.Pool;
let stopped = false;
let running: { close(): Promise<void> } | undefined;
const soon = <T>(condition: () => Promise<T>) => eventually(condition, { withinMs: 30_000, everyMs: 20 });

async function ask(asked: Promise<Answer>, status: number): Promise<Answer> {
  const answer = await asked;
  expect([answer.status, answer.body]).toEqual([status, answer.body]);
  return answer;
}

async function kept(where: Pick<pg.Pool, 'query'>): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const [table, columns] of Object.entries(KEPT))
    tables[table] = (await where.query(`SELECT ${columns} FROM ${table} ORDER BY 1, 2, 3`)).rows as unknown[];
  return tables;
}

const writerOf = (topic: TopicName): ServiceUnderTest =>
  ({ organisations: saying, catalogue: publishing, 'declaration-workflow': declarations })[
    TOPICS[topic].writer as 'organisations'
  ];

const sent = (service: ServiceUnderTest) =>
  soon(async () => (await service.database.query('SELECT FROM outbox LIMIT 1')).rows.length === 0);

/** Asks each writer by its route, as an operator would, and waits until all was told. */
async function republishAll(): Promise<void> {
  for (const topic of WRITERS) {
    const writer = writerOf(topic);
    const { body } = await ask(
      writer.post(OPERATOR, 'operations/republish-runs', {
        topic,
        ratePerSecond: 5_000,
        reason: 'a new reader',
      }),
      201,
    );
    await soon(async () => {
      const { items } = (await writer.get(OPERATOR, 'operations/republish-runs')).body;
      const run = items.find((one: { runId: string }) => one.runId === body.runId);
      expect(run).not.toMatchObject({ status: 'failed' });
      return run.status === 'done';
    });
    await sent(writer);
  }
}

async function declareFigures(practice: string): Promise<string> {
  await saying.topics.publish([
    calculated({ serviceCode: 'XVI2627', organisationCode: practice, achievementDate: '2026-07-31' }),
  ]);
  const open = await soon(async () => {
    const { body } = await declarations.get('declarer', `declarations?organisationCode=${practice}`);
    return body.items[0] as { declarationId: string; revision: number } | undefined;
  });
  const moved = declarations.post(
    'declarer',
    `declarations/${open.declarationId}/declare`,
    {},
    {
      'if-match': `"${open.revision}"`,
      'idempotency-key': randomUUID(),
    },
  );
  await ask(moved, 200);
  return open.declarationId;
}

beforeAll(async () => {
  const now = '2026-08-15T09:00:00.000Z';
  saying = await startServiceUnderTest(organisations, { BOOTSTRAP_OPERATOR_ID: OPERATOR }, { now });
  const topics = { TOPIC_PREFIX: saying.env['TOPIC_PREFIX'] };
  [publishing, declarations, knowing] = await Promise.all([
    startServiceUnderTest(catalogue, topics, { now }),
    startServiceUnderTest(declarationWorkflow, topics, { now }),
    startServiceUnderTest(commissionerApproval, topics, { now }),
  ]);
  const files = organisationFiles(
    PRACTICES.map((code) => ({ code, pcn: 'XU0001', patients: 9_000 })),
    PEOPLE,
  );
  for (const [layout, file] of files)
    await ask(
      saying.post(
        OPERATOR,
        `organisation-files?layout=${layout}&asAt=2026-07-01&fileName=${layout}.csv`,
        file,
        { 'content-type': 'text/csv' },
      ),
      201,
    );
  for (const service of [publishing, declarations, knowing])
    await soon(async () => {
      const { rows } = await service.database.query('SELECT count(*)::int AS n FROM directory_role');
      return rows[0].n >= PEOPLE.length;
    });
  await ask(publishing.post(OPERATOR, 'agencies', anAgency), 201);
  await ask(publishing.post(OPERATOR, 'quality-services', aService()), 201);
  await soon(async () => (await declarations.database.query('SELECT FROM service_policy')).rows.length === 1);

  const ids: string[] = [];
  for (const practice of PRACTICES) ids.push(await declareFigures(practice));
  const task = await soon(async () => {
    const { status, body } = await knowing.get('approver', `approval-tasks/${ids[0]}`);
    return status === 200 && body.stage === 'commissioner' ? body : undefined;
  });
  await ask(
    knowing.post('approver', `approval-tasks/${ids[0]}/sign`, {
      stage: 'commissioner',
      declarationVersion: task.declarationVersion,
    }),
    202,
  );
  await soon(async () => {
    const { rows } = await knowing.database.query(
      `SELECT count(*) FILTER (WHERE stage = 'finance')::int AS finance, count(*)::int AS n FROM approval_task
       WHERE pending_approval_id IS NULL AND stage IS NOT NULL`,
    );
    return rows[0].finance === 1 && rows[0].n === PRACTICES.length;
  });
  empty = await testDatabase('relearn');
  pool = new pg.Pool({ connectionString: empty.url, max: 2 });
}, 180_000);

afterAll(async () => {
  await running?.close();
  await pool?.end();
  await Promise.all([stopKnowing(), declarations?.close(), publishing?.close()]);
  await saying?.close();
  await empty?.drop();
});

describe('after log and archives were emptied', () => {
  let known: Record<string, unknown[]>;

  it('an empty commissioner-approval comes to the tables of one that heard everything', async () => {
    known = await kept(knowing.database);
    expect(known['approval_task']).toHaveLength(PRACTICES.length);
    await emptyLogAndArchives();

    await commissionerApproval.migrate(empty.url);
    const database = new Database({ url: empty.url, poolSize: 2, applicationName: 'relearn-spec' });
    await relearn({
      service: 'commissioner-approval',
      database,
      brokers: testKafka(),
      names: new TopicNames(saying.env['TOPIC_PREFIX']!),
      logger: silentLogger,
      who: OPERATOR,
      why: 'it is new',
    }).finally(() => database.close());
    // One group reads for both: the new one takes its place.
    const env = { ...knowing.env, DATABASE_URL: empty.url };
    await stopKnowing();
    running = await commissionerApproval.start(env);
    await republishAll();
    await soon(async () => JSON.stringify(await kept(pool)) === JSON.stringify(known)).catch(() => undefined);
    expect(await kept(pool)).toEqual(known);
  });

  it('and told once more, nobody does anything', async () => {
    const said = async (): Promise<number[]> =>
      Promise.all(
        [saying, publishing, declarations].map(async ({ database }) => {
          const { rows } = await database.query<{ n: number }>(
            `SELECT count(*)::int AS n FROM outbox_archive WHERE headers ->> 'ce_republished' IS NULL`,
          );
          return rows[0]!.n;
        }),
      );
    const before = await said();
    await republishAll();
    await soon(async () => {
      const { rows } = await pool.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM inbox_done JOIN inbox_reader USING (reader) WHERE topic = 'declarations'`,
      );
      return rows[0]!.n >= 2 * PRACTICES.length;
    });
    expect(await kept(pool)).toEqual(known);
    expect(await said()).toEqual(before);
  });
});

async function emptyLogAndArchives(): Promise<void> {
  for (const service of [saying, publishing, declarations, knowing]) await sent(service);
  const admin = quietKafka({ brokers: testKafka() }).admin();
  await admin.connect();
  try {
    const names = new TopicNames(saying.env['TOPIC_PREFIX']!);
    for (const topic of Object.keys(TOPICS)) {
      const ends = await admin.fetchTopicOffsets(names.atBroker(topic));
      await admin.deleteTopicRecords({
        topic: names.atBroker(topic),
        partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
      });
    }
  } finally {
    await admin.disconnect();
  }
  for (const { database } of [saying, publishing, declarations, knowing])
    await database.query('TRUNCATE outbox_archive_row, outbox_archive_lot');
}

async function stopKnowing(): Promise<void> {
  if (!stopped) await knowing?.close();
  stopped = true;
}
