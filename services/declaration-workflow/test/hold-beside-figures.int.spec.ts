import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { calculated, membership, servicePublished } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.tell(servicePublished('XHOLD', { dependsOn: ['page', 'membership'] }));
});
afterAll(() => world?.service.close());

describe('a membership change', () => {
  it('does not wait for figures of others that wait for a bulk', async () => {
    await world.tell(
      calculated({ serviceCode: 'XHOLD', organisationCode: 'X00003', memberships: { XP1: 1 } }),
      calculated({ serviceCode: 'XHOLD', organisationCode: 'X00002', memberships: { XP2: 1 } }),
    );
    const inBulk = await world.declarationOf('XHOLD', 'X00003');
    const moves = await world.declarationOf('XHOLD', 'X00002');
    const bulk = await world.service.database.connect();
    try {
      await bulk.query('BEGIN');
      await bulk.query('SELECT FROM declaration WHERE declaration_id = $1 FOR UPDATE', [
        inBulk.declaration_id,
      ]);
      await world.tell(
        calculated({
          serviceCode: 'XHOLD',
          organisationCode: 'X00003',
          memberships: { XP1: 1 },
          figureRevision: 2,
          pence: '777',
        }),
      );
      await soon(async () => {
        const { rows } = await bulk.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rows.length > 0;
      });
      await world.tell(membership('left', 'XP2', 2, { practices: ['X00002'] }));
      await world.byId(moves.declaration_id, (row) => row.holds.length === 1);
    } finally {
      await bulk.query('ROLLBACK');
      bulk.release();
    }
    const figured = await world.byId(inBulk.declaration_id, (row) => row.pence === '777');
    expect(figured.holds).toEqual([]);
  });
});
