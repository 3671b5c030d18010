import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { eventually } from '@attest/testing';
import { aDeclaration, practice, startPaymentsWorld, type PaymentsWorld } from './payments-world.js';

let world: PaymentsWorld;
beforeAll(async () => {
  world = await startPaymentsWorld();
}, 90_000);
afterAll(() => world?.close());

/** As a backup of before the runs has it: it knows neither them nor what it told. Only what was sealed it must know. */
const restoreToBeforeTheRuns = async (): Promise<void> => {
  const { database } = world.service;
  await database.query('TRUNCATE run_item, instruction');
  await database.query('DELETE FROM release_run');
  await database.query('UPDATE declaration_state SET payment_version = 0');
};

describe('a database restored to before a run', () => {
  it('takes up the payment versions that are known, asks again, and pays in its next run', async () => {
    const declarations = [0, 1, 2].map((n) => aDeclaration({ organisationCode: practice(n) }));
    await world.approve(...declarations);
    world.neighbours.answering = () => 'silent';
    expect(await world.release({ collectSeconds: 1 })).toMatchObject({ included: 0, notIncluded: 3 });
    world.neighbours.answering = () => 'confirm';
    await restoreToBeforeTheRuns();

    // One that was never asked for is among them.
    const fresh = aDeclaration({ organisationCode: practice(3) });
    await world.approve(fresh);
    const run = await world.release();
    expect(run).toMatchObject({ state: 'sealed', included: 4, notIncluded: 0 });
    for (const { declarationId } of declarations) {
      const told = world.told(declarationId).filter(({ data }) => data.runId === run.runId);
      expect(told.map(({ type, data }) => [type, data.paymentVersion])).toEqual([
        ['payment.release-requested.v1', 1],
        ['payment.release-requested.v1', 3],
        ['payment.sealed.v1', 4],
      ]);
    }
    expect(world.told(fresh.declarationId).map(({ data }) => data.paymentVersion)).toEqual([1, 2]);
  });

  it('ends what a forgotten run was sending, and pays it in the run after', async () => {
    const sent = aDeclaration({ organisationCode: practice(5) });
    await world.approve(sent);
    const forgotten = uuidV7();
    const releasing = {
      ...sent,
      status: 'RELEASING',
      revision: 5,
      runId: forgotten,
      paymentVersion: 7,
    } as const;
    await world.neighbours.declare('declaration.confirmed.v1', releasing);
    await world.knows(releasing);
    await world.release();
    const end = await eventually(() => world.told(sent.declarationId)[0]);
    expect(end).toMatchObject({
      type: 'payment.not-included.v1',
      data: { runId: forgotten, paymentVersion: 8, code: 'RUN_FORGOTTEN' },
    });
    const back = { ...releasing, status: 'FINANCIALLY_APPROVED', revision: 6, runId: null } as const;
    await world.knows(back);
    expect(await world.release()).toMatchObject({ included: 1 });
  });
});
