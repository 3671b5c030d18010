import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { republished } from '@attest/testing';
import { soon, startApprovals, type ApprovalsWorld } from './approvals-world.js';

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

it('a signature that waits for its answer is told again under the number and with the words with which it was given', async () => {
  const [task] = await world.declared({});
  const { declarationId } = task!;
  const path = `approval-tasks/${declarationId}/sign`;
  const signing = { stage: 'commissioner', declarationVersion: '1' };
  const { status, body } = await world.service.post('approver', path, signing);
  expect(status).toBe(202);
  const said = await soon(() => world.approvals.find(({ key }) => key === declarationId));
  const told = await republished(world.service, 'approvals', [declarationId]);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ type: said.type, version: said.data.approvalVersion, data: said.data });
  expect(told[0]!.data).toMatchObject({ approvalId: body.approvalId, personId: 'approver' });
});
