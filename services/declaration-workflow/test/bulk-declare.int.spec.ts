import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { whileHistoryFails } from './failing-history.js';
import { awaiting, calculated, servicePublished } from './neighbours.js';
import { startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  // A job would take two chunks for three items; what is answered at once is one transaction all the same.
  world = await startWorld({ BULK_CHUNK_SIZE: '2', LOG_LEVEL: 'silent' });
  await world.tell(
    ...['XB1', 'XB2', 'XB3', 'XB4', 'XB5', 'XB6', 'XB7'].map((code) => servicePublished(code)),
  );
});
afterAll(() => world?.service.close());

async function opened(...pairs: [serviceCode: string, organisationCode: string][]): Promise<string[]> {
  await world.tell(
    ...pairs.map(([serviceCode, organisationCode]) => calculated({ serviceCode, organisationCode })),
  );
  const ids = [];
  for (const [serviceCode, organisationCode] of pairs)
    ids.push((await world.declarationOf(serviceCode, organisationCode)).declaration_id);
  return ids;
}

const bulk = (body: object, person = 'declarer', headers = {}) =>
  world.service.post(person, 'declarations/bulk-declare', body, headers);

describe('declaring in bulk', () => {
  it('gives each item a result of its own, in the order of the request', async () => {
    const [first, waits, foreign, stale, twice] = await opened(
      ['XB1', 'X00002'],
      ['XB2', 'X00002'],
      ['XB1', 'X00003'],
      ['XB3', 'X00002'],
      ['XB4', 'X00002'],
    );
    await world.tell(awaiting({ serviceCode: 'XB2', organisationCode: 'X00002', closesAtRevision: 2 }));
    await world.byId(waits!, (row) => row.awaiting !== null);
    const unknown = uuidV7();
    const { status, body } = await bulk(
      {
        items: [
          { declarationId: twice },
          { declarationId: first, revision: 1 },
          { declarationId: waits },
          { declarationId: foreign },
          { declarationId: stale, revision: 9 },
          { declarationId: unknown },
          { declarationId: twice },
        ],
      },
      'neighbour',
    );
    expect(status).toBe(207);
    expect(body.items.map((item: { status: number; code: string }) => [item.status, item.code])).toEqual([
      [200, 'DECLARED'],
      [200, 'DECLARED'],
      [409, 'ACHIEVEMENT_AWAITING_AGGREGATION'],
      [404, 'UNKNOWN_DECLARATION'],
      [412, 'STALE_VERSION'],
      [404, 'UNKNOWN_DECLARATION'],
      [422, 'ITEM_REPEATED'],
    ]);
    expect(body).toMatchObject({ declared: 2, refused: 5 });
    expect((await world.byId(foreign!, () => true)).status).toBe('AWAITING_PROVIDER_APPROVAL');
  });

  it('answers the first of two equal items, whatever the second asks', async () => {
    const [id] = await opened(['XB6', 'X00001']);
    const { body } = await bulk({ items: [{ declarationId: id, revision: 9 }, { declarationId: id }] });
    expect(body.items.map((item: { code: string }) => item.code)).toEqual(['STALE_VERSION', 'ITEM_REPEATED']);
    expect((await world.byId(id!, () => true)).status).toBe('AWAITING_PROVIDER_APPROVAL');
  });

  const fiveOf = (serviceCode: string) =>
    opened(
      ...['X00002', 'X00003', 'X00004', 'X00005', 'X00006'].map((code): [string, string] => [
        serviceCode,
        code,
      ]),
    );
  const statusesOf = (ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await world.byId(id, () => true)).status));

  it('finds the one that cannot be done by halves, and declares the others', async () => {
    const ids = await fiveOf('XB7');
    const items = ids.map((declarationId) => ({ declarationId }));
    const { status, body } = await whileHistoryFails(world, ids[3]!, 'data', () => bulk({ items }));
    expect(status).toBe(207);
    expect(body.items.map((item: { status: number; code: string }) => [item.status, item.code])).toEqual(
      ids.map((_, at) => (at === 3 ? [500, 'ITEM_FAILED'] : [200, 'DECLARED'])),
    );
    expect(body.items[3].words).toContain('nothing happened to it');
    expect(await statusesOf(ids)).toEqual(
      ids.map((_, at) => (at === 3 ? 'AWAITING_PROVIDER_APPROVAL' : 'AWAITING_COMMISSIONER_APPROVAL')),
    );
  });

  it('keeps nothing where the database fails, as it says, and the same request can be sent again', async () => {
    const ids = await fiveOf('XB6');
    const items = ids.map((declarationId) => ({ declarationId, revision: 1 }));
    const key = { 'idempotency-key': uuidV7() };
    const failed = await whileHistoryFails(world, ids.toSorted().at(-1)!, 'database', () =>
      bulk({ items }, 'declarer', key),
    );
    expect([failed.status, failed.body.code]).toEqual([503, 'DATABASE_AWAY']);
    expect(failed.body.detail).toContain('send the same request again');
    expect(await statusesOf(ids)).toEqual(ids.map(() => 'AWAITING_PROVIDER_APPROVAL'));
    expect((await bulk({ items }, 'declarer', key)).body).toMatchObject({ declared: 5, refused: 0 });
  });

  it('all or nothing declares nothing while one of them awaits aggregation, and all when it is there', async () => {
    const who = { serviceCode: 'XB2', organisationCode: 'X00001' };
    const ids = await opened(['XB1', 'X00001'], ['XB2', 'X00001'], ['XB3', 'X00001']);
    await world.tell(awaiting({ ...who, closesAtRevision: 2 }));
    await world.byId(ids[1]!, (row) => row.awaiting !== null);
    const items = ids.map((declarationId) => ({ declarationId }));
    const refused = await bulk({ allOrNothing: true, items });
    expect([refused.status, refused.body.code]).toEqual([409, 'BULK_REFUSED']);
    expect(refused.body.facts).toMatchObject({
      firstCode: 'ACHIEVEMENT_AWAITING_AGGREGATION',
      refused: 1,
      items: 3,
    });
    expect(await statusesOf(ids)).toEqual(ids.map(() => 'AWAITING_PROVIDER_APPROVAL'));
    expect(ids.flatMap((id) => world.events(id)).filter((event) => event === 'declared')).toEqual([]);
    await world.tell(calculated({ ...who, figureRevision: 2 }));
    await world.byId(ids[1]!, (row) => row.awaiting === null);
    expect((await bulk({ allOrNothing: true, items })).body).toMatchObject({ declared: 3, refused: 0 });
  });

  it('all or nothing declares nothing when one item is refused', async () => {
    const [one, other, foreign] = await opened(['XB5', 'X00001'], ['XB4', 'X00001'], ['XB5', 'X00003']);
    const refused = await bulk(
      {
        allOrNothing: true,
        items: [one, other, uuidV7()].map((declarationId) => ({ declarationId })),
      },
      'declarer',
    );
    expect([refused.status, refused.body.code]).toEqual([409, 'BULK_REFUSED']);
    expect(refused.body.facts).toMatchObject({ firstCode: 'UNKNOWN_DECLARATION', refused: 1, items: 3 });
    expect((await world.byId(one!, () => true)).status).toBe('AWAITING_PROVIDER_APPROVAL');
    const done = await bulk({
      allOrNothing: true,
      items: [one, other, foreign].map((declarationId) => ({ declarationId })),
    });
    expect(done.body).toMatchObject({ declared: 3, refused: 0 });
    expect((await world.byId(other!, () => true)).status).toBe('AWAITING_COMMISSIONER_APPROVAL');
  });

  it('with the same key answers the same and declares once', async () => {
    const [id] = await opened(['XB1', 'X00004']);
    const key = { 'idempotency-key': 'bulk-once' };
    const first = await bulk({ items: [{ declarationId: id }] }, 'declarer', key);
    const second = await bulk({ items: [{ declarationId: id }] }, 'declarer', key);
    expect(second.status).toBe(first.status);
    expect(second.body).toEqual(first.body);
    const other = await bulk({ items: [{ declarationId: uuidV7() }] }, 'declarer', key);
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect((await world.byId(id!, () => true)).revision).toBe('2');
  });

  it('two at once over the same declarations declare each once', async () => {
    const ids = await opened(['XB1', 'X00005'], ['XB2', 'X00005'], ['XB3', 'X00005'], ['XB4', 'X00005']);
    const items = ids.map((declarationId) => ({ declarationId }));
    const answers = await Promise.all([
      bulk({ items }),
      bulk({ items: [...items].reverse() }),
      bulk({ items }),
    ]);
    const codes = answers.flatMap(({ body }) => body.items.map((item: { code: string }) => item.code));
    expect(codes.filter((code) => code === 'DECLARED')).toHaveLength(4);
    expect(codes.filter((code) => code === 'ILLEGAL_TRANSITION')).toHaveLength(8);
  });

  it('on behalf needs a reason, and says for whom', async () => {
    const [id] = await opened(['XB1', 'X00006']);
    const without = await bulk({ items: [{ declarationId: id }] }, 'helper');
    expect(without.body.items[0].code).toBe('ON_BEHALF_REASON_MISSING');
    const withReason = await bulk(
      { items: [{ declarationId: id }], onBehalfReason: 'The practice has closed.' },
      'helper',
    );
    expect(withReason.body.items[0].code).toBe('DECLARED');
    const { body } = await world.service.get('helper', `declarations/${id}/history`);
    expect(body.items[1]).toMatchObject({
      actor: 'commissioner',
      forOrganisation: 'XQA',
      reason: 'The practice has closed.',
    });
  });
});
