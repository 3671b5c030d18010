import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { waitingStatements } from '@attest/testing';
import { bulkEnded, many } from './many.js';
import { calculated, membership, servicePublished } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
let made = 0;
/** Unlike any that another test acts on. */
let serviceCode: string;
beforeAll(async () => {
  world = await startWorld({ BULK_CHUNK_SIZE: '100', LOG_LEVEL: 'silent' });
}, 90_000);
beforeEach(async () => {
  serviceCode = `XJ${++made}`;
  await world.tell(servicePublished(serviceCode));
});
afterAll(() => world?.service.close());

async function opened(...organisations: string[]): Promise<string[]> {
  await world.tell(...organisations.map((organisationCode) => calculated({ serviceCode, organisationCode })));
  const ids = [];
  for (const organisationCode of organisations)
    ids.push((await world.declarationOf(serviceCode, organisationCode)).declaration_id);
  return ids;
}

const previewOf = (filter: object, person = 'declarer') =>
  world.service.post(person, 'bulk-previews', filter);
const bulk = (body: object, person = 'declarer', headers = {}) =>
  world.service.post(person, 'bulk-declarations', body, headers);
const ended = (bulkId: string, person = 'declarer') => soon(() => bulkEnded(world, person, bulkId));
const itemsOf = async (bulkId: string, query = '', person = 'declarer') =>
  (await world.service.get(person, `bulk-declarations/${bulkId}/items?limit=500${query}`)).body.items;
const all = (ids: readonly string[], revision = 1) =>
  ids.map((declarationId) => ({ declarationId, revision }));

describe('a preview', () => {
  it('counts what a bulk would act on, in pence, within the organisations of whoever asks', async () => {
    await opened('X00001', 'X00002', 'X00003');
    const mine = await previewOf({ serviceCode });
    expect(mine.status).toBe(201);
    expect(mine.body).toMatchObject({ items: 3, pence: '30180', held: 0, awaitingAggregation: 0 });
    expect((await previewOf({ serviceCode }, 'neighbour')).body).toMatchObject({ items: 1, pence: '10060' });
    const items = await world.service.get('declarer', `bulk-previews/${mine.body.previewId}/items?limit=2`);
    expect(items.body.items[0]).toMatchObject({ ordinal: 1, revision: 1, pence: '10060', changed: false });
    const rest = await world.service.get(
      'declarer',
      `bulk-previews/${mine.body.previewId}/items?limit=2&cursor=${items.body.nextCursor}`,
    );
    expect([items.body.items.length, rest.body.items.length, rest.body.nextCursor]).toEqual([2, 1, null]);
  });

  it.each([
    [{ achievementDate: '2026-07-31' }, 3],
    [{ achievementDate: '2026-06-30' }, 0],
    [{ paymentPeriod: '2026-08' }, 3],
    [{ organisationCode: 'X00002' }, 1],
    [{ commissionerCode: 'XQB' }, 0],
    [{ status: 'AWAITING_FINANCE_APPROVAL' }, 0],
    [{ held: true }, 0],
    [{ held: false, late: false, kind: 'achievement' }, 3],
    [{ amountFromPence: '10061' }, 0],
    [{ amountFromPence: '10060', amountToPence: '10060' }, 3],
  ])('filters by %j', async (filter, items) => {
    await opened('X00001', 'X00002', 'X00003');
    expect((await previewOf({ serviceCode, ...filter })).body).toMatchObject({ items });
  });

  it.each([
    [{ held: true }, 1],
    [{ held: false }, 1],
    [{ status: 'AWAITING_COMMISSIONER_APPROVAL', late: true }, 1],
    [{ status: 'AWAITING_COMMISSIONER_APPROVAL', late: true, held: true }, 0],
    [{ status: 'AWAITING_COMMISSIONER_APPROVAL', late: false }, 0],
  ])('finds by %j what is held, and what was declared late', async (filter, items) => {
    const passed = { deadline: '2026-08-24', cutOffAt: '2100-09-01T17:00:00Z' };
    await world.tell(servicePublished(serviceCode, passed, 2));
    const [held, late] = await opened('X00001', 'X00002', 'X00003');
    await world.service.post('approver', `declarations/${held}/holds`, { reason: 'It looks wrong.' });
    const answer = await world.declare(late!, { lateReason: 'Their system was down.' });
    expect(answer.body).toMatchObject({ code: 'DECLARED', late: true });
    expect((await previewOf({ serviceCode, ...filter })).body).toMatchObject({ items });
  });

  it.each(['serviceCode', 'held', 'amountFromPence', 'amountToPence'])(
    'whose %s is null is refused: it could mean nothing or everything',
    async (name) => {
      const { status, body } = await previewOf({ [name]: null });
      expect({ status, faults: body.faults }).toEqual({
        status: 400,
        faults: [{ at: name, detail: expect.stringContaining('leave it out') }],
      });
    },
  );

  it('is shown to nobody else, and acted on by nobody else', async () => {
    await opened('X00002');
    const { body } = await previewOf({ serviceCode });
    const { previewId } = body;
    expect((await world.service.get('neighbour', `bulk-previews/${previewId}`)).body.code).toBe(
      'UNKNOWN_BULK_PREVIEW',
    );
    expect((await bulk({ previewId }, 'neighbour')).body.code).toBe('UNKNOWN_BULK_PREVIEW');
  });

  it('that is too old, or of nothing, is not acted on', async () => {
    const nothing = await previewOf({ serviceCode });
    expect(nothing.body).toMatchObject({ items: 0, pence: '0' });
    expect(await bulk({ previewId: nothing.body.previewId })).toMatchObject({
      status: 422,
      body: { code: 'BULK_EMPTY' },
    });
    await world.service.database.query(`UPDATE bulk_preview SET expires_at = made_at WHERE preview_id = $1`, [
      nothing.body.previewId,
    ]);
    expect(await bulk({ previewId: nothing.body.previewId })).toMatchObject({
      status: 410,
      body: { code: 'BULK_PREVIEW_EXPIRED' },
    });
  });
});

describe('a bulk of a preview', () => {
  it('refuses one by one what has changed since, and declares the rest', async () => {
    const [first, moved, third] = await opened('X00001', 'X00002', 'X00003');
    const { body: preview } = await previewOf({ serviceCode });
    await world.tell(
      calculated({ serviceCode, organisationCode: 'X00002', pence: '99900', figureRevision: 2 }),
    );
    await world.byId(moved!, (row) => row.pence === '99900');
    const { status, body } = await bulk({ previewId: preview.previewId });
    expect(status).toBe(202);
    expect(await ended(body.bulkId)).toMatchObject({ items: 3, queued: 0, declared: 2, refused: 1 });
    const items = await itemsOf(body.bulkId);
    expect(items.map((i: { declarationId: string; code: string }) => [i.declarationId, i.code])).toEqual(
      [first, moved, third].sort().map((id) => [id, id === moved ? 'STALE_VERSION' : 'DECLARED']),
    );
    expect(items.find((i: { code: string }) => i.code === 'STALE_VERSION').words).toContain('has changed');
    expect((await world.byId(moved!, () => true)).status).toBe('AWAITING_PROVIDER_APPROVAL');
    expect(
      (await world.service.get('declarer', `bulk-previews/${preview.previewId}/items`)).body.items.map(
        (i: { changed: boolean }) => i.changed,
      ),
    ).toEqual([true, true, true]);
  });
});

describe('a bulk of items', () => {
  it('answers each: foreign, unknown, stale and repeated ones are refused by themselves', async () => {
    const [mine, foreign, stale] = await opened('X00002', 'X00003', 'X00001');
    const unknown = uuidV7();
    const { body } = await bulk(
      { items: [...all([mine!, foreign!, unknown, mine!]), { declarationId: stale, revision: 7 }] },
      'neighbour',
    );
    await ended(body.bulkId, 'neighbour');
    const items = await itemsOf(body.bulkId, '', 'neighbour');
    expect(items.map((i: { state: string; code: string }) => [i.state, i.code])).toEqual([
      ['declared', 'DECLARED'],
      ['refused', 'UNKNOWN_DECLARATION'],
      ['refused', 'UNKNOWN_DECLARATION'],
      ['refused', 'ITEM_REPEATED'],
      ['refused', 'UNKNOWN_DECLARATION'],
    ]);
    expect(items[0]).toMatchObject({ revision: 1, declaredRevision: 2, declarationVersion: 1 });
    expect(await itemsOf(body.bulkId, '&state=declared', 'neighbour')).toHaveLength(1);
  });

  it('with the same key is recorded once, with another body refused', async () => {
    const [one, two] = await opened('X00001', 'X00002');
    const key = { 'idempotency-key': uuidV7() };
    const first = await bulk({ items: all([one!]) }, 'declarer', key);
    const again = await bulk({ items: all([one!]) }, 'declarer', key);
    expect([again.status, again.body.bulkId]).toEqual([202, first.body.bulkId]);
    const other = await bulk({ items: all([two!]) }, 'declarer', key);
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    await ended(first.body.bulkId);
    // What a bulk writes leaves in lots.
    await soon(() => world.events(one!).includes('declared'));
    expect(world.events(one!)).toEqual(['opened', 'declared']);
  });

  it.each([
    ['nothing at all', () => ({})],
    ['an empty list', () => ({ items: [] })],
    ['10,001 items', () => ({ items: all(Array.from({ length: 10_001 }, () => uuidV7())) })],
    ['items and a preview', () => ({ items: all([uuidV7()]), previewId: uuidV7() })],
    ['an item without its revision', () => ({ items: [{ declarationId: uuidV7() }] })],
    ['items that are null', () => ({ items: null })],
    ['a preview that is null', () => ({ previewId: null })],
    ['an empty reason', () => ({ items: all([uuidV7()]), lateReason: ' ' })],
    ['half of a pair in a reason', () => ({ items: all([uuidV7()]), lateReason: 'seen \ud83d' })],
    ['a reason that is too long', () => ({ items: all([uuidV7()]), onBehalfReason: 'x'.repeat(1_001) })],
  ])('with %s is refused before anything is recorded', async (_, body) => {
    const before = await world.service.database.query('SELECT count(*)::int AS n FROM bulk_declaration');
    const { status } = await bulk(body());
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    const after = await world.service.database.query('SELECT count(*)::int AS n FROM bulk_declaration');
    expect(after.rows).toEqual(before.rows);
  });

  it('is seen by nobody else', async () => {
    const [one] = await opened('X00002');
    const { body } = await bulk({ items: all([one!]) });
    for (const path of ['', '/items', '/events'])
      expect(await world.service.get('neighbour', `bulk-declarations/${body.bulkId}${path}`)).toMatchObject({
        status: 404,
        body: { code: 'UNKNOWN_BULK_DECLARATION' },
      });
    expect((await world.service.post('neighbour', `bulk-declarations/${body.bulkId}/cancel`)).status).toBe(
      404,
    );
    const mine = await world.service.get('declarer', 'bulk-declarations?limit=1');
    expect(mine.body.items[0].bulkId).toBe(body.bulkId);
    expect((await world.service.get('approver', `bulk-declarations/${body.bulkId}`)).status).toBe(404);
  });
});

describe('a large bulk', () => {
  const onBehalfReason = 'The practices have asked for it.';
  let large: string[];
  beforeEach(async () => {
    const [like] = await opened('X00009');
    large = await many(world, like!, 1_500, made * 10_000);
  });

  /** Both lanes of a bulk will stop in its middle, each at a declaration that somebody else has locked. */
  const stop = async (): Promise<void> => {
    const somebody = await world.service.database.connect();
    await somebody.query('BEGIN');
    await somebody.query('SELECT FROM declaration WHERE declaration_id = ANY($1) FOR UPDATE', [
      large.slice(700, 702),
    ]);
    goOn = async () => {
      goOn = () => Promise.resolve();
      await somebody.query('COMMIT');
      somebody.release();
    };
  };
  let goOn = (): Promise<void> => Promise.resolve();
  afterEach(() => goOn());
  const waiting = (lock: 'transactionid' | 'advisory') => waitingStatements(world.service.database, lock);
  const lanesAreStopped = () => soon(async () => (await waiting('transactionid')) === 2);

  it('tells its progress until its end, and after an id only what came then', async () => {
    const { body } = await bulk({ items: all(large), onBehalfReason }, 'helper');
    const stream = await world.service.get('helper', `bulk-declarations/${body.bulkId}/events`);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    const told = [...stream.body.matchAll(/^id: (\d+)\nevent: (\w+)\ndata: (.+)\n\n/gm)].map(
      ([, id, event, data]) => ({ id: Number(id), event, data: JSON.parse(data!) }),
    );
    expect(told.at(-1)).toMatchObject({ id: 1_501, event: 'ended', data: { declared: 1_500, queued: 0 } });
    expect(told.slice(0, -1).every(({ event }) => event === 'progress')).toBe(true);
    expect(told.map(({ id }) => id)).toEqual([...new Set(told.map(({ id }) => id))].sort((a, b) => a - b));
    const again = await world.service.get('helper', `bulk-declarations/${body.bulkId}/events`, {
      'last-event-id': '1500',
    });
    expect(again.body.match(/^event: /gm)).toHaveLength(1);
  });

  it('that is cancelled leaves what was declared, and does nothing more', async () => {
    await stop();
    const { body } = await bulk({ items: all(large), onBehalfReason }, 'helper');
    await lanesAreStopped();
    expect((await bulkNow(body.bulkId)).declared).toBeGreaterThan(0);
    const cancelling = world.service.post('helper', `bulk-declarations/${body.bulkId}/cancel`);
    await soon(async () => (await waiting('advisory')) === 1);
    await goOn();
    const cancelled = await cancelling;
    expect(cancelled.status).toBe(200);
    expect(cancelled.body).toMatchObject({ queued: 0, refused: 0 });
    expect(cancelled.body.cancelled).toBeGreaterThan(0);
    expect(cancelled.body.declared + cancelled.body.cancelled).toBe(1_500);
    const [item] = await itemsOf(body.bulkId, '&state=cancelled', 'helper');
    expect(item).toMatchObject({ code: 'CANCELLED', words: expect.stringContaining('Nothing happened') });
    const { rows } = await world.service.database.query(
      `SELECT count(*)::int AS n FROM declaration WHERE declaration_id = ANY($1) AND status <> 'AWAITING_PROVIDER_APPROVAL'`,
      [large],
    );
    expect(rows[0].n).toBe(cancelled.body.declared);
    const again = await world.service.post('helper', `bulk-declarations/${body.bulkId}/cancel`);
    expect(again.body).toEqual(cancelled.body);
  });

  it('of one person follows the one before it, of another it does not wait', async () => {
    const [mine, theirs] = await opened('X00008', 'X00007');
    await stop();
    const first = await bulk({ items: all(large), onBehalfReason }, 'helper');
    await lanesAreStopped();
    const second = await bulk({ items: all([mine!]), onBehalfReason }, 'helper');
    const others = await bulk({ items: all([theirs!]) });
    await ended(others.body.bulkId);
    await goOn();
    await ended(second.body.bulkId, 'helper');
    const { rows } = await world.service.database.query(
      `SELECT bulk_id FROM bulk_declaration WHERE bulk_id = ANY($1) ORDER BY ended_at`,
      [[first, second, others].map((one) => one.body.bulkId)],
    );
    const order = rows.map((row) => row.bulk_id);
    expect(order.indexOf(first.body.bulkId)).toBeLessThan(order.indexOf(second.body.bulkId));
    expect(order.indexOf(others.body.bulkId)).toBeLessThan(order.indexOf(first.body.bulkId));
  });

  it('does not keep a hold waiting, which then refuses the item it reaches in time', async () => {
    const pcnService = `XM${made}`;
    await world.tell(
      servicePublished(pcnService, { dependsOn: ['membership'] }),
      calculated({ serviceCode: pcnService, organisationCode: 'XP1', memberships: { XP1: 1 } }),
    );
    const pcn = await world.declarationOf(pcnService, 'XP1');
    await stop();
    const { body } = await bulk(
      { items: all([...large, pcn.declaration_id], Number(pcn.revision)), onBehalfReason },
      'helper',
    );
    await lanesAreStopped();
    await world.tell(membership('left', 'XP1', 2, { practices: ['X00001'] }));
    await world.byId(pcn.declaration_id, (row) => row.holds.length === 1);
    expect((await bulkNow(body.bulkId)).queued).toBeGreaterThan(0);
    await goOn();
    await ended(body.bulkId, 'helper');
    const [refused] = await itemsOf(body.bulkId, '&state=refused', 'helper');
    expect(refused).toMatchObject({ declarationId: pcn.declaration_id, code: 'STALE_VERSION' });
  });

  it('is done once, also where something fails with one of its items', async () => {
    const broken = large[700]!;
    await world.service.database.query(
      `CREATE FUNCTION refuse_broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.declaration_id = '${broken}' THEN RAISE 'broken'; END IF; RETURN NEW; END $$;
       CREATE TRIGGER refuse_broken BEFORE INSERT ON declaration_history FOR EACH ROW EXECUTE FUNCTION refuse_broken()`,
    );
    const { body } = await bulk({ items: all(large), onBehalfReason }, 'helper');
    expect(await ended(body.bulkId, 'helper')).toMatchObject({ declared: 1_499, refused: 1 });
    await world.service.database.query('DROP FUNCTION refuse_broken CASCADE');
    const [refused] = await itemsOf(body.bulkId, '&state=refused', 'helper');
    expect(refused).toMatchObject({ declarationId: broken, code: 'ITEM_FAILED' });
    const { rows } = await world.service.database.query(
      `SELECT count(*)::int AS n FROM declaration_history WHERE declaration_id = ANY($1) AND action = 'declare'`,
      [large],
    );
    expect(rows[0].n).toBe(1_499);
  });

  it('more than 10,000 are too many for one preview', async () => {
    const [like] = await opened('X00001');
    await many(world, like!, 10_000, 9_000_000);
    expect((await previewOf({ serviceCode, organisationCode: 'X00001' }, 'helper')).body.items).toBe(1);
    const { status, body } = await previewOf({ serviceCode }, 'helper');
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'BULK_TOO_LARGE' });
  });
});

const bulkNow = async (bulkId: string) =>
  (await world.service.get('helper', `bulk-declarations/${bulkId}`)).body;
