import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startApprovals, type ApprovalsWorld } from './approvals-world.js';

let world: ApprovalsWorld;
beforeAll(async () => {
  world = await startApprovals();
}, 90_000);
afterAll(() => world?.service.close());

it('the first signature after a restore is told above all that was told before, and its task keeps that number', async () => {
  const { database } = world.service;
  await database.query(
    `INSERT INTO producer_epoch (epoch, version_floor, raised_by, reason) VALUES (1, 1000000, 'operator', 'disk lost')`,
  );
  const [task] = await world.declared({});
  const { declarationId } = task!;
  const path = `approval-tasks/${declarationId}/sign`;
  const signing = { stage: 'commissioner', declarationVersion: '1' };
  expect((await world.service.post('approver', path, signing)).status).toBe(202);
  const { rows } = await database.query(
    `SELECT t.approval_version::int AS kept, o.aggregate_version::int AS told,
            (o.payload::jsonb ->> 'approvalVersion')::int AS said
     FROM approval_task t
     JOIN (TABLE outbox UNION ALL TABLE outbox_archive) o ON o.key = t.declaration_id::text
     WHERE t.declaration_id = $1`,
    [declarationId],
  );
  expect(rows).toEqual([{ kept: 1_000_001, told: 1_000_001, said: 1_000_001 }]);
});
