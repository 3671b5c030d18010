import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LondonDate } from '@attest/calendar';
import {
  newEvent,
  PaymentNotIncludedV1,
  PaymentReleaseRequestedV1,
  TIERED_POLICY_EXAMPLE,
  uuidV7,
  type NewEvent,
} from '@attest/contracts';
import type { Database, QueryRunner, Tx } from '@attest/persistence';
import { PgDeclarationStore } from '../src/persistence/core/declaration.store.js';
import { TouchOnlyWhatIsDue1790000000201 } from '../src/persistence/migrations/1790000000201-touch-only-what-is-due.js';
import { PgPolicyStore } from '../src/persistence/signing/policy.store.js';
import { many } from './many.js';
import { calculated, servicePublished, signed } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
let policies: PgPolicyStore;
const TODAY = '2026-08-20' as LondonDate;
const BARRIER = uuidV7();

beforeAll(async () => {
  world = await startWorld();
  policies = new PgPolicyStore(world.service.database as unknown as Database);
  await world.tell(servicePublished('XTIER', { policy: TIERED_POLICY_EXAMPLE }), servicePublished('XPAID'));
  await world.service.database.query(
    `INSERT INTO barrier (barrier_id, route, requested_by, requested_at, expires_at, status)
     VALUES ($1, 'release', 'payment-export', now(), now() + interval '1 hour', 'passed')`,
    [BARRIER],
  );
});
afterAll(() => world?.service.close());

async function inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await world.service.database.connect();
  try {
    await client.query('BEGIN');
    return await work(client as unknown as Tx);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

async function approved(serviceCode: string, organisationCode: string): Promise<string> {
  await world.tell(calculated({ serviceCode, organisationCode }));
  const { declaration_id: id } = await world.declarationOf(serviceCode, organisationCode);
  expect((await world.declare(id)).status).toBe(200);
  await world.tell(signed(id, 'commissioner', 'approver'), signed(id, 'finance', 'finance'));
  await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED');
  return id;
}

/** How many rows of `declaration` a statement looks at. */
async function rowsLookedAt(ask: (tx: Tx) => Promise<unknown>): Promise<number> {
  const asked: { text: string; values: unknown[] }[] = [];
  await ask({
    query: (statement: string | { text: string }, values: unknown[]) => {
      asked.push({ text: typeof statement === 'string' ? statement : statement.text, values });
      return Promise.resolve({ rows: [] });
    },
  } as unknown as Tx);
  const [{ text, values }] = asked as [(typeof asked)[0]];
  return inTransaction(async (tx) => {
    // A table of a few pages is read whole whatever indexes it has.
    await tx.query('SET LOCAL enable_seqscan = off');
    const { rows } = await tx.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      values,
    );
    return lookedAt(rows[0]!['QUERY PLAN'][0].Plan);
  });
}

interface Node {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Node[];
}

const lookedAt = (node: Node): number =>
  (node['Relation Name'] === 'declaration'
    ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
    : 0) + (node.Plans ?? []).reduce((sum, one) => sum + lookedAt(one), 0);

describe('the steps of the system', () => {
  it('leave alone what people have signed in part', async () => {
    await world.tell(calculated({ serviceCode: 'XTIER', organisationCode: 'X00001', pence: '1500000' }));
    const { declaration_id: id } = await world.declarationOf('XTIER', 'X00001');
    await world.declare(id);
    await world.tell(signed(id, 'commissioner', 'approver', { tier: 'manager' }));
    await world.byId(id, (row) => Number(row.revision) === 3);
    expect(await inTransaction((tx) => policies.lockDue(tx, TODAY, null, 500))).toEqual([]);
  });

  it('are looked for in all that was open before they were stored, because a process of the version before may still move it', async () => {
    await world.tell(calculated({ serviceCode: 'XTIER', organisationCode: 'X00002' }));
    const { declaration_id: id } = await world.declarationOf('XTIER', 'X00002');
    const stored = await inTransaction(async (tx) => {
      const migration = new TouchOnlyWhatIsDue1790000000201();
      await migration.down(tx as unknown as QueryRunner);
      await migration.up(tx as unknown as QueryRunner);
      const { rows } = await tx.query('SELECT due_to_system FROM declaration WHERE declaration_id = $1', [
        id,
      ]);
      return rows;
    });
    expect(stored).toEqual([{ due_to_system: null }]);
  });
});

describe('what is paid', () => {
  let paid: string;
  const PAID = 300;
  beforeAll(async () => {
    paid = await approved('XPAID', 'X00001');
    await world.service.database.query(
      `UPDATE declaration SET status = 'PAID', sealed_pence = pence, run_id = gen_random_uuid() WHERE declaration_id = $1`,
      [paid],
    );
    await many(world, paid, PAID);
  });

  it('is not looked at under the lock that openings wait for, and not rewritten, when a policy changes', async () => {
    const open = await approved('XPAID', 'X00002');
    const versions = async () => {
      const { rows } = await world.service.database.query(
        `SELECT sum(xmin::text::bigint)::text AS written FROM declaration WHERE status = 'PAID'`,
      );
      return rows[0];
    };
    const before = await versions();
    await world.tell(servicePublished('XPAID', { policy: TIERED_POLICY_EXAMPLE }, 2));
    await world.byId(open, (row) => row.policy !== null);
    await soon(async () => (await policies.changed()).length === 0);
    expect(await versions()).toEqual(before);
    expect(await rowsLookedAt((tx) => policies.lockOutdated(tx, 'XPAID', null, 500))).toBeLessThan(10);
  });

  it('is not looked at when its service or its organisation moves', async () => {
    const store = new PgDeclarationStore();
    const looked = (kind: 'service' | 'organisation', code: string) =>
      rowsLookedAt((tx) => store.lockMisaddressed(tx, kind, [code], 500));
    expect(await looked('service', 'XPAID')).toBeLessThan(10);
    expect(await looked('organisation', 'X00001')).toBeLessThan(10);
  });

  it('and comes back follows the policy then', async () => {
    await world.tell(servicePublished('XBACK'));
    const id = await approved('XBACK', 'X00003');
    const instruction = { declarationId: id, declarationVersion: 1, attempt: 1, runId: uuidV7() };
    await world.tell(
      newEvent(PaymentReleaseRequestedV1, {
        ...instruction,
        paymentVersion: 1,
        barrierId: BARRIER,
        requestedAt: '2026-09-01T17:00:00Z',
      }) as NewEvent,
    );
    await world.byId(id, (row) => row.status === 'RELEASING');
    await world.tell(servicePublished('XBACK', { policy: TIERED_POLICY_EXAMPLE }, 2));
    await soon(async () => {
      const { rows } = await world.service.database.query(
        `SELECT FROM service_policy WHERE service_code = 'XBACK' AND policy IS NOT NULL AND told`,
      );
      return rows.length === 1;
    });
    expect((await world.byId(id, () => true)).policy).toBeNull();
    await world.tell(
      newEvent(PaymentNotIncludedV1, {
        ...instruction,
        paymentVersion: 2,
        code: 'RUN_ABORTED',
        words: 'The barrier did not pass.',
        owedPence: null,
      }) as NewEvent,
    );
    await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED' && row.policy !== null);
  });
});
