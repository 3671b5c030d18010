import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApprovalRefusedV1,
  DeclarationApprovedV1,
  newEvent,
  uuidV7,
  type DeclarationState,
} from '@attest/contracts';
import { fact } from './a-declaration.js';
import { itemsOf, soon, startApprovals, type ApprovalsWorld } from './approvals-world.js';

let world: ApprovalsWorld;
beforeAll(async () => {
  world = await startApprovals();
}, 60_000);
afterAll(() => world?.service.close());

const stage = 'commissioner';
const act = (action: 'sign' | 'refuse', person: string, { declarationId }: DeclarationState) =>
  world.service.post(person, `approval-tasks/${declarationId}/${action}`, {
    stage,
    declarationVersion: '1',
    ...(action === 'refuse' ? { reason: 'The count is higher than the register.' } : {}),
  });
const look = ({ declarationId }: DeclarationState, person = 'approver') =>
  world.service.get(person, `approval-tasks/${declarationId}`);
const answered = (declaration: DeclarationState) =>
  soon(async () => {
    const { body } = await look(declaration);
    return body.lastSignature.state !== 'pending' && body;
  });
const refusedBecause = (declaration: DeclarationState, approvalId: string, code: string, words: string) =>
  world.tell(
    newEvent(ApprovalRefusedV1, {
      approvalId,
      declarationId: declaration.declarationId,
      declarationVersion: 1,
      stage,
      code,
      words,
      revision: declaration.revision,
    }),
  );

describe('a task whose signature was refused', () => {
  it('says why, on its own and in the list, until it is signed again', async () => {
    const [task] = await world.declared({});
    expect((await look(task!)).body).toMatchObject({ stage, signaturePending: false, lastSignature: null });
    const { approvalId } = (await act('sign', 'approver', task!)).body;
    const given = {
      approvalId,
      stage,
      tier: null,
      decision: 'approve',
      declarationVersion: '1',
      personId: 'approver',
      bulkId: null,
      signedAt: expect.any(String),
    };
    expect((await look(task!)).body).toMatchObject({
      signaturePending: true,
      lastSignature: { ...given, state: 'pending', code: null, words: null, answeredAt: null },
    });

    await refusedBecause(task!, approvalId, 'ON_HOLD', 'It is on hold. Release the hold first, then sign.');
    const shown = await answered(task!);
    expect(shown).toMatchObject({
      stage,
      signaturePending: false,
      lastSignature: {
        ...given,
        state: 'refused',
        code: 'ON_HOLD',
        words: 'It is on hold. Release the hold first, then sign.',
        answeredAt: expect.any(String),
      },
    });
    const { body: list } = await world.service.get('viewer', 'approval-tasks?limit=500');
    expect(list.items.find((one: DeclarationState) => one.declarationId === task!.declarationId)).toEqual(
      shown,
    );

    const again = await act('refuse', 'second', task!);
    expect((await look(task!)).body.lastSignature).toMatchObject({
      approvalId: again.body.approvalId,
      decision: 'refuse',
      personId: 'second',
      state: 'pending',
      code: null,
    });
  });

  it('says so of one that was given in a bulk', async () => {
    const tasks = await world.declared({}, {});
    const { body } = await world.service.post('approver', 'bulk-approvals', { stage, items: itemsOf(tasks) });
    await world.signed('approver', body.bulkId);
    const [first] = tasks;
    const { approvalId } = (await look(first!)).body.lastSignature;
    await refusedBecause(first!, approvalId, 'SUPERSEDED', 'Other figures came first. Look at them.');
    expect((await answered(first!)).lastSignature).toMatchObject({ bulkId: body.bulkId, code: 'SUPERSEDED' });
    expect((await look(tasks[1]!)).body.lastSignature).toMatchObject({ state: 'pending', code: null });
  });
});

describe('a task whose signature was applied', () => {
  it('says so also when it waits for no signature any more', async () => {
    const [task] = await world.declared({});
    const { approvalId } = (await act('sign', 'approver', task!)).body;
    await world.tell(
      newEvent(DeclarationApprovedV1, {
        declaration: {
          ...task!,
          status: 'FINANCIALLY_APPROVED',
          revision: 3,
          commissionerSignedBy: 'approver',
        },
        fact: fact(approvalId),
      }),
    );
    expect(await answered(task!)).toMatchObject({
      status: 'FINANCIALLY_APPROVED',
      stage: null,
      lastSignature: { approvalId, state: 'applied', code: null, words: null },
    });
  });
});

describe('a task by its id', () => {
  it('is shown to whoever may see it in the list, and to nobody else', async () => {
    const [task] = await world.declared({});
    for (const person of ['viewer', 'finance', 'both']) expect((await look(task!, person)).status).toBe(200);
    expect(await look(task!, 'stranger')).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_DECLARATION' },
    });
    expect(await look(task!, 'nobody')).toMatchObject({ status: 403, body: { code: 'ROLE_MISSING' } });
    expect(await world.service.get('viewer', `approval-tasks/${uuidV7()}`)).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_DECLARATION' },
    });
  });
});
