import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeclarationState } from '@attest/contracts';
import { eventually } from '@attest/testing';
import type { Neighbours } from './neighbours.js';
import { aDeclaration, practice, startPaymentsWorld, type PaymentsWorld } from './payments-world.js';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
});
afterAll(() => world?.close());
afterEach(() => {
  world.neighbours.answering = () => 'confirm';
});

const endOf = (declarationId: string) =>
  eventually(() =>
    world
      .told(declarationId)
      .findLast(({ type }) => ['payment.sealed.v1', 'payment.not-included.v1'].includes(type)),
  );
/** Declaration-workflow says it; waits until payment-export knows it. */
async function say(type: Parameters<Neighbours['declare']>[0], declaration: DeclarationState): Promise<void> {
  await world.neighbours.declare(type, declaration);
  await world.knows(declaration);
}
const accountOf = async (n: number) =>
  (await world.service.get('finance', `accounts/${practice(n)}/XVI2223`)).body;
/** Answers the only line of a run's only file. */
async function answer(run: { files: { fileName: string }[] }, d: DeclarationState, outcome: string) {
  const line = `${run.files[0]!.fileName},1,${d.declarationId},${d.attempt},${d.pence},${outcome}`;
  const { body } = await world.acknowledge([line]);
  expect(body.applied).toBe(1);
}
const ACCEPT = 'ACCEPTED,,';
const REJECT = 'REJECTED,AC04,The account is closed.';

describe('what is owed', () => {
  it('counts a sealed line without an answer as paid', async () => {
    const d = aDeclaration({ organisationCode: practice(0) });
    await world.approve(d);
    await world.release();
    expect((await accountOf(0)).achievements[0]).toMatchObject({ sealed: '12072', paid: '0', owed: '0' });
    // Should it ever be asked for again under another version, nothing is owed.
    await world.approve({ ...d, declarationVersion: 2, revision: 30 });
    expect(await world.release()).toMatchObject({ included: 0, notIncluded: 1 });
    expect((await endOf(d.declarationId)).data).toMatchObject({ code: 'NOTHING_OWED', owedPence: '0' });
    await say('declaration.paid.v1', { ...d, status: 'PAID', revision: 40 });
  });

  it('is the newest approved version: a line signed for another amount is not included, and says what is owed', async () => {
    const d = aDeclaration({ organisationCode: practice(1), pence: '10000' });
    await world.approve(d);
    // It is signed anew while the run collects, and the answer for the old version comes behind.
    const signedAnew = { ...d, declarationVersion: 2, pence: '12500', revision: 6 };
    world.neighbours.answering = () => 'silent';
    const { body } = await world.startRun();
    await eventually(() => world.told(d.declarationId).length === 1);
    await world.neighbours.declare('declaration.finance-approved.v1', signedAnew);
    await world.neighbours.declare('declaration.confirmed.v1', {
      ...d,
      status: 'RELEASING',
      runId: body.runId as string,
      revision: 7,
    });
    const run = await world.ended(body.runId as string);
    expect(run).toMatchObject({ included: 0, notIncluded: 1, files: [] });
    expect((await endOf(d.declarationId)).data).toMatchObject({
      code: 'AMOUNT_MOVED',
      owedPence: '12500',
      declarationVersion: 1,
    });
    const items = await world.service.get('finance', `release-runs/${run.runId}/items`);
    expect(items.body.items[0]).toMatchObject({ code: 'AMOUNT_MOVED', owedPence: '12500' });
    // Signed for what is owed, it is paid.
    await say('declaration.finance-approved.v1', { ...signedAnew, revision: 20 });
    world.neighbours.answering = () => 'confirm';
    expect((await world.release()).files[0].totalPence).toBe('12500');
  });

  it('ignores a confirm of another version than it asked for', async () => {
    const d = aDeclaration({ organisationCode: practice(2) });
    await world.approve(d);
    world.neighbours.answering = () => 'silent';
    const { body } = await world.startRun({ collectSeconds: 1 });
    await eventually(() => world.told(d.declarationId).length === 1);
    await world.neighbours.declare('declaration.confirmed.v1', {
      ...d,
      status: 'RELEASING',
      declarationVersion: 2,
      runId: body.runId as string,
      revision: 7,
    });
    expect(await world.ended(body.runId as string)).toMatchObject({ included: 0, notIncluded: 1 });
    expect((await endOf(d.declarationId)).data.code).toBe('NOT_ANSWERED');
    await say('declaration.lapsed.v1', { ...d, status: 'LAPSED', revision: 20 });
  });

  it('is carried by an adjustment after its line was paid', async () => {
    const main = aDeclaration({ organisationCode: practice(3), pence: '10000' });
    await world.approve(main);
    await answer(await world.release(), main, ACCEPT);
    const adjustment = aDeclaration({ organisationCode: practice(3), kind: 'adjustment', pence: '2500' });
    await world.approve(adjustment);
    await answer(await world.release(), adjustment, ACCEPT);
    expect((await accountOf(3)).achievements).toEqual([
      {
        achievementDate: '2026-06-30',
        entitlement: '12500',
        sealed: '12500',
        rejected: '0',
        settledOutside: '0',
        netted: '0',
        paid: '12500',
        debt: '0',
        owed: '0',
      },
    ]);
  });

  it('is the adjustment’s alone once it absorbed a rejected line', async () => {
    const main = aDeclaration({ organisationCode: practice(4), pence: '10000' });
    await world.approve(main);
    await answer(await world.release(), main, REJECT);
    await eventually(
      () => world.neighbours.declarations.get(main.declarationId)!.status === 'REJECTED_BY_AGENCY',
    );
    const lapsed: DeclarationState = { ...main, status: 'LAPSED', revision: 20 };
    await say('declaration.lapsed.v1', lapsed);
    expect((await accountOf(4)).achievements[0]).toMatchObject({ entitlement: '0', owed: '0' });
    const adjustment = aDeclaration({ organisationCode: practice(4), kind: 'adjustment', pence: '13000' });
    await world.approve(adjustment);
    expect((await world.release()).files[0].totalPence).toBe('13000');
    expect((await accountOf(4)).achievements[0]).toMatchObject({
      entitlement: '13000',
      sealed: '23000',
      rejected: '10000',
      owed: '0',
    });
  });

  it('is not paid again where it was settled outside', async () => {
    const main = aDeclaration({ organisationCode: practice(5), pence: '10000' });
    await world.approve(main);
    await answer(await world.release(), main, ACCEPT);
    const outside = aDeclaration({
      organisationCode: practice(5),
      kind: 'adjustment',
      pence: '700',
      status: 'SETTLED_OUTSIDE',
    });
    // Whichever event carries the state: what counts is the status.
    await say('declaration.refigured.v1', outside);
    expect((await accountOf(5)).achievements[0]).toMatchObject({
      entitlement: '10700',
      settledOutside: '700',
      paid: '10000',
      owed: '0',
    });
  });

  it('is what a recovery of the same achievement leaves of two lines that were signed', async () => {
    const both = [1, 2].map(() => aDeclaration({ organisationCode: practice(6), pence: '5000' }));
    await world.approve(...both);
    // A recovery was agreed meanwhile: of 10,000 only 5,000 are owed.
    const recovery = aDeclaration({ organisationCode: practice(6), kind: 'adjustment', pence: '-5000' });
    await world.approve(recovery);
    const run = await world.release();
    expect(run).toMatchObject({ included: 1, netted: 2, notIncluded: 0 });
    expect(run.files[0].totalPence).toBe('5000');
    expect((await accountOf(6)).achievements[0]).toMatchObject({
      entitlement: '5000',
      sealed: '5000',
      netted: '0',
      debt: '0',
      owed: '0',
    });
  });

  it('does not change when the topic is read again from its beginning', async () => {
    const before = await Promise.all([3, 4, 5, 6].map(accountOf));
    const { rows } = await world.service.database.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM ledger_entry',
    );
    // As a deliberate replay delivers them: new ids, old revisions, oldest first.
    const known = [...world.neighbours.declarations.values()];
    for (const state of known)
      await world.neighbours.declare('declaration.finance-approved.v1', {
        ...state,
        status: 'FINANCIALLY_APPROVED',
        revision: 1,
      });
    // One behind each of them in its partition tells that they were read.
    for (const { declarationId } of known)
      await say('declaration.refigured.v1', {
        ...aDeclaration(),
        declarationId,
        status: 'PAID',
        revision: 90,
      });
    const after = await Promise.all([3, 4, 5, 6].map(accountOf));
    const standing = (accounts: { achievements: unknown }[]) =>
      accounts.map(({ achievements }) => achievements);
    expect(standing(after)).toEqual(standing(before));
    expect(rows[0]!.n).toBeGreaterThan(0);
  });
});

describe('the ledger of all accounts', () => {
  it('adds up: entitlement less what lapsed = sealed - rejected + settled outside + owed, as plain SQL says it', async () => {
    const { rows } = await world.service.database.query<{ provider_code: string; owed: string }>(
      `SELECT e.provider_code,
              sum(CASE WHEN e.kind = 'entitlement' AND e.declaration_version = (
                        SELECT max(o.declaration_version) FROM ledger_entry o
                         WHERE o.declaration_id = e.declaration_id AND o.kind = 'entitlement')
                        AND NOT EXISTS (SELECT 1 FROM ledger_entry l WHERE l.declaration_id = e.declaration_id
                                           AND l.kind = 'lapsed')
                       THEN e.pence
                       WHEN e.kind IN ('sealed', 'settled-outside', 'netted') THEN -e.pence
                       WHEN e.kind = 'rejected' THEN e.pence ELSE 0 END)::text AS owed
         FROM ledger_entry e WHERE e.service_code = 'XVI2223' GROUP BY 1`,
    );
    for (const { provider_code: code, owed } of rows) {
      const account = await accountOf(Number(code.slice(1)));
      expect([code, account.achievements[0].owed]).toEqual([code, owed]);
    }
    expect(rows.length).toBeGreaterThan(5);
  });

  it('holds each line of each file once', async () => {
    const { rows } = await world.service.database.query<{ lines: number; entries: number; files: number }>(
      `SELECT (SELECT count(*)::int FROM sealed_line) AS lines,
              (SELECT count(*)::int FROM ledger_entry WHERE kind = 'sealed') AS entries,
              (SELECT sum(lines)::int FROM sealed_file) AS files`,
    );
    expect(rows[0]!.lines).toBe(rows[0]!.entries);
    expect(rows[0]!.lines).toBe(rows[0]!.files);
  });
});
