import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { whileHistoryFails } from './failing-history.js';
import { calculated, servicePublished } from './neighbours.js';
import { startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  // A job would take two chunks for three items; what is answered at once is one transaction all the same.
  world = await startWorld({ BULK_CHUNK_SIZE: '2', LOG_LEVEL: 'silent' });
  await world.tell(...['XHA', 'XHB', 'XHC', 'XHD'].map((code) => servicePublished(code)));
}, 90_000);
afterAll(() => world?.service.close());

async function opened(serviceCode: string, organisationCode: string): Promise<string> {
  await world.tell(calculated({ serviceCode, organisationCode }));
  return (await world.declarationOf(serviceCode, organisationCode)).declaration_id;
}
const hold = (id: string) =>
  world.service.post('approver', `declarations/${id}/holds`, { reason: 'The register looks wrong.' });

describe('releasing in bulk', () => {
  const bulk = (body: object, person = 'approver') =>
    world.service.post(person, 'declarations/bulk-release-holds', { confirmation: true, ...body });

  it('gives each hold a result of its own, in the order of the request', async () => {
    const ids = [await opened('XHA', 'X00002'), await opened('XHB', 'X00002'), await opened('XHC', 'X00002')];
    const [first, second, third] = ids as [string, string, string];
    const holdId = async (id: string): Promise<string> => (await hold(id)).body.holds.at(-1).holdId;
    const [one, other, more, last] = [
      await holdId(first),
      await holdId(first),
      await holdId(second),
      await holdId(third),
    ];
    const items = [
      { declarationId: third, holdId: last },
      { declarationId: first, holdId: one },
      { declarationId: first, holdId: other },
      { declarationId: second, holdId: uuidV7() },
      { declarationId: uuidV7(), holdId: more },
      { declarationId: first, holdId: one },
    ];
    const unconfirmed = await bulk({ items: items.slice(0, 1), confirmation: false });
    expect(unconfirmed.body.items[0].code).toBe('HOLD_CONFIRMATION_MISSING');
    const foreign = await bulk({ items: items.slice(0, 1) }, 'foreigner');
    expect(foreign.body.items[0].code).toBe('UNKNOWN_DECLARATION');
    const { status, body } = await bulk({ items });
    expect(status).toBe(207);
    expect(body.items.map((item: { status: number; code: string }) => [item.status, item.code])).toEqual([
      [200, 'RELEASED'],
      [200, 'RELEASED'],
      [200, 'RELEASED'],
      [404, 'HOLD_UNKNOWN'],
      [404, 'UNKNOWN_DECLARATION'],
      [422, 'ITEM_REPEATED'],
    ]);
    expect(body).toMatchObject({ released: 3, refused: 3 });
    expect((await world.byId(first, () => true)).holds).toEqual([]);
    expect((await world.byId(second, () => true)).holds).toHaveLength(1);
  });

  /** Items for all of its holds, bound to the revision that has them. */
  const held = async (serviceCode: string, organisationCode: string, times: number) => {
    const declarationId = await opened(serviceCode, organisationCode);
    for (let n = 0; n < times; n++) await hold(declarationId);
    const { holds, revision } = await world.byId(declarationId, () => true);
    return holds.map((one) => ({ declarationId, holdId: one.holdId as string, revision: Number(revision) }));
  };

  it('binds each to the revision that was seen, several of one declaration to the one before the first', async () => {
    const items = await held('XHD', 'X00002', 2);
    const { revision } = items[0]!;
    const stale = await bulk({ items: [{ ...items[0], revision: revision - 1 }] });
    expect(stale.body.items[0]).toMatchObject({ status: 412, code: 'STALE_VERSION' });
    expect((await bulk({ items })).body).toMatchObject({
      released: 2,
      items: [
        { revision: revision + 2 },
        { revision: revision + 2, words: expect.stringContaining('goes on') },
      ],
    });
  });

  it('answers the first of two equal items, whatever the second asks', async () => {
    const [item] = await held('XHD', 'X00003', 1);
    const { revision, ...unbound } = item!;
    const { body } = await bulk({ items: [{ ...unbound, revision: revision - 1 }, unbound] });
    expect(body.items.map((one: { code: string }) => one.code)).toEqual(['STALE_VERSION', 'ITEM_REPEATED']);
    expect((await world.byId(unbound.declarationId, () => true)).holds).toHaveLength(1);
  });

  it.each([
    ['data of one', 'X00004', 'data', 207, ['RELEASED', 'RELEASED', 'RELEASED', 'ITEM_FAILED'], [0, 1]],
    ['database', 'X00005', 'database', 503, undefined, [3, 1]],
  ] as const)(
    'where the %s fails leaves nothing half applied',
    async (_, organisation, why, status, codes, left) => {
      // The half of three that is found good is of one declaration, whose revision the first two have moved.
      const items = [...(await held('XHA', organisation, 3)), ...(await held('XHB', organisation, 1))];
      const ids = [items[0]!.declarationId, items[3]!.declarationId];
      expect(ids).toEqual(ids.toSorted());
      const answer = await whileHistoryFails(world, ids[1]!, why, () => bulk({ items }));
      const answered = answer.body.items?.map((item: { code: string }) => item.code);
      expect([answer.status, answered]).toEqual([status, codes]);
      const now = await Promise.all(ids.map((id) => world.byId(id, () => true)));
      expect(now.map((row) => row.holds.length)).toEqual(left);
    },
  );

  it.each([
    ['nothing', []],
    ['an id that is none', [{ declarationId: 'x', holdId: uuidV7() }]],
    ['a field that nobody knows', [{ declarationId: uuidV7(), holdId: uuidV7(), force: true }]],
    [
      'more than 10,000',
      Array.from({ length: 10_001 }, () => ({ declarationId: uuidV7(), holdId: uuidV7() })),
    ],
  ])('refuses a request of %s', async (_, items) => {
    const { status } = await world.service.post('approver', 'declarations/bulk-release-holds', {
      items,
      confirmation: true,
    });
    expect(status).toBe(400);
  });
});
