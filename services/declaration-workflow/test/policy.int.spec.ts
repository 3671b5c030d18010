import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BusinessClockMovedV1, DEFAULT_POLICY, newEvent, TIERED_POLICY_EXAMPLE } from '@attest/contracts';
import type { NewEvent, ReadonlyPolicy } from '@attest/contracts';
import { awaiting, calculated, membership, servicePublished, signed, stageRefused } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

const policy = (changes: Partial<ReadonlyPolicy>): ReadonlyPolicy => ({ ...DEFAULT_POLICY, ...changes });
const NOTHING_ASKED = policy({
  declaration: 'not-required',
  approval: 'not-required',
  route: [],
  financeAbovePence: '500000',
});

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await world.tell(
    servicePublished('XTIER', { policy: TIERED_POLICY_EXAMPLE }),
    servicePublished('XFREE', { policy: NOTHING_ASKED }),
    servicePublished('XLATER', { policy: NOTHING_ASKED, opensOn: '2099-01-09' }),
    servicePublished('XHOLD', {
      dependsOn: ['membership'],
      policy: policy({ holdRelease: 'automatic-when-unchanged' }),
    }),
  );
}, 90_000);
afterAll(() => world?.service.close());

const history = async (
  declarationId: string,
): Promise<{ action: string; actor: string; code: string | null }[]> =>
  (await world.service.get('approver', `declarations/${declarationId}/history`)).body.items;
const actions = async (declarationId: string) =>
  (await history(declarationId)).map(({ action, actor }) => `${action} by ${actor}`);
const refusalOf = (declarationId: string, approvalId: string) =>
  soon(() =>
    world.told.find(
      (e) => e.type === 'approval.refused.v1' && e.key === declarationId && e.data.approvalId === approvalId,
    ),
  );
const approvalIdOf = (event: NewEvent): string => (event.data as { approvalId: string }).approvalId;

describe('a route of three tiers', () => {
  const declared = async (organisationCode: string, pence = '5000000') => {
    await world.tell(calculated({ serviceCode: 'XTIER', organisationCode, pence }));
    const { declaration_id: id } = await world.declarationOf('XTIER', organisationCode);
    expect((await world.declare(id)).status).toBe(200);
    return id;
  };

  it('is signed tier by tier, each signature answered by its own event', async () => {
    const id = await declared('X00001');
    const manager = signed(id, 'commissioner', 'one', { tier: 'manager', approvalVersion: 1 });
    await world.tell(manager);
    const event = await soon(() =>
      world.told.find((e) => e.type === 'declaration.tier-approved.v1' && e.key === id),
    );
    expect(event.data).toMatchObject({
      fact: { approvalId: approvalIdOf(manager), actor: 'commissioner', code: 'manager' },
      declaration: {
        status: 'AWAITING_COMMISSIONER_APPROVAL',
        commissionerSignedBy: 'one',
        commissionerSignatures: [{ tier: 'manager', personId: 'one' }],
        approvalRoute: { tierDue: 'senior', finance: 'required' },
      },
    });
    const why = await world.service.get('approver', `declarations/${id}/why`);
    expect(why.body).toMatchObject({ code: 'AWAITING_COMMISSIONER_TIER', actsNext: 'commissioner' });
    expect(why.body.unblockedBy).toContain('SENIOR_APPROVAL_MANAGEMENT');
    const shown = await world.service.get('approver', `declarations/${id}`);
    expect(shown.body).toMatchObject({
      tierDue: { name: 'senior', role: 'SENIOR_APPROVAL_MANAGEMENT' },
      commissionerSignatures: [{ tier: 'manager', personId: 'one' }],
    });

    const twice = signed(id, 'commissioner', 'one', { tier: 'senior', approvalVersion: 2 });
    const early = signed(id, 'commissioner', 'three', { tier: 'executive', approvalVersion: 3 });
    await world.tell(twice, early);
    expect((await refusalOf(id, approvalIdOf(twice))).data.code).toBe('SAME_PERSON');
    expect((await refusalOf(id, approvalIdOf(early))).data.code).toBe('TIER_NOT_DUE');

    await world.tell(
      signed(id, 'commissioner', 'two', { tier: 'senior', approvalVersion: 4 }),
      signed(id, 'commissioner', 'three', { tier: 'executive', approvalVersion: 5 }),
      signed(id, 'finance', 'four', { approvalVersion: 6 }),
    );
    await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED');
    expect(await actions(id)).toEqual([
      'open by system',
      'declare by provider',
      'approve-tier by commissioner',
      'approve-tier by commissioner',
      'approve by commissioner',
      'approve by finance',
    ]);
  });

  it('loses its signatures when a tier sends it back', async () => {
    const id = await declared('X00002');
    await world.tell(
      signed(id, 'commissioner', 'one', { tier: 'manager', approvalVersion: 1 }),
      stageRefused(id, 'commissioner', 'two', { tier: 'senior', approvalVersion: 2 }),
    );
    await world.byId(id, (row) => row.status === 'AWAITING_PROVIDER_APPROVAL' && row.declared_by === null);
    const { body } = await world.service.get('approver', `declarations/${id}`);
    expect(body.commissionerSignatures).toEqual([]);
  });

  it('cannot be written with a signature of who declared it, whatever the code does', async () => {
    const id = await declared('X00003');
    await expect(
      world.service.database.query(
        `UPDATE declaration SET commissioner_signatures = '[{"tier": "manager", "personId": "declarer", "at": "2026-08-20T09:00:00Z"}]'
         WHERE declaration_id = $1`,
        [id],
      ),
    ).rejects.toThrow('declaration_tiers_by_others');
  });
});

describe('a service that asks for nothing', () => {
  it('is declared and approved by the system as soon as its figures are there', async () => {
    await world.tell(calculated({ serviceCode: 'XFREE', organisationCode: 'X00001', pence: '500000' }));
    const done = await world.declarationOf('XFREE', 'X00001', (row) => row.status === 'FINANCIALLY_APPROVED');
    expect(await actions(done.declaration_id)).toEqual([
      'open by system',
      'declare by system',
      'approve by system',
      'approve by system',
    ]);
    expect((await history(done.declaration_id)).map(({ code }) => code)).toEqual([
      null,
      'DECLARATION_NOT_REQUIRED',
      'APPROVAL_NOT_REQUIRED',
      'FINANCE_NOT_REQUIRED',
    ]);
    expect(done.declared_by).toBeNull();
  });

  it('settles nothing to pay, and asks finance above its limit', async () => {
    await world.tell(
      calculated({ serviceCode: 'XFREE', organisationCode: 'X00002', pence: '0' }),
      calculated({ serviceCode: 'XFREE', organisationCode: 'X00003', pence: '500001' }),
    );
    await world.declarationOf('XFREE', 'X00002', (row) => row.status === 'SETTLED_NIL');
    const large = await world.declarationOf(
      'XFREE',
      'X00003',
      (row) => row.status === 'AWAITING_FINANCE_APPROVAL',
    );
    await world.tell(signed(large.declaration_id, 'finance', 'finance', { approvalVersion: 1 }));
    await world.byId(large.declaration_id, (row) => row.status === 'FINANCIALLY_APPROVED');
  });

  it('waits for what is being added up, and goes on when it has arrived', async () => {
    const who = { serviceCode: 'XFREE', organisationCode: 'X00004' };
    await world.tell(
      awaiting({ ...who, closesAtRevision: 2 }),
      calculated({ ...who, figureRevision: 1, pence: '100' }),
    );
    const { declaration_id: id } = await world.declarationOf(
      'XFREE',
      'X00004',
      (row) => row.awaiting !== null,
    );
    await world.tell(calculated({ ...who, figureRevision: 2, pence: '100' }));
    await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED');
  });

  it('goes back to people when finance refuses it', async () => {
    await world.tell(calculated({ serviceCode: 'XFREE', organisationCode: 'X00005', pence: '600000' }));
    const { declaration_id: id } = await world.declarationOf(
      'XFREE',
      'X00005',
      (row) => row.status === 'AWAITING_FINANCE_APPROVAL',
    );
    await world.tell(stageRefused(id, 'finance', 'finance', { approvalVersion: 1 }));
    await world.byId(id, (row) => row.status === 'AWAITING_COMMISSIONER_APPROVAL');
    const { body } = await world.service.get('approver', `declarations/${id}`);
    expect(body.tierDue).toEqual({ name: 'commissioner', role: 'APPROVAL_MANAGEMENT' });
    await world.tell(
      signed(id, 'commissioner', 'approver', { tier: 'commissioner', approvalVersion: 2 }),
      signed(id, 'finance', 'finance', { approvalVersion: 3 }),
    );
    await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED');
  });

  it('is declared on the day that the calendar opens it', async () => {
    await world.tell(calculated({ serviceCode: 'XLATER', organisationCode: 'X00001', pence: '100' }));
    const { declaration_id: id } = await world.declarationOf('XLATER', 'X00001');
    const why = await world.service.get('declarer', `declarations/${id}/why`);
    expect(why.body.code).toBe('NOT_YET_OPEN');
    await moveClock('2099-01-09T08:00:00Z', 1);
    await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED');
    await moveClock(null, 2);
  });
});

async function moveClock(to: string | null, clockVersion: number): Promise<void> {
  const offsetMs = to === null ? 0 : new Date(to).getTime() - Date.now();
  await world.tell(
    newEvent(BusinessClockMovedV1, { offsetMs, movedAt: new Date().toISOString(), clockVersion }) as NewEvent,
  );
}

describe('a hold of a service that lets it end by itself', () => {
  const held = async (organisationCode: string) => {
    await world.tell(
      calculated({ serviceCode: 'XHOLD', organisationCode, memberships: { [organisationCode]: 1 } }),
    );
    const { declaration_id: id } = await world.declarationOf('XHOLD', organisationCode);
    await world.tell(membership('left', organisationCode, 2, { practices: ['X00009'] }));
    await world.byId(id, (row) => row.holds.length === 1);
    return id;
  };

  it('ends with figures of its membership version and the same result, by the system', async () => {
    const id = await held('XP1');
    await world.tell(
      calculated({
        serviceCode: 'XHOLD',
        organisationCode: 'XP1',
        memberships: { XP1: 2 },
        figureRevision: 2,
      }),
    );
    await world.byId(id, (row) => row.holds.length === 0);
    expect(await actions(id)).toEqual(['open by system', 'hold by system', 'release-hold by system']);
    await soon(() => world.events(id).includes('released'));
  });

  it('stands when the result is another', async () => {
    const id = await held('XP2');
    await world.tell(
      calculated({
        serviceCode: 'XHOLD',
        organisationCode: 'XP2',
        memberships: { XP2: 2 },
        figureRevision: 2,
        pence: '20000',
      }),
    );
    const reopened = await world.byId(id, (row) => row.pence === '20000');
    expect(reopened.holds).toHaveLength(1);
  });
});
