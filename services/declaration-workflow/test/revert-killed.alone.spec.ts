import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OwnProcess } from '@attest/testing';
import { declarationWorkflow } from '../src/index.js';
import { calculated, DATE, servicePublished } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

const PRACTICES = ['X00001', 'X00002', 'X00003', 'X00004', 'X00005'];
const REASON = 'A register was extracted wrongly.';
const own = new OwnProcess(declarationWorkflow);
let world: World;

beforeAll(async () => {
  world = await startWorld({ BULK_CHUNK_SIZE: '2' }, own);
  await world.tell(servicePublished('XKILL'));
}, 120_000);
afterAll(() => world?.service.close());

const revertedRows = async (): Promise<number> =>
  (await world.service.database.query('SELECT reverted FROM period_freeze')).rows[0].reverted;

describe('a revert whose process is killed', () => {
  it('before a chunk is committed and between two chunks goes on, and takes each declaration back once', async () => {
    await world.tell(
      ...PRACTICES.map((organisationCode) => calculated({ serviceCode: 'XKILL', organisationCode })),
    );
    const ids: string[] = [];
    for (const code of PRACTICES) {
      const { declaration_id: id } = await world.declarationOf('XKILL', code);
      ids.push(id);
      expect((await world.declare(id)).body.code).toBe('DECLARED');
    }
    const { body } = await world.service.post('approver', 'freezes', {
      serviceCode: 'XKILL',
      achievementDate: DATE,
      reason: REASON,
    });
    await own.dieAt('revert-before-commit:2');
    // It may die before it has answered; what counts is that it was asked.
    await world.service
      .post('approver', `freezes/${body.freezeId}/revert-approvals`, { reason: REASON })
      .catch(() => undefined);
    await own.died();
    expect(await revertedRows()).toBe(2);
    await own.restart('revert-between-chunks');
    await own.died();
    expect(await revertedRows()).toBe(4);
    await own.restart();
    await soon(async () => {
      const { rows } = await world.service.database.query('SELECT revert_done_at FROM period_freeze');
      return rows[0].revert_done_at !== null;
    });
    expect(await revertedRows()).toBe(5);
    const { rows } = await world.service.database.query(
      `SELECT declaration_id, count(*)::int AS n FROM declaration_history WHERE action = 'revert' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows).toEqual([...ids].sort().map((id) => ({ declaration_id: id, n: 1 })));
    await soon(() => ids.every((id) => world.events(id).includes('reverted')));
    expect(ids.flatMap((id) => world.events(id).filter((event) => event === 'reverted'))).toHaveLength(5);
  }, 120_000);
});
