import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DECLARATION_STATUSES } from '@attest/contracts';
import { isOpenAdjustment, OPEN, type Declaration } from '../src/domain/core/declaration.js';
import { LATE_QUEUE } from '../src/domain/periods/late.js';
import { aDeclaration } from './a-declaration.js';
import { calculated, servicePublished } from './neighbours.js';
import { startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.service.close());

describe('a declaration whose status changes', () => {
  it('is written within its page, and no index is', async () => {
    await world.tell(
      servicePublished('XPAGE'),
      calculated({ serviceCode: 'XPAGE', organisationCode: 'X00001' }),
    );
    const { declaration_id: id } = await world.declarationOf('XPAGE', 'X00001');
    const client = await world.service.database.connect();
    try {
      await client.query('BEGIN');
      await client.query(
        `UPDATE declaration SET status = 'AWAITING_COMMISSIONER_APPROVAL', status_since = now(), revision = revision + 1,
                declared_by = 'declarer', declared_version = declaration_version, approval_version = approval_version + 1
         WHERE declaration_id = $1`,
        [id],
      );
      const { rows } = await client.query(
        `SELECT pg_stat_get_xact_tuples_updated(oid)::int AS updated, pg_stat_get_xact_tuples_hot_updated(oid)::int AS within
         FROM pg_class WHERE oid = 'declaration'::regclass`,
      );
      expect(rows).toEqual([{ updated: 1, within: 1 }]);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});

describe('what indexes are about', () => {
  const rules: Record<string, (d: Declaration) => boolean> = {
    lapsed: (d) => d.status === 'LAPSED',
    is_open: (d) => OPEN.includes(d.status),
    is_open_adjustment: isOpenAdjustment,
    in_late_queue: (d) => d.late && LATE_QUEUE.includes(d.status),
  };

  it.each(Object.entries(rules))('follows the rules in every status: %s', async (column, rule) => {
    const { rows } = await world.service.database.query<{ how: string }>(
      `SELECT generation_expression AS how FROM information_schema.columns WHERE table_name = 'declaration' AND column_name = $1`,
      [column],
    );
    for (const status of DECLARATION_STATUSES)
      for (const kind of ['achievement', 'adjustment'] as const)
        for (const late of [true, false]) {
          const { rows: found } = await world.service.database.query<{ is: boolean }>(
            `SELECT (${rows[0]!.how}) AS is FROM (VALUES ($1::text, $2::text, $3::boolean)) AS d(status, kind, late)`,
            [status, kind, late],
          );
          expect([status, kind, late, found[0]!.is]).toEqual([
            status,
            kind,
            late,
            rule(aDeclaration({ status, kind, late })),
          ]);
        }
  });
});
