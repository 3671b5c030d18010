import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { eventually } from '@attest/testing';
import { PgRunStore } from '../src/persistence/run.store.js';
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

  it.each([
    ['waits for', 20, { included: 1, notIncluded: 0 }],
    ['ends in its time', 0, { included: 0, notIncluded: 1 }],
  ])('%s what has to be asked again after the run looked for it', async (_does, collectSeconds, end) => {
    const late = aDeclaration({ organisationCode: practice(collectSeconds === 0 ? 6 : 7) });
    await world.approve(late);
    let heard = 0;
    world.neighbours.answering = () => (++heard === 1 ? 'silent' : 'confirm');
    const { request, askAgain } = PgRunStore.prototype;
    const looking = jest.spyOn(PgRunStore.prototype, 'request').mockImplementation(async function (
      this: PgRunStore,
      tx,
      run,
      limit,
    ) {
      const found = await request.call(this, tx, run, limit);
      if (found.looked > 0) return found;
      looking.mockRestore();
      const { declarationId, attempt } = late;
      const answer = { runId: run.runId, declarationId, declarationVersion: 1n, attempt };
      // Committed at once, by another connection.
      await askAgain.call(this, world.service.database as unknown as Tx, [
        { ...answer, confirmed: false, code: 'PAYMENT_OUT_OF_ORDER', paymentVersion: 5 },
      ]);
      if (collectSeconds === 0) (run as { collectUntil: Date | null }).collectUntil = new Date(0);
      return found;
    });
    const run = await world.release({ collectSeconds: collectSeconds || 20 });
    looking.mockRestore();
    world.neighbours.answering = () => 'confirm';
    expect(run).toMatchObject({ state: 'sealed', ...end });
    const { rows } = await world.service.database.query<{ state: string }>(
      'SELECT DISTINCT state FROM run_item WHERE run_id = $1',
      [run.runId],
    );
    expect(rows).toEqual([{ state: collectSeconds === 0 ? 'not-included' : 'included' }]);
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
