import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApprovalDiscardedV1,
  DeclarationDeclaredV1,
  newEvent,
  uuidV7,
  type DeclarationState,
  type TopicName,
} from '@attest/contracts';
import { aDeclaration, fact } from './a-declaration.js';
import { itemsOf, leftIn, soon, startApprovals, type ApprovalsWorld } from './approvals-world.js';

let world: ApprovalsWorld;
beforeAll(async () => {
  world = await startApprovals();
}, 60_000);
afterAll(() => world?.service.close());

const stage = 'commissioner';
const PARKED = 'UPSTREAM_EVENT_PARKED';
const act = (action: 'sign' | 'refuse', { declarationId }: DeclarationState, person = 'approver') =>
  world.service.post(person, `approval-tasks/${declarationId}/${action}`, {
    stage,
    declarationVersion: '1',
    ...(action === 'refuse' ? { reason: 'The count is higher than the register.' } : {}),
  });
const declared = (declaration: DeclarationState) =>
  newEvent(DeclarationDeclaredV1, { declaration, fact: fact() });

/** A record under this key that nobody can read, byte for byte what its writer sent but for the value. */
const tombstone = async (
  key: string,
  headers?: { type: string; version: number },
  topic: TopicName = 'declarations',
): Promise<void> => {
  await world.service.topics.publishEmpty(topic, key, headers);
  await soon(async () => {
    const { rowCount } = await world.service.database.query(
      `SELECT FROM blocked_key WHERE topic = $2 AND key = $1`,
      [key, topic],
    );
    return rowCount === 1;
  });
};
/** Of the last event of what `world.declared` told, which says nothing new. */
const COPY = { type: DeclarationDeclaredV1.type, version: 2 };
const discard = (key: string) =>
  world.service.post('operator', 'operations/dead-letters/replay', {
    topic: 'declarations',
    key,
    discard: true,
    reason: 'A record without a value; nobody wrote it.',
  });

describe('a declaration of which an event could not be read', () => {
  it('is neither signed nor sent back until that is settled, and all others go on', async () => {
    const [parked, other, third] = await world.declared({}, {}, {});
    await world.tell({ ...declared(parked!), id: uuidV7() }, { ...declared(parked!), id: uuidV7() });
    await tombstone(parked!.declarationId, { type: DeclarationDeclaredV1.type, version: 2 });
    const before = await leftIn(world);

    for (const action of ['sign', 'refuse'] as const)
      expect(await act(action, parked!)).toMatchObject({ status: 409, body: { code: PARKED } });
    expect(await leftIn(world)).toEqual(before);
    expect((await act('sign', other!)).status).toBe(202);

    const { body: dead } = await world.service.get('operator', 'operations/dead-letters?status=dead');
    expect(dead.items).toEqual([
      expect.objectContaining({ key: parked!.declarationId, errorCode: 'EVENT_UNREADABLE' }),
    ]);
    expect((await discard(parked!.declarationId)).body).toMatchObject({ discarded: 1, failed: [] });
    expect((await act('sign', parked!)).status).toBe(202);
    expect((await act('refuse', third!)).status).toBe(202);
  });

  it('says so in the list and by its id', async () => {
    const [parked, other] = await world.declared({}, {});
    await tombstone(parked!.declarationId, COPY);
    const { body } = await world.service.get('viewer', 'approval-tasks?limit=500');
    const shown = new Map<string, boolean>(
      body.items.map((task: { declarationId: string; parked: boolean }) => [task.declarationId, task.parked]),
    );
    expect([shown.get(parked!.declarationId), shown.get(other!.declarationId)]).toEqual([true, false]);
    const one = await world.service.get('viewer', `approval-tasks/${parked!.declarationId}`);
    expect(one.body).toMatchObject({ parked: true });
    await discard(parked!.declarationId);
  });

  it('is counted in a preview, and a bulk refuses it alone', async () => {
    const serviceCode = 'XPARK';
    const [parked, ...others] = await world.declared({ serviceCode }, { serviceCode }, { serviceCode });
    await tombstone(parked!.declarationId, COPY);
    const { body: preview } = await world.service.post('approver', 'bulk-previews', { stage, serviceCode });
    expect(preview).toMatchObject({ items: 3, parked: 1 });
    const { body: items } = await world.service.get('approver', `bulk-previews/${preview.previewId}/items`);
    expect(
      items.items
        .filter((item: { parked: boolean }) => item.parked)
        .map((item: DeclarationState) => item.declarationId),
    ).toEqual([parked!.declarationId]);

    for (const decision of ['approve', 'refuse'] as const) {
      const { body } = await world.service.post('approver', 'bulk-approvals', {
        stage,
        decision,
        ...(decision === 'refuse' ? { reason: 'Too high.' } : {}),
        items: itemsOf(decision === 'approve' ? [parked!, ...others] : [parked!]),
      });
      await world.signed('approver', body.bulkId);
      const { body: refused } = await world.service.get(
        'approver',
        `bulk-approvals/${body.bulkId}/items?state=refused`,
      );
      expect(refused.items).toEqual([
        expect.objectContaining({
          declarationId: parked!.declarationId,
          code: PARKED,
          words: expect.stringMatching(/operator/),
        }),
      ]);
    }
    await discard(parked!.declarationId);
  });

  it('is refused, too, where its commissioner could not be read, and only there', async () => {
    const [task] = await world.declared({ commissionerCode: 'XQB' });
    await tombstone('XQB', undefined, 'organisations');
    expect((await act('sign', task!, 'stranger')).body.code).toBe(PARKED);
    const [other] = await world.declared({});
    expect((await act('sign', other!)).status).toBe(202);
    await world.service.post('operator', 'operations/dead-letters/replay', {
      topic: 'organisations',
      discard: true,
      reason: 'A record without a value; nobody wrote it.',
    });
    expect((await act('sign', task!, 'stranger')).status).toBe(202);
  });
});

describe('a pending signature whose answer could not be read', () => {
  it('ends when the operator gives the answer up, and says so', async () => {
    const [task] = await world.declared({});
    const { approvalId } = (await act('sign', task!)).body;
    await tombstone(task!.declarationId, { type: 'approval.refused.v1', version: 3 });
    expect((await discard(task!.declarationId)).body).toMatchObject({ discarded: 1, failed: [] });
    const { body } = await world.service.get('approver', `approval-tasks/${task!.declarationId}`);
    expect(body).toMatchObject({
      signaturePending: false,
      lastSignature: { approvalId, state: 'refused', code: 'ANSWER_DISCARDED' },
    });
  });

  it('still waits where the record said nothing new', async () => {
    const [task] = await world.declared({});
    await act('sign', task!);
    await tombstone(task!.declarationId, { type: DeclarationDeclaredV1.type, version: 2 });
    await discard(task!.declarationId);
    const { body } = await world.service.get('approver', `approval-tasks/${task!.declarationId}`);
    expect(body).toMatchObject({ signaturePending: true, lastSignature: { state: 'pending' } });
  });
});

describe('the state of a declaration', () => {
  const needed = (key: string) => ({ discarded: 0, failed: [{ key, code: 'DECLARATION_STATE_NEEDED' }] });
  const follows = async (state: DeclarationState): Promise<void> => {
    await world.tell(declared(state));
    await soon(async () => {
      const { rowCount } = await world.service.database.query('SELECT FROM parked_event WHERE key = $1', [
        state.declarationId,
      ]);
      return rowCount === 1;
    });
    const { body } = await discard(state.declarationId);
    expect(body).toMatchObject({ discarded: 1, applied: 1, failed: [] });
  };

  it.each([
    ['newer than the one that is known', { type: 'declaration.approved.v1', version: 3 }],
    ['of which only the key can be read', undefined],
  ])('is not given up where it may be %s, before a later one waits behind it', async (_, headers) => {
    const [task] = await world.declared({});
    const { approvalId } = (await act('sign', task!)).body;
    await tombstone(task!.declarationId, headers);
    expect((await discard(task!.declarationId)).body).toMatchObject(needed(task!.declarationId));
    await follows(aDeclaration({ ...task!, revision: 4 }));
    // It may have been the answer.
    const { body } = await world.service.get('approver', `approval-tasks/${task!.declarationId}`);
    expect(body).toMatchObject({
      parked: false,
      signaturePending: false,
      lastSignature: { approvalId, state: 'refused', code: 'ANSWER_DISCARDED' },
    });
  });

  it('is not given up where it is the first one', async () => {
    const unknown = aDeclaration();
    await tombstone(unknown.declarationId, COPY);
    expect((await discard(unknown.declarationId)).body).toMatchObject(needed(unknown.declarationId));
    await follows({ ...unknown, revision: 3 });
    const { status } = await world.service.get('approver', `approval-tasks/${unknown.declarationId}`);
    expect(status).toBe(200);
  });

  it('is given up where it is the state of no declaration', async () => {
    await tombstone('nobody');
    expect((await discard('nobody')).body).toMatchObject({ discarded: 1, failed: [] });
  });
});

describe('a signature whose event could not be read where it takes effect', () => {
  it('is refused by its number, and the next one stands above it', async () => {
    const [task] = await world.declared({});
    const { approvalId } = (await act('sign', task!)).body;
    await world.tell(
      newEvent(ApprovalDiscardedV1, {
        declarationId: task!.declarationId,
        approvalVersion: 1,
        code: 'EVENT_DISCARDED',
        words: 'An operator gave it up.',
        revision: 2,
      }),
    );
    const answered = await soon(async () => {
      const { body } = await world.service.get('approver', `approval-tasks/${task!.declarationId}`);
      return body.signaturePending === false && body;
    });
    expect(answered.lastSignature).toMatchObject({ approvalId, state: 'refused', code: 'EVENT_DISCARDED' });
    expect((await act('sign', task!)).status).toBe(202);
    await soon(() =>
      world.approvals.some(({ key, data }) => key === task!.declarationId && data.approvalVersion === 2),
    );
  });

  it('leaves a signature of another number alone', async () => {
    const [task, next] = await world.declared({}, {});
    await act('sign', task!);
    const lost = (declaration: DeclarationState, approvalVersion: number) =>
      newEvent(ApprovalDiscardedV1, {
        declarationId: declaration.declarationId,
        approvalVersion,
        code: 'EVENT_DISCARDED',
        words: 'An operator gave it up.',
        revision: 2,
      });
    await world.tell(lost(task!, 2), lost(next!, 5), declared(aDeclaration({ ...next!, revision: 3 })));
    await soon(async () => {
      const { rowCount } = await world.service.database.query(
        'SELECT FROM approval_task WHERE declaration_id = $1 AND approval_version = 5 AND revision = 3',
        [next!.declarationId],
      );
      return rowCount === 1;
    });
    const { body } = await world.service.get('approver', `approval-tasks/${task!.declarationId}`);
    expect(body.signaturePending).toBe(true);
  });
});
