import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { calculated, membership, servicePublished, signed } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.tell(
    servicePublished('XPCN', { dependsOn: ['membership', 'list-size'] }),
    servicePublished('XSHARE', { dependsOn: ['page', 'membership'] }),
    servicePublished('XOWN'),
  );
}, 90_000);
afterAll(() => world?.service.close());

const release = async (
  declarationId: string,
  holdId: string,
  body: object = { confirmation: true },
  person = 'approver',
) =>
  world.service.post(
    person,
    `declarations/${declarationId}/holds/${holdId}/release`,
    body,
    await world.ifMatch(declarationId),
  );

/** Why it is not paid and what stands beside its hold: one answer. */
async function expectNext(
  declarationId: string,
  { actsNext, releasable }: { actsNext: string; releasable: boolean },
): Promise<void> {
  const { body: why } = await world.service.get('declarer', `declarations/${declarationId}/why`);
  const { body: holds } = await world.service.get('declarer', `declarations/${declarationId}/holds`);
  expect(why).toMatchObject({ code: 'PCN_PRACTICE_LEFT', actsNext });
  expect(holds.items).toMatchObject([{ releasable, unblockedBy: why.unblockedBy }]);
}

/** Whether a membership version is required of the organisation's figures. */
const known = async (organisationCode: string, version: number): Promise<boolean> =>
  (
    await world.service.database.query(
      'SELECT FROM membership_requirement WHERE organisation_code = $1 AND membership_version = $2',
      [organisationCode, version],
    )
  ).rows.length > 0;

describe('a practice leaves its PCN', () => {
  it('holds what depends on membership, until new figures are there and a commissioner releases it', async () => {
    await world.tell(
      calculated({ serviceCode: 'XPCN', organisationCode: 'XP1', memberships: { XP1: 1 } }),
      calculated({ serviceCode: 'XSHARE', organisationCode: 'X00001', memberships: { XP1: 1 } }),
      calculated({ serviceCode: 'XOWN', organisationCode: 'X00001' }),
      calculated({ serviceCode: 'XPCN', organisationCode: 'XP2', memberships: { XP2: 1 } }),
    );
    const pcn = await world.declarationOf('XPCN', 'XP1');
    const practice = await world.declarationOf('XSHARE', 'X00001');
    const untouched = [await world.declarationOf('XOWN', 'X00001'), await world.declarationOf('XPCN', 'XP2')];
    await world.declare(pcn.declaration_id);

    await world.tell(membership('left', 'XP1', 2, { practices: ['X00001'] }));
    const held = await world.byId(pcn.declaration_id, (row) => row.holds.length === 1);
    await world.byId(practice.declaration_id, (row) => row.holds.length === 1);
    expect(held.status).toBe('AWAITING_COMMISSIONER_APPROVAL');
    for (const one of untouched) expect((await world.byId(one.declaration_id, () => true)).holds).toEqual([]);

    const shown = await world.service.get('approver', `declarations/${pcn.declaration_id}`);
    expect(shown.body).toMatchObject({ label: 'On Hold', awaitingAggregation: true });
    await expectNext(pcn.declaration_id, { actsNext: 'system', releasable: false });

    await world.tell(signed(pcn.declaration_id, 'commissioner', 'approver'));
    const refused = await soon(() =>
      world.told.find((e) => e.type === 'approval.refused.v1' && e.key === pcn.declaration_id),
    );
    expect(refused.data.code).toBe('ON_HOLD');

    const { holdId } = held.holds[0];
    const early = await release(pcn.declaration_id, holdId);
    expect([early.status, early.body.code]).toEqual([409, 'HOLD_AWAITS_REAGGREGATION']);
    expect((await release(pcn.declaration_id, holdId, {})).body.code).toBe('HOLD_CONFIRMATION_MISSING');
    expect((await release(pcn.declaration_id, holdId, undefined, 'foreigner')).body.code).toBe(
      'UNKNOWN_DECLARATION',
    );

    await world.tell(
      calculated({
        serviceCode: 'XPCN',
        organisationCode: 'XP1',
        memberships: { XP1: 2 },
        figureRevision: 2,
      }),
    );
    await world.byId(pcn.declaration_id, (row) => Object.keys(row.required).length === 0);
    await expectNext(pcn.declaration_id, { actsNext: 'commissioner', releasable: true });
    const released = await release(pcn.declaration_id, holdId, { confirmation: true, reason: 'Compared.' });
    expect(released.status).toBe(200);
    expect(released.body).toMatchObject({ status: 'AWAITING_COMMISSIONER_APPROVAL', holds: [] });
    await soon(() => world.events(pcn.declaration_id).includes('released'));
    const { body: history } = await world.service.get(
      'approver',
      `declarations/${pcn.declaration_id}/history`,
    );
    expect(history.items.map((row: { action: string }) => row.action)).toEqual([
      'open',
      'declare',
      'hold',
      'release-hold',
    ]);
  });

  it('does not hold figures that were made with the change before its event arrived', async () => {
    await world.tell(
      calculated({
        serviceCode: 'XPCN',
        organisationCode: 'XP3',
        memberships: { XP3: 4 },
        figureRevision: 7,
      }),
    );
    const { declaration_id: id } = await world.declarationOf('XPCN', 'XP3');
    await world.tell(membership('joined', 'XP3', 4), membership('joined', 'XP3', 5));
    const held = await world.byId(id, (row) => row.holds.length > 0);
    expect(held.holds.map((hold) => hold.membershipVersion)).toEqual([5]);
  });

  it('touches nothing outside the changed dates', async () => {
    await world.tell(
      calculated({ serviceCode: 'XSHARE', organisationCode: 'X00004', memberships: { XP2: 1 } }),
    );
    const { declaration_id: id } = await world.declarationOf('XSHARE', 'X00004');
    await world.tell(
      membership('left', 'XP2', 2, { practices: ['X00004'], from: '2026-08-01' }),
      membership('corrected', 'XP2', 3, { practices: ['X00004'], from: '2026-05-01', to: '2026-07-31' }),
      membership('joined', 'XP2', 4, { practices: ['X00004'], from: '2026-07-31', to: '2026-08-01' }),
    );
    const held = await world.byId(id, (row) => row.holds.length > 0);
    expect(held.holds.map((hold) => hold.membershipVersion)).toEqual([4]);
  });

  it('before its first figures holds the declaration that older figures open', async () => {
    await world.tell(membership('left', 'XP2', 5, { practices: ['X00005'], from: '2026-07-01' }));
    // Topics have no order among each other: only what is known may be expected of the declaration as it opens.
    await soon(() => known('X00005', 5));
    await world.tell(
      calculated({ serviceCode: 'XSHARE', organisationCode: 'X00005', memberships: { XP2: 4 } }),
    );
    const opened = await world.declarationOf('XSHARE', 'X00005');
    expect(opened.holds.map((hold) => hold.code)).toEqual(['PCN_PRACTICE_LEFT']);
  });

  it('of a PCN with nobody left says that it closed', async () => {
    await world.tell(
      calculated({ serviceCode: 'XSHARE', organisationCode: 'X00006', memberships: { XP2: 5 } }),
    );
    const { declaration_id: id } = await world.declarationOf('XSHARE', 'X00006');
    const left = membership('left', 'XP2', 6, { practices: ['X00006'], from: '2026-07-01' });
    (left.data as { members: object[] }).members = [
      { practiceCode: 'X00006', from: '2020-04-01', to: '2026-07-01' },
    ];
    await world.tell(left);
    expect((await world.byId(id, (row) => row.holds.length > 0)).holds[0].code).toBe('PCN_CLOSED');
  });
});
