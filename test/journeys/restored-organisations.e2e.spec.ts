import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { catalogue } from '@attest/catalogue';
import { restoreProducer, silentLogger, TopicNames, type RestoreResult } from '@attest/messaging';
import { organisations } from '@attest/organisations';
import { Database } from '@attest/persistence';
import {
  eventually,
  startServiceUnderTest,
  testDatabase,
  testIdentity,
  testKafka,
  type Answer,
  type ServiceUnderTest,
  type TestDatabase,
  type TestIdentity,
} from '@attest/testing';
import { aFile } from '../../services/organisations/test/files.js';

const OPERATOR = 'first-operator';
const PATIENCE = { withinMs: 30_000, everyMs: 30 };
const TODAY = new Date().toISOString().slice(0, 10);
const roleOf = (personId: string, to: string | null = null) => ({
  personId,
  role: 'DECLARATION_MANAGEMENT',
  organisationCode: 'X00001',
  from: '2020-04-01',
  ...(to === null ? {} : { to }),
});

/** Any other service: it keeps a directory of its own. */
let other: ServiceUnderTest;
let identity: TestIdentity;
let database: TestDatabase;
let own: pg.Pool;
let running: { readonly url: string; close(): Promise<void> };
let restored: RestoreResult;

const start = async (): Promise<void> => {
  running = await organisations.start({
    ...other.env,
    DATABASE_URL: database.url,
    BOOTSTRAP_OPERATOR_ID: OPERATOR,
  });
};
const post = async (path: string, body: string | object, type = 'application/json'): Promise<Answer> => {
  const answer = await fetch(`${running.url}/api/v1/${path}`, {
    method: 'POST',
    headers: {
      ...(await identity.headers(OPERATOR)),
      'content-type': type,
      'idempotency-key': crypto.randomUUID(),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] };
};
const practices = async (asAt: string, ...codes: string[]): Promise<void> => {
  const rows = codes.map((code) => ({ practice_code: code, icb_code: 'QX1', sub_icb_code: '01X' }));
  const path = `organisation-files?layout=practices&asAt=${asAt}&fileName=${asAt}.csv`;
  const { status, body } = await post(path, aFile('practices', rows), 'text/csv');
  expect([status, body]).toEqual([201, body]);
};
const assign = async (role: object): Promise<string> => {
  const { status, body } = await post('role-assignments', role);
  expect([status, body]).toEqual([201, body]);
  return body.assignmentId as string;
};
/** What a directory knows of a person's role, once it knows these dates. */
const knows = (where: pg.Pool, personId: string, validTo: string | null): Promise<unknown> =>
  eventually(async () => {
    const { rows } = await where.query<{ to: string | null }>(
      `SELECT valid_to::text AS to FROM directory_role WHERE person_id = $1`,
      [personId],
    );
    return rows.length === 1 && rows[0]!.to === validTo;
  }, PATIENCE);
/** The other service's, and its own, which follows the same events. */
const everywhere = (personId: string, validTo: string | null): Promise<unknown> =>
  Promise.all([other.database, own].map((where) => knows(where, personId, validTo)));

/** Nobody may be connected to a database that is copied. */
async function asAdmin(...statements: readonly string[]): Promise<void> {
  const url = new URL(database.adminUrl);
  url.pathname = '/postgres';
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  try {
    for (const statement of statements) await admin.query(statement);
  } finally {
    await admin.end();
  }
}
const copy = (from: string, to: string): Promise<void> =>
  asAdmin(
    `DROP DATABASE IF EXISTS ${to} WITH (FORCE)`,
    `CREATE DATABASE ${to} TEMPLATE ${from} OWNER ${database.name}`,
  );

const look = (): pg.Pool => new pg.Pool({ connectionString: database.url, max: 2 });
const untilAllIsSent = (): Promise<unknown> =>
  eventually(async () => (await own.query(`SELECT FROM outbox LIMIT 1`)).rowCount === 0, PATIENCE);

beforeAll(async () => {
  [database, identity] = await Promise.all([testDatabase('organisations'), testIdentity()]);
  other = await startServiceUnderTest(catalogue, { OIDC_ISSUER: identity.issuer });
  await organisations.migrate(database.url);
  await start();
  own = look();
  await knows(own, OPERATOR, null);
  await practices('2026-06-01', 'X00001');
  for (const personId of ['often-changed', 'revoked-and-forgotten', 'quiet']) {
    await assign(roleOf(personId));
    await everywhere(personId, null);
  }
  await untilAllIsSent();
  await running.close();
  await own.end();
  const backup = `${database.name}_backup`;
  await copy(database.name, backup);

  // The lost hour.
  await start();
  own = look();
  for (const to of ['2031-01-01', '2032-01-01', '2033-01-01']) await assign(roleOf('often-changed', to));
  await everywhere('often-changed', '2033-01-01');
  await assign(roleOf('revoked-and-forgotten', TODAY));
  await everywhere('revoked-and-forgotten', TODAY);
  await assign(roleOf('given-and-forgotten'));
  await everywhere('given-and-forgotten', null);
  await practices('2026-07-01', 'X00001', 'X00002');
  await eventually(
    async () =>
      (await other.database.query(`SELECT FROM directory_organisation WHERE code = 'X00002'`)).rowCount === 1,
    PATIENCE,
  );
  await untilAllIsSent();
  await running.close();
  await own.end();

  await copy(backup, database.name);
  await asAdmin(`DROP DATABASE ${backup}`);
  const lost = new Database({ url: database.url, poolSize: 2, applicationName: 'attest-spec' });
  restored = await restoreProducer({
    service: 'organisations',
    database: lost,
    brokers: testKafka(),
    names: new TopicNames(other.env['TOPIC_PREFIX']),
    logger: silentLogger,
    who: OPERATOR,
    why: 'disk lost',
  });
  await lost.close();
  await start();
  own = look();
}, 180_000);
afterAll(async () => {
  await own?.end();
  await running?.close();
  await other?.close();
  await identity?.close();
  await database?.drop();
});

describe('organisations, restored an hour back', () => {
  it('says what it has forgotten', () => {
    expect(restored).toMatchObject({ epoch: 1, versionFloor: 1_000_000 });
    expect(restored.forgottenByType).toContainEqual({
      topic: 'organisations',
      type: 'role-assignment.recorded.v1',
      keys: 1,
      events: 5,
    });
  });

  it('tells of no role that the database or what was told forbids', async () => {
    await everywhere('revoked-and-forgotten', TODAY);
    await everywhere('given-and-forgotten', TODAY);
    await everywhere('often-changed', '2033-01-01');
  });

  it('leaves open only what nobody can tell again', async () => {
    const { rows } = await own.query(`SELECT key, type FROM forgotten_event WHERE told_again_at IS NULL`);
    expect(rows).toEqual([{ key: 'X00002', type: 'organisation.registered.v1' }]);
  });

  it('revokes a role, and it is revoked everywhere', async () => {
    for (const personId of ['often-changed', 'quiet']) {
      const id = await assign(roleOf(personId));
      await everywhere(personId, null);
      expect((await post(`role-assignments/${id}/end`, { on: TODAY })).status).toBe(200);
      await everywhere(personId, TODAY);
    }
  });

  it('creates anew what it had created in the lost hour, and others take it', async () => {
    await practices('2026-08-01', 'X00001', 'X00002');
    await eventually(async () => {
      const { rows } = await other.database.query<{ version: string }>(
        `SELECT version FROM directory_organisation WHERE code = 'X00002'`,
      );
      return Number(rows[0]!.version) > restored.versionFloor;
    }, PATIENCE);
  });
});
