import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { uuidV7, type DeclarationState } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { eventually } from '@attest/testing';
import { PgRunStore } from '../src/persistence/run.store.js';
import { aDeclaration, practice, SERVICE, startPaymentsWorld, type PaymentsWorld } from './payments-world.js';

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

describe('declaration-workflow, restored to before it opened a declaration', () => {
  const reopened = async (n: number, lost: DeclarationState): Promise<DeclarationState> => {
    // It says of the one that it does not know any more that it ended, as it knows it: without its signed version.
    const gone = { ...lost, status: 'LAPSED', declarationVersion: 0, revision: 1_000_001 } as const;
    await world.neighbours.declare('declaration.lapsed.v1', gone);
    await world.knows(gone);
    const again = aDeclaration({
      organisationCode: practice(n),
      kind: lost.kind,
      pence: lost.pence,
      declarationVersion: 1_000_001,
      revision: 1_000_004,
    });
    await world.approve(again);
    return again;
  };
  /** Its commissioner ends what was paid under the other id, or every run would leave it out again. */
  const withdrawn = async (declaration: DeclarationState): Promise<void> => {
    const ended = { ...declaration, status: 'LAPSED', revision: 2_000_000 } as const;
    await world.neighbours.declare('declaration.lapsed.v1', ended);
    await world.knows(ended);
  };
  const paidOf = async (n: number): Promise<{ sealed: bigint; owed: bigint }> => {
    const { body } = await world.service.get('finance', `accounts/${practice(n)}/${SERVICE}`);
    const [{ sealed, owed }] = body.achievements;
    return { sealed: BigInt(sealed as string), owed: BigInt(owed as string) };
  };

  it.each([
    ['an achievement', 8, 'achievement'],
    ['an adjustment', 9, 'adjustment'],
  ] as const)('has it signed again under another id: %s is paid once', async (_what, n, kind) => {
    const lost = aDeclaration({ organisationCode: practice(n), kind });
    await world.approve(lost);
    expect(await world.release()).toMatchObject({ included: 1 });
    const again = await reopened(n, lost);
    expect(await world.release()).toMatchObject({ included: 0, notIncluded: 1 });
    expect(world.told(again.declarationId).at(-1)!.data).toMatchObject({ code: 'NOTHING_OWED' });
    expect(await paidOf(n)).toEqual({ sealed: 12_072n, owed: 0n });
    await withdrawn(again);
  });

  it('pays the one that is signed again where the first was not sent yet, and never the first', async () => {
    const lost = aDeclaration({ organisationCode: practice(10) });
    await world.approve(lost);
    const again = await reopened(10, lost);
    expect(await world.release()).toMatchObject({ included: 1, notIncluded: 0 });
    expect(world.told(lost.declarationId)).toEqual([]);
    expect(world.told(again.declarationId).at(-1)!.type).toBe('payment.sealed.v1');
    expect(await paidOf(10)).toEqual({ sealed: 12_072n, owed: 0n });
  });

  it('pays the one that is signed again when the line of the first is rejected', async () => {
    const lost = aDeclaration({ organisationCode: practice(11) });
    await world.approve(lost);
    const run = await world.release();
    const again = await reopened(11, lost);
    const line = `${run.files[0].fileName},1,${lost.declarationId},1,12072,REJECTED,AC04,The account is closed.`;
    expect((await world.acknowledge([line], 'restored.csv')).body.applied).toBe(1);
    expect(await world.release()).toMatchObject({ included: 1, notIncluded: 0 });
    expect(world.told(again.declarationId).at(-1)!.type).toBe('payment.sealed.v1');
    expect(await paidOf(11)).toEqual({ sealed: 24_144n, owed: 0n });
  });

  it('takes a recovery over once, although it is signed again under another id', async () => {
    const lost = aDeclaration({ organisationCode: practice(12), kind: 'adjustment', pence: '-5000' });
    await world.approve(lost);
    expect(await world.release()).toMatchObject({ netted: 1 });
    const again = await reopened(12, lost);
    expect(await world.release()).toMatchObject({ netted: 0, notIncluded: 1 });
    expect(world.told(again.declarationId).at(-1)!.data).toMatchObject({ code: 'RECOVERED_ALREADY' });
    const { body } = await world.service.get('finance', `accounts/${practice(12)}/${SERVICE}`);
    await withdrawn(again);
    expect(body.debts).toMatchObject([{ declarationId: lost.declarationId, pence: '5000' }]);
  });

  it('takes no recovery that was settled outside, although it is signed again under another id', async () => {
    const lost = {
      ...aDeclaration({ organisationCode: practice(14), kind: 'adjustment', pence: '-5000' }),
      status: 'SETTLED_OUTSIDE',
    } as const;
    await world.neighbours.declare('declaration.settled-outside.v1', lost);
    await world.knows(lost);
    const again = await reopened(14, lost);
    expect(await world.release()).toMatchObject({ netted: 0, notIncluded: 1 });
    expect(world.told(again.declarationId).at(-1)!.data).toMatchObject({ code: 'RECOVERED_ALREADY' });
    await withdrawn(again);
  });
});

describe('versions after a restore', () => {
  it('stand above all that was told, one after the other', async () => {
    await world.service.database.query(
      `INSERT INTO producer_epoch (epoch, version_floor, raised_by, reason) VALUES (1, 1000000, 'operator', 'disk lost')`,
    );
    const paid = aDeclaration({ organisationCode: practice(13) });
    await world.approve(paid);
    const { files } = await world.release();
    const line = `${files[0].fileName},1,${paid.declarationId},1,12072,ACCEPTED,,`;
    expect((await world.acknowledge([line], 'raised.csv')).body.applied).toBe(1);
    await eventually(() => world.told(paid.declarationId).length === 3);
    expect(world.told(paid.declarationId).map(({ type, data }) => [type, data.paymentVersion])).toEqual([
      ['payment.release-requested.v1', 1_000_001],
      ['payment.sealed.v1', 1_000_002],
      ['payment.acknowledged.v1', 1_000_003],
    ]);
  });
});
