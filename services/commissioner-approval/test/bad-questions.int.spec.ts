import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { encodeCursor } from '@attest/http';
import { itemsOf, startApprovals, type ApprovalsWorld } from './approvals-world.js';

let world: ApprovalsWorld;
let task: string;
/** The second person's. */
let bulkId: string;
let previewId: string;
const UNKNOWN = uuidV7();
const stage = 'commissioner';

beforeAll(async () => {
  world = await startApprovals();
  const tasks = await world.declared({});
  task = tasks[0]!.declarationId;
  const { body } = await world.service.post('second', 'bulk-approvals', { stage, items: itemsOf(tasks) });
  bulkId = body.bulkId;
  previewId = (await world.service.post('second', 'bulk-previews', { stage })).body.previewId;
}, 60_000);
afterAll(() => world?.service.close());

describe('the list of tasks', () => {
  it.each([
    ['achievementDate', '2026-02-30'],
    ['achievementDate', '2026-13-01'],
    ['achievementDate', '0000-01-01'],
    ['achievementDate', '2026-2-3'],
    ['achievementDate', '2026-07-31T00:00:00Z'],
    ['achievementDate', 'today'],
    ['achievementDate', ''],
    ['achievementDate', '2026-07-31&achievementDate=2026-08-31'],
    ['serviceCode', '%00'],
    ['serviceCode', 'XB%00'],
    ['serviceCode', ''],
    ['serviceCode', 'X'.repeat(21)],
    ['organisationCode', '%00'],
    ['organisationCode', "X'--"],
    ['commissionerCode', '%00'],
    ['commissionerCode', 'qhm'],
    ['commissionerCode', 'XQA&commissionerCode=XQB'],
    ['stage', 'king'],
    ['stage', '%00'],
    ['held', 'yes'],
    ['pending', '1'],
    ['tierRole', 'KING'],
    ['tierRole', '%00'],
    ['limit', '0'],
    ['limit', '501'],
    ['limit', 'ten'],
    ['limit', '1.5'],
    ['limit', ''],
    ['personId', 'second'],
  ])('cannot be asked for by %s=%s', async (at, value) => {
    const { status, body } = await world.service.get('approver', `approval-tasks?${at}=${value}`);
    expect([status, body.code]).toEqual([400, 'REQUEST_FAULTY']);
    expect(new Set(body.faults.map((fault: { at: string }) => fault.at))).toEqual(new Set([at]));
  });

  it.each([
    ['nothing', 'next'],
    ['another list', encodeCursor([3])],
    ['two values', encodeCursor([UNKNOWN, UNKNOWN])],
    ['no id', encodeCursor(["'; DROP"])],
    ['an id with a NUL', encodeCursor([`${UNKNOWN}\0`])],
  ])('has no page after %s', async (_, cursor) => {
    const { status, body } = await world.service.get('approver', `approval-tasks?cursor=${cursor}`);
    expect([status, body.code]).toEqual([400, 'CURSOR_FAULTY']);
  });
});

describe('a question for one', () => {
  it.each<[string, number, string, () => string, string?]>([
    ['a task by no id', 400, 'REQUEST_FAULTY', () => 'approval-tasks/A81001'],
    ['a task by an id with a NUL', 400, 'REQUEST_FAULTY', () => `approval-tasks/${task}%00`],
    ['an unknown task', 404, 'UNKNOWN_DECLARATION', () => `approval-tasks/${UNKNOWN}`],
    ["another organisation's task", 404, 'UNKNOWN_DECLARATION', () => `approval-tasks/${task}`, 'stranger'],
    ['a task without a role', 403, 'ROLE_MISSING', () => `approval-tasks/${task}`, 'nobody'],
    ['a bulk by no id', 400, 'REQUEST_FAULTY', () => 'bulk-approvals/newest'],
    ["somebody else's bulk", 404, 'UNKNOWN_BULK_APPROVAL', () => `bulk-approvals/${bulkId}`],
    ["somebody else's items", 404, 'UNKNOWN_BULK_APPROVAL', () => `bulk-approvals/${bulkId}/items`],
    ["somebody else's progress", 404, 'UNKNOWN_BULK_APPROVAL', () => `bulk-approvals/${bulkId}/events`],
    ['a state of items', 400, 'REQUEST_FAULTY', () => `bulk-approvals/${bulkId}/items?state=paid`, 'second'],
    [
      'items after an id',
      400,
      'CURSOR_FAULTY',
      () => `bulk-approvals/${bulkId}/items?cursor=${encodeCursor([UNKNOWN])}`,
      'second',
    ],
    ['bulks after a number', 400, 'CURSOR_FAULTY', () => `bulk-approvals?cursor=${encodeCursor([3])}`],
    ["somebody else's preview", 404, 'UNKNOWN_BULK_PREVIEW', () => `bulk-previews/${previewId}`],
    ["somebody else's preview items", 404, 'UNKNOWN_BULK_PREVIEW', () => `bulk-previews/${previewId}/items`],
    [
      'preview items before the first',
      400,
      'CURSOR_FAULTY',
      () => `bulk-previews/${previewId}/items?cursor=${encodeCursor([-1])}`,
      'second',
    ],
  ])('(%s) is refused with %i %s', async (_, status, code, path, person = 'approver') => {
    const answer = await world.service.get(person, path());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.detail).toMatch(/\. .+\.$/);
  });
});
