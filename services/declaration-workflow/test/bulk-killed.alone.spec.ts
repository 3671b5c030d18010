import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { OwnProcess } from '@attest/testing';
import { declarationWorkflow } from '../src/index.js';
import { bulkEnded, many } from './many.js';
import { calculated, servicePublished } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

const ITEMS = 350;
const own = new OwnProcess(declarationWorkflow);
let world: World;

beforeAll(async () => {
  world = await startWorld({ BULK_CHUNK_SIZE: '100' }, own);
}, 120_000);
afterAll(() => world?.service.close());

const query = async (sql: string, values: unknown[] = []) =>
  (await world.service.database.query(sql, values)).rows;
let bulksOfOtherTests = 0;
/** The bulk of one test; there is one, whatever its request was answered, also none without items. */
const bulkOf = async (declarationIds: readonly string[]): Promise<string> => {
  const [{ recorded }] = await query('SELECT count(*)::int AS recorded FROM bulk_declaration');
  expect(recorded).toBe(++bulksOfOtherTests);
  const bulks = await query(
    'SELECT DISTINCT bulk_id FROM bulk_declaration_item WHERE declaration_id = ANY ($1)',
    [declarationIds],
  );
  expect(bulks).toHaveLength(1);
  return bulks[0].bulk_id;
};
const opened = async (serviceCode: string): Promise<string> => {
  await world.tell(servicePublished(serviceCode), calculated({ serviceCode, organisationCode: 'X00001' }));
  return (await world.declarationOf(serviceCode, 'X00001')).declaration_id;
};

describe('a bulk whose process is killed', () => {
  // Each of its two lanes has 175 items, a chunk of 100 and one of 75.
  it.each([
    ['bulk-declaration-chunk-done:2', 'XDONE', 0, 100],
    ['bulk-declaration-chunk-committed:2', 'XCOMMITTED', 175, 275],
  ])('at %s is finished by the next, each item once', async (step, serviceCode, least, most) => {
    const ids = await many(world, await opened(serviceCode), ITEMS, serviceCode === 'XDONE' ? 1 : 1 + ITEMS);
    await own.dieAt(step);
    // The answer may have died with its process; the job has not.
    await world.service
      .post('helper', 'bulk-declarations', {
        items: ids.map((declarationId) => ({ declarationId, revision: 1 })),
        onBehalfReason: 'The practices have asked for it.',
      })
      .catch(() => undefined);
    await own.died();
    const bulkId = await bulkOf(ids);
    // How far the other of its two lanes had come is chance.
    const half = await query(
      `SELECT count(*) FILTER (WHERE state = 'declared')::int AS declared,
              count(*) FILTER (WHERE state = 'queued')::int AS queued,
              (SELECT count(*)::int FROM declaration_history
                WHERE action = 'declare' AND declaration_id = ANY ($2)) AS steps
       FROM bulk_declaration_item WHERE bulk_id = $1`,
      [bulkId, ids],
    );
    const { declared } = half[0];
    expect(declared).toBeGreaterThanOrEqual(least);
    expect(declared).toBeLessThanOrEqual(most);
    expect(half).toEqual([{ declared, queued: ITEMS - declared, steps: declared }]);
    await own.restart();
    expect(await soon(() => bulkEnded(world, 'helper', bulkId))).toMatchObject({
      declared: ITEMS,
      refused: 0,
    });
    const ended = await query(
      `SELECT count(*)::int AS steps, count(DISTINCT declaration_id)::int AS declarations
       FROM declaration_history WHERE action = 'declare' AND declaration_id = ANY ($1)`,
      [ids],
    );
    expect(ended).toEqual([{ steps: ITEMS, declarations: ITEMS }]);
  });

  it.each([
    ['before it has answered', 'XBEFORE', 'bulk-declaration-recorded'],
    ['when it has answered', 'XAFTER', undefined],
  ])('%s has recorded one bulk, which the same request finds again', async (_, serviceCode, step) => {
    const declarationId = await opened(serviceCode);
    const key = { 'idempotency-key': uuidV7() };
    const send = (revision = 1) =>
      world.service.post('declarer', 'bulk-declarations', { items: [{ declarationId, revision }] }, key);
    if (step) await own.dieAt(step);
    const answer = await send().catch(() => undefined);
    if (step) await own.died();
    else await own.kill();
    expect(answer === undefined).toBe(step !== undefined);
    await own.restart();
    // What was answered is also found where the answer itself is kept no longer.
    if (!step) await query('DELETE FROM idempotency_key');
    const again = await send();
    expect(again.headers.get('idempotency-replayed')).toBe(step ? 'true' : null);
    expect(again.body.bulkId).toBe(await bulkOf([declarationId]));
    if (answer) expect(again.body.bulkId).toBe(answer.body.bulkId);
    expect(await soon(() => bulkEnded(world, 'declarer', again.body.bulkId))).toMatchObject({
      declared: 1,
      refused: 0,
    });
    await query('DELETE FROM idempotency_key');
    expect((await send(2)).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});
