import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BusinessClockMovedV1, newEvent, type NewEvent } from '@attest/contracts';
import { eventually } from '@attest/testing';
import { bulkEnded, many } from './many.js';
import { calculated, servicePublished } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
let moves = 0;
const DAY_MS = 24 * 3_600_000;
const onBehalfReason = 'The practices have asked for it.';

beforeAll(async () => {
  world = await startWorld({ BULK_CHUNK_SIZE: '100', LOG_LEVEL: 'silent' });
  await world.tell(servicePublished('XOVER'));
});
afterAll(() => world?.service.close());

const moveClock = (days: number) =>
  world.tell(
    newEvent(BusinessClockMovedV1, {
      offsetMs: days * DAY_MS,
      movedAt: new Date().toISOString(),
      clockVersion: ++moves,
    }) as unknown as NewEvent,
  );

let practice = 0;
async function opened(): Promise<string> {
  const organisationCode = `X0000${++practice}`;
  await world.tell(calculated({ serviceCode: 'XOVER', organisationCode }));
  return (await world.declarationOf('XOVER', organisationCode)).declaration_id;
}
const look = (bulkId: string, path = '') => world.service.get('helper', `bulk-declarations/${bulkId}${path}`);
async function recorded(ids: readonly string[]): Promise<string> {
  const items = ids.map((declarationId) => ({ declarationId, revision: 1 }));
  const { body } = await world.service.post('helper', 'bulk-declarations', { items, onBehalfReason });
  return body.bulkId as string;
}
async function ended(ids: readonly string[]): Promise<string> {
  const bulkId = await recorded(ids);
  await soon(() => bulkEnded(world, 'helper', bulkId));
  return bulkId;
}
const rowOf = async (bulkId: string) =>
  (
    await world.service.database.query(
      `SELECT ended_at, declared, refused, cancelled,
              (SELECT count(*)::int FROM bulk_declaration_item i WHERE i.bulk_id = b.bulk_id) AS kept
       FROM bulk_declaration b WHERE bulk_id = $1`,
      [bulkId],
    )
  ).rows[0];

describe('a bulk that is over', () => {
  it('has its counts on itself and is looked at without its items', async () => {
    const mine = await opened();
    const bulkId = await ended([mine, mine]);
    expect(await rowOf(bulkId)).toMatchObject({ declared: 1, refused: 1, cancelled: 0 });
    const before = (await look(bulkId)).body;
    expect(before).toMatchObject({ items: 2, queued: 0, declared: 1, refused: 1, cancelled: 0 });
    await world.service.database.query('DELETE FROM bulk_declaration_item WHERE bulk_id = $1', [bulkId]);
    expect((await look(bulkId)).body).toEqual(before);
    const [listed] = (await world.service.get('helper', 'bulk-declarations?limit=1')).body.items;
    expect(listed).toEqual(before);
    expect((await look(bulkId, '/events')).body).toMatch(/event: ended\ndata: .*"declared":1/);
  });

  it('because it was cancelled has its counts on itself too', async () => {
    const ids = await many(world, await opened(), 1_500);
    const bulkId = await recorded(ids);
    const { body } = await world.service.post('helper', `bulk-declarations/${bulkId}/cancel`);
    expect(await rowOf(bulkId)).toMatchObject({
      ended_at: body.endedAt && new Date(body.endedAt),
      declared: body.declared,
      refused: 0,
      cancelled: body.cancelled,
    });
    expect(body.declared + body.cancelled).toBe(1_500);
  });

  it('is forgotten with its items after 90 days; what is not over is not, nor is the history', async () => {
    const mine = await opened();
    const over = await ended([mine]);
    const { body: preview } = await world.service.post('helper', 'bulk-previews', { serviceCode: 'XOVER' });
    // Its person's turn is taken, so that it cannot go on.
    const turn = await world.service.database.connect();
    for (const lane of [0, 1])
      await turn.query('SELECT pg_advisory_lock(hashtextextended($1, 7302651103 + $2::int))', [
        'helper',
        lane,
      ]);
    const waiting = await recorded([await opened()]);

    await moveClock(89);
    await soon(
      async () => (await world.service.get('helper', `bulk-previews/${preview.previewId}`)).status === 404,
    );
    expect(await rowOf(over)).toMatchObject({ declared: 1, kept: 1 });

    await moveClock(91);
    await soon(async () => (await look(over)).status === 404);
    expect((await look(over)).body.code).toBe('UNKNOWN_BULK_DECLARATION');
    const { rows } = await world.service.database.query(
      `SELECT (SELECT count(*)::int FROM bulk_declaration_item WHERE bulk_id = $1) AS items,
              (SELECT count(*)::int FROM declaration_history
               WHERE declaration_id = $2 AND action = 'declare') AS declared`,
      [over, mine],
    );
    expect(rows[0]).toEqual({ items: 0, declared: 1 });
    expect((await look(waiting)).body).toMatchObject({ queued: 1, endedAt: null });
    expect(await rowOf(waiting)).toMatchObject({ ended_at: null, declared: null, kept: 1 });

    await turn.query('SELECT pg_advisory_unlock_all()');
    turn.release();
    expect(await soon(() => bulkEnded(world, 'helper', waiting))).toMatchObject({ queued: 0 });
    await moveClock(0);
  });

  it('goes in chunks, the oldest first', async () => {
    const left = async () =>
      (
        await world.service.database.query<{ n: number }>(
          `SELECT items AS n FROM bulk_declaration WHERE person_id = 'somebody' ORDER BY ended_at`,
        )
      ).rows.map(({ n }) => n);
    const seen: number[][] = [[6_000, 4_000, 7_000, 5_000]];
    await world.service.database.query(
      `INSERT INTO bulk_declaration (bulk_id, person_id, requested_at, items, ended_at, declared, refused, cancelled)
       SELECT gen_random_uuid(), 'somebody', o.at, o.n, o.at, o.n, 0, 0
       FROM (SELECT n, now() - interval '200 days' + ordinality * interval '1 day' AS at
             FROM unnest(ARRAY[6000, 4000, 7000, 5000]) WITH ORDINALITY AS u(n)) o`,
    );
    await eventually(
      async () => {
        const now = await left();
        if (seen.at(-1)?.length !== now.length) seen.push(now);
        return now.length === 0;
      },
      { withinMs: 40_000, everyMs: 20 },
    );
    expect(seen).toEqual([[6_000, 4_000, 7_000, 5_000], [7_000, 5_000], [5_000], []]);
  });
});
