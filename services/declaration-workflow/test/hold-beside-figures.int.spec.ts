import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NewEvent } from '@attest/contracts';
import type { PoolClient } from 'pg';
import { calculated, membership, merged, servicePublished } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.tell(servicePublished('XHOLD', { dependsOn: ['page', 'membership'] }));
});
afterAll(() => world?.service.close());

/** What keeps a bulk's rows until it is told to stop. */
async function beside(bulkOf: string, work: (bulk: PoolClient) => Promise<void>): Promise<void> {
  const bulk = await world.service.database.connect();
  try {
    await bulk.query('BEGIN');
    await bulk.query('SELECT FROM declaration WHERE declaration_id = $1 FOR UPDATE', [bulkOf]);
    await work(bulk);
  } finally {
    await bulk.query('ROLLBACK');
    bulk.release();
  }
}

const leaves = (practice: string, pcn: string): NewEvent =>
  membership('left', pcn, 2, { practices: [practice] });

describe('a membership change', () => {
  it('does not wait for figures of others that wait for a bulk', async () => {
    await world.tell(
      calculated({ serviceCode: 'XHOLD', organisationCode: 'X00003', memberships: { XP1: 1 } }),
      calculated({ serviceCode: 'XHOLD', organisationCode: 'X00002', memberships: { XP2: 1 } }),
    );
    const inBulk = await world.declarationOf('XHOLD', 'X00003');
    const moves = await world.declarationOf('XHOLD', 'X00002');
    await beside(inBulk.declaration_id, async (bulk) => {
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
      await world.tell(leaves('X00002', 'XP2'));
      await world.byId(moves.declaration_id, (row) => row.holds.length === 1);
    });
    const figured = await world.byId(inBulk.declaration_id, (row) => row.pence === '777');
    expect(figured.holds).toEqual([]);
  });

  it('does not wait for declarations that move to another commissioner and wait for a bulk', async () => {
    await world.tell(
      servicePublished('XMOVE', { dependsOn: ['page', 'membership'] }),
      calculated({ serviceCode: 'XMOVE', organisationCode: 'X00001', memberships: {} }),
      calculated({ serviceCode: 'XMOVE', organisationCode: 'X00003', memberships: { XP1: 1 } }),
    );
    const inBulk = await world.declarationOf('XMOVE', 'X00001');
    const moves = await world.declarationOf('XMOVE', 'X00003');
    await beside(inBulk.declaration_id, async (bulk) => {
      await world.tell(merged('X00001', 2));
      await soon(async () => {
        const { rows } = await bulk.query(
          `SELECT FROM directory_organisation WHERE code = 'X00001' AND commissioner_code = 'XQB'`,
        );
        return rows.length === 1;
      });
      await world.tell(leaves('X00003', 'XP1'));
      await world.byId(moves.declaration_id, (row) => row.holds.length === 1);
    });
    await world.byId(inBulk.declaration_id, (row) => row.commissioner_code === 'XQB');
  });
});
