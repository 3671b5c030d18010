import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Hold } from '@attest/contracts';
import { RemindOfDeadlines } from '../src/application/remind-of-deadlines.js';
import { aDeclaration } from './events.js';
import { MessageDatabase } from './message-database.js';

let world: MessageDatabase;
const provider = { organisationCode: 'X00001', commissionerCode: 'XQA', serviceCode: 'XADJ' };

beforeAll(async () => {
  world = await MessageDatabase.create();
  await world.published('XADJ', {
    achievementDate: '2026-09-30',
    opensOn: '2026-10-01',
    providerDeadlineOn: '2026-10-24',
  });
}, 60_000);
afterAll(() => world?.close());

describe('a deadline', () => {
  it('is an achievement’s to be declared: adjustments are neither reminded of it nor show it', async () => {
    const achievement = aDeclaration(provider);
    const adjustment = aDeclaration({ ...provider, kind: 'adjustment' });
    await world.happened(['opened', achievement], ['opened', adjustment]);
    world.at = new Date('2026-10-21T09:00:00Z');
    await new RemindOfDeadlines(world.calendar, world.database, world.clock).run();
    const reminded = (await world.messagesOf('X00001')).filter(({ kind }) => kind === 'DEADLINE_NEAR');
    expect(reminded).toEqual([expect.objectContaining({ lines: 1, address: expect.anything() })]);
    expect(reminded[0]!.address.page).toBe(`/declarations/${achievement.declarationId}`);
    const deadlines = (await world.tasksOf('X00001')).map((task) => [
      task.declarationKind,
      task.kind,
      task.deadlineOn,
    ]);
    expect(deadlines.sort()).toEqual([
      ['achievement', 'DECLARE', '2026-10-24'],
      ['adjustment', 'DECLARE', null],
    ]);
  });

  it('of a provider is not its commissioner’s', async () => {
    const held = aDeclaration({ ...provider, commissionerCode: 'XQB', holds: [{ code: 'BY_HAND' } as Hold] });
    const rejected = aDeclaration({ ...provider, commissionerCode: 'XQB', status: 'REJECTED_BY_AGENCY' });
    await world.happened(['held', held], ['rejected', rejected]);
    const tasks = await world.tasksOf('XQB');
    expect(tasks.map(({ kind }) => kind).sort()).toEqual(['CORRECT_PAYMENT', 'RELEASE_HOLD']);
    for (const task of tasks) expect(task.deadlineOn).toBeNull();
  });
});

it('an adjustment may be declared before the window of its period opens', async () => {
  const adjustment = aDeclaration({ ...provider, organisationCode: 'X00002', kind: 'adjustment' });
  await world.happened(['opened', adjustment]);
  expect(await world.tasksOf('X00002', '2026-09-01')).toHaveLength(1);
});
