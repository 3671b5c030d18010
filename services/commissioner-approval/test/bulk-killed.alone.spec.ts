import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { OwnProcess } from '@attest/testing';
import { commissionerApproval } from '../src/index.js';
import { itemsOf, soon, startApprovals, type ApprovalsWorld } from './approvals-world.js';

const ITEMS = 1_750;
const own = new OwnProcess(commissionerApproval);
let world: ApprovalsWorld;

beforeAll(async () => {
  world = await startApprovals({}, own);
}, 120_000);
afterAll(() => world?.service.close());

describe('a bulk approval whose process is killed', () => {
  // Each of its two lanes has 875 items, a chunk of 500 and one of 375.
  it.each([
    ['bulk-approval-recorded', 0, 0],
    ['bulk-approval-chunk-done:2', 0, 500],
    ['bulk-approval-chunk-committed:2', 875, 1_375],
  ])(
    'at %s is finished by the next, each item signed once, and is what a repeat of its request finds',
    async (step, least, most) => {
      const { service, approvals } = world;
      const tasks = await world.declared(...Array.from({ length: ITEMS }, () => ({})));
      const key = { 'idempotency-key': uuidV7() };
      const ask = () =>
        service.post('approver', 'bulk-approvals', { stage: 'commissioner', items: itemsOf(tasks) }, key);
      const ids = tasks.map((task) => task.declarationId);
      const of = new Set<unknown>(ids);
      const recorded = async (): Promise<number> =>
        (await service.database.query('SELECT count(*)::int AS n FROM bulk_approval')).rows[0].n;
      const before = await recorded();
      await own.dieAt(step);
      // The answer may die with the process.
      await ask().catch(() => undefined);
      await own.died();

      // How far the other of its two lanes had come is chance.
      const { rows: bulks } = await service.database.query(
        `SELECT bulk_id, count(*) FILTER (WHERE state = 'pending')::int AS pending,
                count(*) FILTER (WHERE state = 'queued')::int AS queued,
                (SELECT count(*)::int FROM signature WHERE declaration_id = ANY ($1)) AS signatures
         FROM bulk_approval_item WHERE declaration_id = ANY ($1) GROUP BY 1`,
        [ids],
      );
      expect(bulks).toHaveLength(1);
      const { bulk_id: bulkId, signatures, pending, queued } = bulks[0];
      expect(signatures).toBeGreaterThanOrEqual(least);
      expect(signatures).toBeLessThanOrEqual(most);
      expect({ pending, queued }).toEqual({ pending: signatures, queued: ITEMS - signatures });

      await own.restart();
      expect(await ask()).toMatchObject({ status: 202, body: { bulkId, items: ITEMS } });
      expect(await world.signed('approver', bulkId)).toMatchObject({ pending: ITEMS, refused: 0 });
      const { rows } = await service.database.query(
        `SELECT count(*)::int AS signatures, count(DISTINCT declaration_id)::int AS declarations,
                (SELECT count(DISTINCT bulk_id)::int FROM bulk_approval_item
                  WHERE declaration_id = ANY ($1)) AS bulks
         FROM signature WHERE declaration_id = ANY ($1)`,
        [ids],
      );
      expect(rows).toEqual([{ signatures: ITEMS, declarations: ITEMS, bulks: 1 }]);
      expect(await recorded()).toBe(before + 1);
      const told = () => approvals.map((event) => event.data.declarationId).filter((id) => of.has(id));
      await soon(() => told().length >= ITEMS);
      expect(new Set(told())).toEqual(of);
      expect(told()).toHaveLength(ITEMS);
    },
    120_000,
  );
});
