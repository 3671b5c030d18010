import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeclarationFinanceRefusedV1, newEvent, type DeclarationState } from '@attest/contracts';
import { aHold, fact } from './a-declaration.js';
import { itemsOf, soon, startApprovals, type ApprovalsWorld } from './approvals-world.js';

let world: ApprovalsWorld;
let made = 0;
beforeAll(async () => {
  world = await startApprovals();
}, 60_000);
afterAll(() => world?.service.close());

const stage = 'finance';
/** Signed by its commissioner, of a service that no other test acts on. */
async function waiting(...changes: Partial<DeclarationState>[]): Promise<DeclarationState[]> {
  const serviceCode = `XN${++made}`;
  return world.declared(
    ...changes.map((change) => ({
      serviceCode,
      status: 'AWAITING_FINANCE_APPROVAL' as const,
      revision: 3,
      commissionerSignedBy: 'approver',
      ...change,
    })),
  );
}
const ask = (person: string, body: object) =>
  world.service.post(person, 'bulk-approvals', { stage, ...body });
async function answersOf(person: string, bulkId: string): Promise<(string | null)[]> {
  await world.signed(person, bulkId);
  const { body } = await world.service.get(person, `bulk-approvals/${bulkId}/items`);
  return body.items.map((item: { code: string | null }) => item.code);
}
const told = (bulkId: string, count: number) =>
  soon(() => {
    const found = world.approvals.filter((event) => event.data.bulkId === bulkId);
    return found.length === count && found;
  });

describe('a bulk of finance', () => {
  it('signs what its preview counted, for the stage of finance', async () => {
    const tasks = await waiting({}, { pence: '100' }, { kind: 'adjustment', pence: '-2072' });
    const { body: preview } = await world.service.post('finance', 'bulk-previews', {
      stage,
      serviceCode: tasks[0]!.serviceCode,
    });
    expect(preview).toMatchObject({ items: 3, pence: '10100', yourOwn: 0 });
    const { status, body } = await ask('finance', { previewId: preview.previewId });
    expect(status).toBe(202);
    expect(await answersOf('finance', body.bulkId)).toEqual([null, null, null]);
    for (const event of await told(body.bulkId, 3))
      expect(event).toMatchObject({
        type: 'approval.signed.v1',
        data: { stage: 'finance', personId: 'finance', forOrganisation: 'XQA' },
      });
  });

  it('sends back to the commissioner, with one reason, what is then signed again', async () => {
    const [task] = await waiting({});
    const reason = 'The payee has changed.';
    const { body } = await ask('finance', { items: itemsOf([task!]), decision: 'refuse', reason });
    const [event] = await told(body.bulkId, 1);
    expect(event).toMatchObject({ type: 'approval.stage-refused.v1', data: { stage: 'finance', reason } });
    await world.tell(
      newEvent(DeclarationFinanceRefusedV1, {
        declaration: {
          ...task!,
          status: 'AWAITING_COMMISSIONER_APPROVAL',
          revision: 4,
          commissionerSignedBy: null,
        },
        fact: fact(event!.data.approvalId as string),
      }),
    );
    await soon(async () => {
      const now = await world.service.get('finance', `bulk-approvals/${body.bulkId}`);
      return now.body.applied === 1;
    });
    const again = await world.service.post('second', 'bulk-approvals', {
      stage: 'commissioner',
      items: itemsOf([task!]),
    });
    expect(await answersOf('second', again.body.bulkId)).toEqual([null]);
  });

  it('answers each item by itself', async () => {
    const tasks = await waiting(
      {},
      { status: 'AWAITING_COMMISSIONER_APPROVAL' },
      { commissionerCode: 'XQB' },
      { commissionerSignedBy: 'finance' },
      { declaredBy: 'finance' },
      { holds: [aHold()] },
      { declarationVersion: 2 },
    );
    const items = itemsOf(tasks);
    items[6] = { ...items[6]!, declarationVersion: '1' };
    const { body } = await ask('finance', { items });
    expect(await answersOf('finance', body.bulkId)).toEqual([
      null,
      'WRONG_STAGE',
      'UNKNOWN_DECLARATION',
      'SAME_PERSON',
      'SAME_PERSON',
      'ON_HOLD',
      'VERSION_SUPERSEDED',
    ]);
  });

  it('of somebody who signs for the commissioner only signs nothing', async () => {
    const tasks = await waiting({}, {});
    const { body } = await ask('second', { items: itemsOf(tasks) });
    expect(await answersOf('second', body.bulkId)).toEqual([
      'NOT_YOUR_ORGANISATION',
      'NOT_YOUR_ORGANISATION',
    ]);
  });
});
