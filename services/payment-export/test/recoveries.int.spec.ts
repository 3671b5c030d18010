import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@attest/testing';
import {
  aDeclaration,
  agencyPublished,
  practice,
  servicePublished,
  startPaymentsWorld,
  type PaymentsWorld,
} from './payments-world.js';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
  await world.neighbours.publish([
    agencyPublished('XPAY'),
    servicePublished('XSECOND'),
    servicePublished('XMOVED'),
    servicePublished('XTRIED'),
    servicePublished('XOTHERS', { agencyCode: 'XOTHER' }),
  ]);
  await eventually(async () => {
    const { rows } = await world.service.database.query('SELECT service_code FROM payment_calendar');
    return rows.length === 5;
  });
});
afterAll(() => world?.close());

const accountOf = async (n: number, serviceCode = 'XVI2223') =>
  (await world.service.get('finance', `accounts/${practice(n)}/${serviceCode}`)).body;
const recovery = (n: number, pence: string, changes = {}) =>
  aDeclaration({ organisationCode: practice(n), kind: 'adjustment', pence, ...changes });
const line = (n: number, pence: string, serviceCode = 'XSECOND') =>
  aDeclaration({ organisationCode: practice(n), pence, serviceCode });
const endOf = (declarationId: string) =>
  eventually(() =>
    world
      .told(declarationId)
      .findLast(({ type }) =>
        ['payment.sealed.v1', 'payment.netted.v1', 'payment.not-included.v1'].includes(type),
      ),
  );
const linesOf = async (run: { runId: string }) =>
  (
    await world.service.database.query(
      `SELECT l.provider_code, l.service_code, l.pence::text FROM sealed_line l JOIN sealed_file f USING (file_name)
        WHERE f.run_id = $1 ORDER BY l.line_number`,
      [run.runId],
    )
  ).rows;

describe('a recovery', () => {
  it('is taken off another payment of the same provider, with an entry on each side', async () => {
    const owes = recovery(0, '-4000');
    const pays = line(0, '10000');
    await world.approve(owes, pays);
    const run = await world.release();
    expect(run).toMatchObject({ included: 1, netted: 1, notIncluded: 0 });
    expect(run.words).toContain('1 settled without a line');
    expect(run.files[0].totalPence).toBe('6000');
    expect((await endOf(owes.declarationId)).data).toMatchObject({ nettedPence: '-4000', debtPence: '0' });
    expect((await endOf(pays.declarationId)).data).toMatchObject({ pence: '6000', nettedPence: '4000' });
    const [of, off] = [await accountOf(0), await accountOf(0, 'XSECOND')];
    expect(of.achievements[0]).toMatchObject({ entitlement: '-4000', netted: '-4000', debt: '0', owed: '0' });
    expect(off.achievements[0]).toMatchObject({ sealed: '6000', netted: '4000', debt: '0', owed: '0' });
    expect(of.debts[0]).toMatchObject({ pence: '4000', openPence: '0' });
    expect(of.entries.items.at(-1)).toMatchObject({
      kind: 'netted',
      pence: '-4000',
      againstDeclarationId: pays.declarationId,
      runId: run.runId,
    });
    expect(off.entries.items).toContainEqual(
      expect.objectContaining({ kind: 'netted', pence: '4000', againstDeclarationId: owes.declarationId }),
    );
  });

  it('that no payment can bear stays a debt and is tried again in the next run', async () => {
    const owes = recovery(1, '-5000');
    await world.approve(owes);
    expect(await world.release()).toMatchObject({ included: 0, netted: 1, files: [] });
    expect((await endOf(owes.declarationId)).data).toMatchObject({ nettedPence: '-5000', debtPence: '5000' });
    const account = await accountOf(1);
    expect(account.achievements[0]).toMatchObject({ entitlement: '-5000', debt: '5000', owed: '0' });
    expect(account.debts[0]).toMatchObject({ openPence: '5000', settledAt: null });
    const whole = line(1, '3000');
    await world.approve(whole);
    const second = await world.release();
    expect(second).toMatchObject({ included: 0, netted: 1, files: [] });
    expect((await endOf(whole.declarationId)).data).toMatchObject({ nettedPence: '3000', debtPence: '0' });
    expect((await accountOf(1)).debts[0]).toMatchObject({ openPence: '2000', settledAt: null });
    const part = aDeclaration({
      organisationCode: practice(1),
      pence: '9000',
      kind: 'adjustment',
      serviceCode: 'XSECOND',
    });
    await world.approve(part);
    const third = await world.release();
    expect(await linesOf(third)).toEqual([
      { provider_code: practice(1), service_code: 'XSECOND', pence: '7000' },
    ]);
    expect((await accountOf(1)).debts[0]).toMatchObject({ openPence: '0' });
    expect((await accountOf(1)).debts[0].settledAt).not.toBeNull();
  });

  it('leaves other providers, and what another agency pays, alone', async () => {
    const owes = recovery(2, '-5000');
    const [neighbour, elsewhere] = [line(3, '7000'), line(2, '8000', 'XOTHERS')];
    await world.approve(owes, neighbour, elsewhere);
    const run = await world.release();
    expect(run).toMatchObject({ included: 2, netted: 1 });
    const pence = run.files.map((file: { totalPence: string }) => file.totalPence).sort();
    expect(pence).toEqual(['7000', '8000']);
    expect((await accountOf(2)).debts[0]).toMatchObject({ agencyCode: 'XPAY', openPence: '5000' });
  });

  /** From now on another agency pays it. */
  const moved = async (serviceCode: string) => {
    await world.neighbours.publish([servicePublished(serviceCode, { agencyCode: 'XOTHER', version: 2 })]);
    await eventually(async () => {
      const { rows } = await world.service.database.query(
        `SELECT 1 FROM service_routing WHERE service_code = $1 AND agency_code = 'XOTHER'`,
        [serviceCode],
      );
      return rows.length > 0;
    });
  };

  it('is owed to the agency that paid too much, whichever pays its service now', async () => {
    await world.approve(line(10, '9000', 'XMOVED'));
    expect(await world.release()).toMatchObject({ included: 1 });
    await moved('XMOVED');
    const [elsewhere, here] = [line(10, '7000', 'XOTHERS'), line(10, '8000')];
    await world.approve(recovery(10, '-5000', { serviceCode: 'XMOVED' }), elsewhere, here);
    expect(await world.release()).toMatchObject({ included: 2, netted: 1 });
    expect((await endOf(elsewhere.declarationId)).data).toMatchObject({ pence: '7000' });
    expect((await endOf(here.declarationId)).data).toMatchObject({ pence: '3000', nettedPence: '5000' });
    expect((await accountOf(10, 'XMOVED')).debts[0]).toMatchObject({ agencyCode: 'XPAY', openPence: '0' });
  });

  it('of what recoveries took off a line goes back to the agency of that line', async () => {
    const pays = line(11, '6000', 'XTRIED');
    await world.approve(recovery(11, '-1000'), pays);
    const run = await world.release();
    await world.acknowledge([
      `${run.files[0].fileName},1,${pays.declarationId},1,5000,REJECTED,AC04,The account is closed.`,
    ]);
    await eventually(
      () => world.neighbours.declarations.get(pays.declarationId)!.status === 'REJECTED_BY_AGENCY',
    );
    await moved('XTRIED');
    // Signed anew for nothing.
    await world.approve({ ...pays, pence: '0', attempt: 2, declarationVersion: 2, revision: 40 });
    expect(await world.release()).toMatchObject({ included: 0, netted: 1 });
    expect((await accountOf(11, 'XTRIED')).debts[0]).toMatchObject({ agencyCode: 'XPAY', openPence: '1000' });
  });

  it('stays taken when the rest of the line is rejected: the next attempt pays the rest', async () => {
    const [owes, pays] = [recovery(4, '-1000'), line(4, '6000')];
    await world.approve(owes, pays);
    const run = await world.release();
    const { body } = await world.acknowledge([
      `${run.files[0].fileName},1,${pays.declarationId},1,5000,REJECTED,AC04,The account is closed.`,
    ]);
    expect(body.applied).toBe(1);
    await eventually(
      () => world.neighbours.declarations.get(pays.declarationId)!.status === 'REJECTED_BY_AGENCY',
    );
    await world.approve({ ...pays, attempt: 2, revision: 40 });
    const again = await world.release();
    expect(again.files[0].totalPence).toBe('5000');
    expect((await accountOf(4, 'XSECOND')).achievements[0]).toMatchObject({
      sealed: '10000',
      rejected: '5000',
      netted: '1000',
      owed: '0',
    });
  });

  it('stays taken when the rest of an adjustment is settled outside after its line was rejected', async () => {
    const [owes, pays] = [recovery(9, '-200'), line(9, '500')];
    await world.approve(owes, { ...pays, kind: 'adjustment' });
    const run = await world.release();
    await world.acknowledge([
      `${run.files[0].fileName},1,${pays.declarationId},1,300,REJECTED,AC04,The account is closed.`,
    ]);
    await eventually(
      () => world.neighbours.declarations.get(pays.declarationId)!.status === 'REJECTED_BY_AGENCY',
    );
    const settled = world.neighbours.declarations.get(pays.declarationId)!;
    await world.neighbours.declare('declaration.settled-outside.v1', {
      ...settled,
      status: 'SETTLED_OUTSIDE',
      revision: 40,
    });
    await world.knows({ ...settled, revision: 40 });
    expect((await accountOf(9, 'XSECOND')).achievements[0]).toMatchObject({
      entitlement: '500',
      netted: '200',
      settledOutside: '300',
      owed: '0',
    });
  });

  it('is taken in one order: oldest debts first, then the order of lines', async () => {
    const first = recovery(5, '-2000');
    await world.approve(first);
    await world.release();
    const second = recovery(5, '-3000', { serviceCode: 'XSECOND' });
    const ids = [1, 2, 3].map(() => line(5, '1').declarationId).sort();
    const lines = [line(5, '1500'), line(5, '2500'), line(5, '4000')].map((d, at) => ({
      ...d,
      declarationId: ids[at]!,
      serviceCode: 'XVI2223',
      achievementDate: '2026-06-30',
      kind: (at === 0 ? 'achievement' : 'adjustment') as 'achievement' | 'adjustment',
    }));
    await world.approve(second, ...lines);
    const run = await world.release();
    expect((await linesOf(run)).map((one) => one.pence)).toEqual(['3000']);
    expect((await accountOf(5)).debts[0]).toMatchObject({ openPence: '0' });
    expect((await accountOf(5, 'XSECOND')).debts[0]).toMatchObject({ openPence: '0' });
    const { rows } = await world.service.database.query(
      `SELECT declaration_id = $1 AS first, (-pence)::text AS pence FROM ledger_entry
        WHERE kind = 'netted' AND declaration_id IN ($1, $2) ORDER BY 1 DESC, against_declaration_id`,
      [first.declarationId, second.declarationId],
    );
    expect(rows).toEqual([
      { first: true, pence: '1500' },
      { first: true, pence: '500' },
      { first: false, pence: '2000' },
      { first: false, pence: '1000' },
    ]);
  });

  it('is shown to whoever may see the account, and to nobody else', async () => {
    const path = `accounts/${practice(1)}/XVI2223`;
    expect((await world.service.get('finance.a', path)).body.debts).toHaveLength(1);
    expect((await world.service.get('finance.b', path)).status).toBe(404);
    expect((await world.service.get('declarer', path)).status).toBe(404);
  });
});

describe('the ledger with recoveries', () => {
  it('adds up: nettings cancel over all accounts, and each debt is what its recovery still lacks', async () => {
    const { rows } = await world.service.database.query(
      `SELECT (SELECT sum(pence)::text FROM ledger_entry WHERE kind = 'netted') AS netted,
              (SELECT count(*)::int FROM debt d WHERE d.pence - d.open_pence <> coalesce(
                (SELECT -sum(e.pence) FROM ledger_entry e WHERE e.kind = 'netted' AND e.pence < 0 AND e.declaration_id = d.declaration_id), 0)) AS odd,
              (SELECT count(*)::int FROM sealed_line WHERE pence <= 0) AS naught`,
    );
    expect(rows[0]).toEqual({ netted: '0', odd: 0, naught: 0 });
  });

  it('settles nothing twice when runs are started again', async () => {
    const before = await world.service.database.query('SELECT count(*)::int AS n FROM ledger_entry');
    expect(await world.release()).toMatchObject({ included: 0, netted: 0, files: [] });
    expect((await world.service.database.query('SELECT count(*)::int AS n FROM ledger_entry')).rows).toEqual(
      before.rows,
    );
  });
});
