import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '@attest/testing';
import type { Declaration, Figure } from '../src/history.js';
import { nothingIsPaidOverAChange } from '../src/memberships.js';
import { aDeclaration, aFigure, aHistory, aPaidLine } from './a-month.js';

const SERVICE = 'VIPERT2223';
const DATE = '2026-07-31';
const FIGURE = `${SERVICE}|${DATE}|U1`;

let place: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  place = await testDatabase('invariant-memberships');
  pool = new pg.Pool({ connectionString: place.url, max: 2 });
  // What the check reads of organisations and of payment-export.
  await pool.query(`
    CREATE TABLE outbox_archive (key text, topic text, type text, payload text, txid xid8 DEFAULT pg_current_xact_id());
    CREATE TABLE barrier (barrier_id text, snapshot text DEFAULT pg_current_snapshot()::text);
    CREATE TABLE release_run (run_id text, barrier_id text)`);
});

afterAll(async () => {
  await pool.end();
  await place.drop();
});

beforeEach(() => pool.query('TRUNCATE outbox_archive, barrier, release_run'));

const change = (version: number, changedFrom = '2026-07-01', changedTo: string | null = null) =>
  pool.query(
    `INSERT INTO outbox_archive (key, topic, type, payload) VALUES ('U1', 'pcn-memberships', 'pcn-membership.changed.v1', $1)`,
    [JSON.stringify({ membershipVersion: version, changedFrom, changedTo })],
  );

const seal = async () => {
  await pool.query(`INSERT INTO barrier (barrier_id) VALUES ('b')`);
  await pool.query(`INSERT INTO release_run VALUES ('run', 'b')`);
};

const figure = (figureRevision: number, membershipVersion: number, pence: string): Figure =>
  aFigure(figureRevision, pence, {
    inputs: [{ source: 'pcn-membership', key: 'U1', version: membershipVersion }],
  });

/** U1 was paid £100.00 from its first figure, which was made from version 1 of its membership. */
const check = (figures: Figure[] = [figure(1, 1, '10000')], others: readonly Partial<Declaration>[] = []) => {
  const d = { serviceCode: SERVICE, achievementDate: DATE, organisationCode: 'U1' };
  const paid = aDeclaration(d);
  const world = {
    rows: async <Row extends pg.QueryResultRow>(_: string, sql: string, values?: unknown[]) =>
      (await pool.query<Row>(sql, values)).rows,
  };
  const history = aHistory({
    confirmed: [{ ...paid, runId: 'run' }],
    sealed: new Map([['d|1|1', aPaidLine('d', '10000')]]),
    newest: new Map([
      ['d', paid],
      ...others.map((one, at): [string, Declaration] => [
        `other ${at}`,
        aDeclaration({ ...d, status: 'AWAITING_PROVIDER_APPROVAL', ...one }),
      ]),
    ]),
    achievements: new Map([[FIGURE, figures]]),
  });
  return nothingIsPaidOverAChange({ history, world, files: [] });
};

describe('I9 over a change that was committed before the barrier', () => {
  it('holds where the figure that was paid knows it', async () => {
    await change(1);
    await seal();
    expect(await check()).toMatchObject({
      holds: true,
      evidence: { linesThatDependOnAChange: 1, paidOver: [] },
    });
  });

  it('is broken where the figure that was paid does not know it', async () => {
    await change(1);
    await change(2);
    await seal();
    expect(await check()).toMatchObject({ holds: false, evidence: { paidOver: ['d in run'] } });
  });

  it('is broken where only a figure that was not paid knows it', async () => {
    await change(2);
    await seal();
    const verdict = await check([figure(1, 1, '10000'), figure(2, 2, '10000')]);
    expect(verdict).toMatchObject({ holds: false, evidence: { paidOver: ['d in run'] } });
  });

  it('is broken where the figure that was paid does not say what membership it was made from', async () => {
    await change(1);
    await seal();
    const verdict = await check([{ ...figure(1, 1, '10000'), inputs: [] }]);
    expect(verdict).toMatchObject({ holds: false, evidence: { paidOver: ['d in run'] } });
  });

  it.each([
    ['began after the achievement date', '2026-08-01', null],
    ['ended on the achievement date', '2026-07-01', DATE],
  ])('asks nothing of a change that %s', async (_, from, to) => {
    await change(2, from, to);
    await seal();
    expect(await check()).toMatchObject({ holds: true, evidence: { linesThatDependOnAChange: 0 } });
  });
});

describe('I9 over a change that was committed after the barrier', () => {
  const MOVED = [figure(1, 1, '10000'), figure(2, 2, '9000')];

  it('is broken where the figure moved and nothing was opened for the difference', async () => {
    await seal();
    await change(2);
    expect(await check(MOVED)).toMatchObject({
      holds: false,
      evidence: { paidOver: [], unanswered: [FIGURE] },
    });
  });

  it('is not answered by the adjustment of somebody else', async () => {
    await seal();
    await change(2);
    const verdict = await check(MOVED, [{ kind: 'adjustment', organisationCode: 'U2' }]);
    expect(verdict).toMatchObject({ holds: false, evidence: { unanswered: [FIGURE] } });
  });

  it('holds where the difference has its adjustment', async () => {
    await seal();
    await change(2);
    const verdict = await check(MOVED, [{ kind: 'adjustment' }]);
    expect(verdict).toMatchObject({ holds: true, evidence: { adjusted: 1, unanswered: [] } });
  });

  it('holds where the figure stayed as it was paid', async () => {
    await seal();
    await change(2);
    expect(await check([figure(1, 1, '10000'), figure(2, 2, '10000')])).toMatchObject({ holds: true });
  });
});
