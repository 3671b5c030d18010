import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY, TIERED_POLICY_EXAMPLE, type ReadonlyPolicy } from '@attest/contracts';
import { eventually, waitingStatements } from '@attest/testing';
import { calculated, DATE, servicePublished, signed, stageRefused } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

const NOTHING_ASKED: ReadonlyPolicy = {
  ...DEFAULT_POLICY,
  declaration: 'not-required',
  approval: 'not-required',
  route: [],
  financeAbovePence: '500000',
};

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.tell(servicePublished('XMOVE'));
}, 90_000);
afterAll(() => world?.service.close());

const actions = async (declarationId: string): Promise<string[]> => {
  const { body } = await world.service.get('approver', `declarations/${declarationId}/history`);
  return body.items.map(({ action, actor }: { action: string; actor: string }) => `${action} by ${actor}`);
};

describe('a policy that is published anew', () => {
  it('holds for the steps that come; what is signed stays signed', async () => {
    await world.tell(
      ...['X00001', 'X00002', 'X00003'].map((organisationCode) =>
        calculated({ serviceCode: 'XMOVE', organisationCode, pence: '1500000' }),
      ),
    );
    const ids = await Promise.all(
      ['X00001', 'X00002', 'X00003'].map(
        async (code) => (await world.declarationOf('XMOVE', code)).declaration_id,
      ),
    );
    const [waiting, signedOnce, approved] = ids as [string, string, string];
    for (const id of ids) await world.declare(id);
    await world.tell(
      signed(signedOnce, 'commissioner', 'approver'),
      signed(approved, 'commissioner', 'approver'),
      signed(approved, 'finance', 'finance'),
    );
    await world.byId(signedOnce, (row) => row.status === 'AWAITING_FINANCE_APPROVAL');
    await world.byId(approved, (row) => row.status === 'FINANCIALLY_APPROVED');

    await world.tell(servicePublished('XMOVE', { policy: TIERED_POLICY_EXAMPLE }, 2));
    const event = await soon(() =>
      world.told.find((e) => e.key === waiting && e.data.fact?.code === 'POLICY_CHANGED'),
    );
    expect(event.data.declaration.approvalRoute.tiers).toHaveLength(2);
    await eventually(async () => {
      const { rows } = await world.service.database.query(
        `SELECT count(*)::int AS moved FROM declaration WHERE declaration_id = ANY($1) AND policy IS NOT NULL`,
        [ids],
      );
      return rows[0].moved === 3;
    });
    expect((await world.byId(signedOnce, () => true)).status).toBe('AWAITING_FINANCE_APPROVAL');
    expect((await world.byId(approved, () => true)).status).toBe('FINANCIALLY_APPROVED');
    await world.tell(
      signed(waiting, 'commissioner', 'approver', { tier: 'manager', approvalVersion: 1 }),
      signed(waiting, 'commissioner', 'second', { tier: 'senior', approvalVersion: 2 }),
    );
    await world.byId(waiting, (row) => row.status === 'AWAITING_FINANCE_APPROVAL');

    // Nothing is asked of the commissioner any more, so nothing waits for it.
    await world.tell(servicePublished('XMOVE', { policy: NOTHING_ASKED }, 3));
    await world.tell(calculated({ serviceCode: 'XMOVE', organisationCode: 'X00004', pence: '1500000' }));
    await world.declarationOf('XMOVE', 'X00004', (row) => row.status === 'AWAITING_FINANCE_APPROVAL');
  });

  it('with a shorter route passes on what finance had sent back and people signed since, also after a freeze', async () => {
    const who = { serviceCode: 'XSHORT', organisationCode: 'X00001' };
    await world.tell(
      servicePublished('XSHORT', { policy: TIERED_POLICY_EXAMPLE }),
      calculated({ ...who, pence: '1500000' }),
    );
    const { declaration_id: id } = await world.declarationOf('XSHORT', 'X00001');
    await world.declare(id);
    await world.tell(
      signed(id, 'commissioner', 'approver', { tier: 'manager', approvalVersion: 1 }),
      signed(id, 'commissioner', 'second', { tier: 'senior', approvalVersion: 2 }),
      stageRefused(id, 'finance', 'finance', { approvalVersion: 3 }),
      signed(id, 'commissioner', 'approver', { tier: 'manager', approvalVersion: 4 }),
    );
    await soon(async () => (await actions(id)).at(-1) === 'approve-tier by commissioner');
    // Nobody passes it on in the transaction in which it follows: that has to be looked for afterwards.
    const { body: frozen } = await world.service.post('approver', 'freezes', {
      serviceCode: 'XSHORT',
      achievementDate: DATE,
      reason: 'A register was wrong.',
    });
    const route = [{ belowPence: null, tiers: ['manager'] }];
    const shorter = { ...TIERED_POLICY_EXAMPLE, route };
    await world.tell(servicePublished('XSHORT', { policy: shorter }, 2));
    await soon(async () => (await actions(id)).at(-1) === 'readdress by system');
    expect((await world.service.post('approver', `freezes/${frozen.freezeId}/thaw`, {})).status).toBe(200);
    await world.byId(id, (row) => row.status === 'AWAITING_FINANCE_APPROVAL');
    expect((await actions(id)).at(-1)).toBe('approve by system');
  });

  it('of another financial year leaves this one alone', async () => {
    await world.tell(
      servicePublished('XYEAR', { policy: NOTHING_ASKED, financialYear: '2026/27' }),
      servicePublished('XYEAR', { policy: TIERED_POLICY_EXAMPLE, financialYear: '2027/28' }, 2),
    );
    await eventually(async () => {
      const { rows } = await world.service.database.query(
        `SELECT 1 FROM service_policy WHERE service_code = 'XYEAR' AND told`,
      );
      return rows.length === 2;
    });
    await world.tell(calculated({ serviceCode: 'XYEAR', organisationCode: 'X00001', pence: '100' }));
    await world.declarationOf('XYEAR', 'X00001', (row) => row.status === 'FINANCIALLY_APPROVED');
  });

  it('that says nothing of a new year ends what was opened under the year before', async () => {
    const next = { achievementDate: '2027-04-30', opensOn: '2099-01-09' };
    await world.tell(
      servicePublished('XNEXT', { ...next, policy: NOTHING_ASKED, financialYear: '2026/27' }),
      calculated({ serviceCode: 'XNEXT', organisationCode: 'X00001', achievementDate: next.achievementDate }),
    );
    const opened = await world.declarationOf('XNEXT', 'X00001');
    expect(opened.policy).toMatchObject({ declaration: 'not-required' });
    // Otherwise following the first pack would find it by chance.
    await soon(async () => (await toldOf('XNEXT')).every((told) => told));
    await world.tell(servicePublished('XNEXT', { ...next, financialYear: '2027/28' }, 2));
    await world.byId(opened.declaration_id, (row) => row.policy === null);
    const history = await actions(opened.declaration_id);
    expect(history).toEqual(['open by system', 'readdress by system']);
    await soon(async () => (await toldOf('XNEXT')).join() === 'true,true');
  });

  it('of a service that never had one has nothing to follow', async () => {
    await world.tell(servicePublished('XNONE'), servicePublished('XNONE', { financialYear: '2027/28' }, 2));
    await soon(async () => (await toldOf('XNONE')).length === 2);
    expect(await toldOf('XNONE')).toEqual([true, true]);
  });
});

/** Whether the declarations of a service know the policy of each of its years. */
async function toldOf(serviceCode: string): Promise<boolean[]> {
  const { rows } = await world.service.database.query(
    'SELECT told FROM service_policy WHERE service_code = $1 ORDER BY year_from',
    [serviceCode],
  );
  return rows.map((row) => row.told);
}

describe('declarations that follow a policy', () => {
  it("are locked by kind and id, as everywhere: an achievement's own before an adjustment of another", async () => {
    await world.tell(
      servicePublished('XLOCK'),
      ...['X00001', 'X00002'].map((organisationCode) =>
        calculated({ serviceCode: 'XLOCK', organisationCode, pence: '100' }),
      ),
    );
    const ids = await Promise.all(
      ['X00001', 'X00002'].map(async (code) => (await world.declarationOf('XLOCK', code)).declaration_id),
    );
    const [adjustment, own] = ids.sort() as [string, string];
    const { database } = world.service;
    await database.query(`UPDATE declaration SET kind = 'adjustment' WHERE declaration_id = $1`, [
      adjustment,
    ]);
    const other = await database.connect();
    try {
      await other.query('BEGIN');
      await other.query('SELECT FROM declaration WHERE declaration_id = $1 FOR UPDATE', [own]);
      await world.tell(servicePublished('XLOCK', { policy: TIERED_POLICY_EXAMPLE }, 2));
      await soon(async () => (await waitingStatements(database, 'transactionid')) > 0);
      // Whoever has the one may have the other: nobody who waits for it holds what comes after.
      const { rowCount } = await other.query(
        'SELECT FROM declaration WHERE declaration_id = $1 FOR UPDATE SKIP LOCKED',
        [adjustment],
      );
      expect(rowCount).toBe(1);
    } finally {
      await other.query('ROLLBACK');
      other.release();
    }
    for (const id of ids) await world.byId(id, (row) => row.policy !== null);
  });
});
