import { afterEach, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { OwnProcess } from '@attest/testing';
import { declarationWorkflow } from '../src/index.js';
import { bulkEnded, many } from './many.js';
import { calculated, servicePublished, soon, startWorld, type World } from './world.js';

let world: World | undefined;
afterEach(() => world?.service.close());

describe('a bulk whose process is killed', () => {
  // Each of its two lanes has 175 items, a chunk of 100 and one of 75.
  it.each([
    ['bulk-declaration-chunk-done:2', 0, 100],
    ['bulk-declaration-chunk-committed:2', 175, 275],
  ])(
    'at %s is finished by the next, each item once',
    async (step, least, most) => {
      const service = new OwnProcess(declarationWorkflow, step);
      world = await startWorld({ BULK_CHUNK_SIZE: '100' }, service);
      await world.tell(
        servicePublished('XKILL'),
        calculated({ serviceCode: 'XKILL', organisationCode: 'X00001' }),
      );
      const { declaration_id: like } = await world.declarationOf('XKILL', 'X00001');
      const ids = await many(world, like, 350);
      const { body } = await world.service.post('helper', 'bulk-declarations', {
        items: ids.map((declarationId) => ({ declarationId, revision: 1 })),
        onBehalfReason: 'The practices have asked for it.',
      });
      await service.died();
      // How far the other of its two lanes had come is chance.
      const { rows: half } = await world.service.database.query(
        `SELECT count(*) FILTER (WHERE state = 'declared')::int AS declared,
                count(*) FILTER (WHERE state = 'queued')::int AS queued,
                (SELECT count(*)::int FROM declaration_history WHERE action = 'declare') AS steps
         FROM bulk_declaration_item`,
      );
      const { declared } = half[0];
      expect(declared).toBeGreaterThanOrEqual(least);
      expect(declared).toBeLessThanOrEqual(most);
      expect(half).toEqual([{ declared, queued: 350 - declared, steps: declared }]);
      await service.restart();
      // The answer to the request may have died with its process; the job has not.
      const bulkId =
        body.bulkId ??
        (await world.service.database.query('SELECT bulk_id FROM bulk_declaration')).rows[0].bulk_id;
      expect(await soon(() => bulkEnded(world!, 'helper', bulkId))).toMatchObject({
        declared: 350,
        refused: 0,
      });
      const { rows } = await world.service.database.query(
        `SELECT count(*)::int AS steps, count(DISTINCT declaration_id)::int AS declarations
         FROM declaration_history WHERE action = 'declare'`,
      );
      expect(rows[0]).toEqual({ steps: 350, declarations: 350 });
    },
    120_000,
  );

  it.each([
    ['before it has answered', 'bulk-declaration-recorded'],
    ['when it has answered', undefined],
  ])(
    '%s has recorded one bulk, which the same request finds again',
    async (_, step) => {
      const service = new OwnProcess(declarationWorkflow, step);
      world = await startWorld({}, service);
      await world.tell(
        servicePublished('XONCE'),
        calculated({ serviceCode: 'XONCE', organisationCode: 'X00001' }),
      );
      const { declaration_id: declarationId } = await world.declarationOf('XONCE', 'X00001');
      const key = { 'idempotency-key': uuidV7() };
      const send = (revision = 1) =>
        world!.service.post('declarer', 'bulk-declarations', { items: [{ declarationId, revision }] }, key);
      const answer = await send().catch(() => undefined);
      if (step) await service.died();
      else await service.kill();
      expect(answer === undefined).toBe(step !== undefined);
      await service.restart();
      // As a process that has not renewed its key for a minute, or as one that could not keep its answer.
      await world.service.database.query(
        step
          ? `UPDATE idempotency_key SET alive_at = alive_at - interval '2 minutes'`
          : 'DELETE FROM idempotency_key',
      );
      const again = await send();
      const { rows } = await world.service.database.query('SELECT bulk_id FROM bulk_declaration');
      expect(rows).toEqual([{ bulk_id: again.body.bulkId }]);
      if (answer) expect(again.body.bulkId).toBe(answer.body.bulkId);
      expect(await soon(() => bulkEnded(world!, 'declarer', again.body.bulkId))).toMatchObject({
        declared: 1,
        refused: 0,
      });
      await world.service.database.query('DELETE FROM idempotency_key');
      expect((await send(2)).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    },
    120_000,
  );
});
