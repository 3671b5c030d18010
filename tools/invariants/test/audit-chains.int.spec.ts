import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { AuditAppender, auditTable, AUDIT_IN_LOTS, CREATE_AUDIT } from '@attest/audit';
import { Database } from '@attest/persistence';
import { eventually, testDatabase, type TestDatabase } from '@attest/testing';
import { AUDITED } from '../src/audit/audited.js';
import type { History } from '../src/history.js';
import { stepsAreInTheTable } from '../src/order.js';
import { aHistory } from './a-month.js';

/** Opened, declared, and refigured without a step. */
const ROWS = 3;
const STEPS = 2;

let place: TestDatabase;
let database: Database;
/** As somebody who may do anything in the database, triggers or not. */
let admin: pg.Client;
let elsewhere: TestDatabase;
let pools: { looked: pg.Pool; intact: pg.Pool };

beforeAll(async () => {
  place = await testDatabase('invariant-chains');
  elsewhere = await testDatabase('invariant-chains-elsewhere');
  database = new Database({ url: place.url, poolSize: 2, applicationName: 'invariant-chains' });
  await database.query(
    `CREATE TABLE declaration_history (revision bigint PRIMARY KEY, from_status text, to_status text, pence bigint);
     ${CREATE_AUDIT} ${AUDIT_IN_LOTS} ${auditTable('declaration_history')}`,
  );
  pools = {
    looked: new pg.Pool({ connectionString: place.url, max: 1 }),
    intact: new pg.Pool({ connectionString: elsewhere.url, max: 1 }),
  };
  await pools.intact.query(CREATE_AUDIT + AUDIT_IN_LOTS);
  admin = new pg.Client({ connectionString: place.adminUrl });
  await admin.connect();
  await admin.query('SET session_replication_role = replica');
});

afterAll(async () => {
  await admin.end();
  await pools.looked.end();
  await pools.intact.end();
  await database.close();
  await place.drop();
  await elsewhere.drop();
});

beforeEach(async () => {
  await admin.query('TRUNCATE audit_entry_row, audit_lot, declaration_history');
  await database.query(
    `INSERT INTO declaration_history VALUES (1, NULL, 'AWAITING_PROVIDER_APPROVAL', 100),
       (2, 'AWAITING_PROVIDER_APPROVAL', 'AWAITING_COMMISSIONER_APPROVAL', 100),
       (3, 'AWAITING_COMMISSIONER_APPROVAL', 'AWAITING_COMMISSIONER_APPROVAL', 120)`,
  );
  const appender = new AuditAppender(
    database,
    'declaration-workflow',
    [{ table: 'declaration_history' }],
    undefined,
  );
  // Whoever else writes on this server holds the watermark back for a moment.
  await eventually(
    async () => {
      await appender.run();
      const { rows } = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM audit_entry');
      return rows[0]!.n === ROWS;
    },
    { withinMs: 20_000, everyMs: 20 },
  );
});

/** The rows stand at `service`; every other service's chain is empty. */
const check = (history: Partial<History> = {}, service = 'declaration-workflow') =>
  stepsAreInTheTable({
    history: aHistory({ statusSteps: STEPS, ...history }),
    world: {
      count: async (_: string, sql: string) =>
        Number(Object.values((await pools.looked.query<Record<string, string>>(sql)).rows[0]!)[0]),
      database: (name: string) => (name === service ? pools.looked : pools.intact),
    },
  });

describe('I6', () => {
  it('holds where every step is told, in the table and chained', async () => {
    expect(await check()).toMatchObject({
      holds: true,
      evidence: { historyRows: STEPS, auditEntries: ROWS, auditFaults: [] },
    });
  });

  it('is broken by a step that is not in the table', async () => {
    const step = 'PAID declaration.declared.v1 AWAITING_COMMISSIONER_APPROVAL';
    expect(await check({ notInTable: [step] })).toMatchObject({
      holds: false,
      evidence: { notInTable: [step], auditFaults: [] },
    });
  });

  it.each([
    ['has no history row', STEPS + 1],
    ['has two history rows', STEPS - 1],
  ])('is broken by a step that %s', async (_, statusSteps) => {
    expect(await check({ statusSteps })).toMatchObject({ holds: false, evidence: { auditFaults: [] } });
  });

  it.each([
    ['a row was altered', 'UPDATE declaration_history SET pence = 1 WHERE revision = 3', 'ROW_ALTERED'],
    ['a row was removed', 'DELETE FROM declaration_history WHERE revision = 3', 'ROW_REMOVED'],
    [
      'an entry was altered',
      `UPDATE audit_entry_row SET content = content || '{"pence": "1"}' WHERE seq = 2`,
      'ENTRY_ALTERED',
    ],
    ['an entry was removed', 'DELETE FROM audit_entry_row WHERE seq = 2', 'ENTRY_REMOVED'],
  ])('is broken where %s', async (_, tamper, code) => {
    await admin.query(tamper);
    const { holds, evidence } = await check();
    expect(holds).toBe(false);
    expect(evidence.auditFaults).toContainEqual(
      expect.objectContaining({ service: 'declaration-workflow', code }),
    );
  });

  it.each(AUDITED)('is broken by a fault in the chain of %s', async (service) => {
    await admin.query('UPDATE declaration_history SET pence = 1 WHERE revision = 2');
    const { holds, evidence } = await check({}, service);
    expect(holds).toBe(false);
    expect(evidence.auditFaults).toMatchObject([{ service, code: 'ROW_ALTERED' }]);
  });
});
