import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { awaiting, calculated, servicePublished, startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  // Two chunks for three items: the smallest bulk that is split.
  world = await startWorld({ BULK_CHUNK_SIZE: '2' });
  await world.tell(...['XB1', 'XB2', 'XB3', 'XB4', 'XB5'].map((code) => servicePublished(code)));
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
      [403, 'NOT_YOUR_ORGANISATION'],
      [412, 'STALE_VERSION'],
      [404, 'UNKNOWN_DECLARATION'],
      [422, 'ITEM_REPEATED'],
    ]);
    expect(body).toMatchObject({ declared: 2, refused: 5 });
    expect((await world.byId(foreign!, () => true)).status).toBe('AWAITING_PROVIDER_APPROVAL');
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
