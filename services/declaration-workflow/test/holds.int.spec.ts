import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BusinessClockMovedV1, newEvent, uuidV7, type NewEvent } from '@attest/contracts';
import { calculated, membership, servicePublished, signed } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

const DAY_MS = 86_400_000;
const SERVICES = ['XHA', 'XHB', 'XHC', 'XHD', 'XHE'] as const;
const REASON = 'The register looks wrong.';
let world: World;

beforeAll(async () => {
  world = await startWorld();
  await world.tell(
    ...SERVICES.map((code) => servicePublished(code)),
    servicePublished('XPCN', { dependsOn: ['membership', 'list-size'] }),
    servicePublished('XPCO', { dependsOn: ['membership', 'list-size'] }),
  );
});
afterAll(() => world?.service.close());

async function opened(serviceCode: string, organisationCode: string): Promise<string> {
  await world.tell(calculated({ serviceCode, organisationCode }));
  return (await world.declarationOf(serviceCode, organisationCode)).declaration_id;
}
const hold = (id: string, body: object = { reason: REASON }, person = 'approver', headers = {}) =>
  world.service.post(person, `declarations/${id}/holds`, body, headers);
const holdsOf = async (id: string, person = 'approver') =>
  (await world.service.get(person, `declarations/${id}/holds`)).body.items;
const release = async (
  id: string,
  holdId: string,
  body: object = { confirmation: true },
  person = 'approver',
) => world.service.post(person, `declarations/${id}/holds/${holdId}/release`, body, await world.ifMatch(id));
const whyOf = async (id: string) => (await world.service.get('declarer', `declarations/${id}/why`)).body;

describe('a hold by hand', () => {
  it('stops what is signed, says who and why, and goes with its release', async () => {
    const id = await opened('XHA', 'X00001');
    await world.declare(id);
    const held = await hold(id, { reason: REASON, expiresOn: '2100-01-31' });
    expect([held.status, held.body.label]).toEqual([201, 'On Hold']);
    expect(await holdsOf(id, 'declarer')).toEqual([
      expect.objectContaining({
        code: 'BY_HAND',
        placedBy: 'approver',
        reason: REASON,
        expiresOn: '2100-01-31',
        releasable: true,
        pending: false,
        earlier: null,
        latest: { figureRevision: 1, pence: '10060' },
      }),
    ]);
    expect(await whyOf(id)).toMatchObject({ code: 'BY_HAND', cause: expect.stringContaining(REASON) });
    await world.tell(signed(id, 'commissioner', 'second'));
    const refused = await soon(() =>
      world.told.find((e) => e.type === 'approval.refused.v1' && e.key === id),
    );
    expect(refused.data.code).toBe('ON_HOLD');
    const [{ holdId }] = held.body.holds;
    const released = await release(id, holdId);
    expect(released.body).toMatchObject({
      label: 'Awaiting Commissioning Organisation Approval',
      holds: [],
      latest: { pence: '10060' },
    });
    expect(world.events(id)).toEqual(expect.arrayContaining(['held']));
    await soon(() => world.events(id).includes('released'));
    const { body } = await world.service.get('approver', `declarations/${id}/history`);
    expect(body.items.map((row: { action: string }) => row.action)).toEqual([
      'open',
      'declare',
      'hold',
      'release-hold',
    ]);
  });

  it.each([
    ['without a reason', {}, 'approver', 400, 'REASON_MISSING'],
    ['with an over-long reason', { reason: 'x'.repeat(1_001) }, 'approver', 400, 'REASON_TOO_LONG'],
    [
      'that has expired already',
      { reason: REASON, expiresOn: '2020-01-31' },
      'approver',
      422,
      'HOLD_EXPIRY_PASSED',
    ],
    ['that expires on no day', { reason: REASON, expiresOn: '2026-02-30' }, 'approver', 400, undefined],
    ['by another commissioner', { reason: REASON }, 'foreigner', 404, 'UNKNOWN_DECLARATION'],
    ['by the provider', { reason: REASON }, 'declarer', 403, 'ROLE_MISSING'],
  ])('is refused %s', async (_, body, person, status, code) => {
    const id = await opened('XHB', 'X00001');
    const refused = await hold(id, body, person);
    expect(refused.status).toBe(status);
    if (code !== undefined) expect(refused.body.code).toBe(code);
    expect((await world.byId(id, () => true)).holds).toEqual([]);
  });

  it('is placed once for one idempotency key, and refused with another body', async () => {
    const id = await opened('XHC', 'X00001');
    const key = { 'idempotency-key': 'hold-once' };
    const first = await hold(id, { reason: REASON }, 'approver', key);
    expect((await hold(id, { reason: REASON }, 'approver', key)).body).toEqual(first.body);
    expect((await hold(id, { reason: 'Another.' }, 'approver', key)).body.code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
    expect((await world.byId(id, () => true)).holds).toHaveLength(1);
  });

  it('is placed once also where the process died before the answer was kept', async () => {
    const id = await opened('XHC', 'X00003');
    const key = { 'idempotency-key': `hold-${id}` };
    const first = await hold(id, { reason: REASON }, 'approver', key);
    await world.service.database.query('DELETE FROM idempotency_key WHERE key = $1', [
      key['idempotency-key'],
    ]);
    const again = await hold(id, { reason: REASON }, 'approver', key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect(again.body.holds).toEqual(first.body.holds);
    expect(again.body.holds).toHaveLength(1);
    // Another request is another hold, whatever is known of the key.
    await world.service.database.query('DELETE FROM idempotency_key WHERE key = $1', [
      key['idempotency-key'],
    ]);
    expect((await hold(id, { reason: 'Another.' }, 'approver', key)).body.holds).toHaveLength(2);
  });

  it('is refused for what has ended, and for what is not there', async () => {
    const id = await opened('XHD', 'X00001');
    await world.service.post(
      'approver',
      `declarations/${id}/lapse`,
      { reason: 'It does not take part.' },
      { 'if-match': '"1"' },
    );
    expect((await hold(id)).body.code).toBe('HOLD_TOO_LATE');
    expect((await hold(uuidV7())).body.code).toBe('UNKNOWN_DECLARATION');
    expect((await world.service.get('foreigner', `declarations/${id}/holds`)).body.code).toBe(
      'UNKNOWN_DECLARATION',
    );
  });
});

describe('a practice joins', () => {
  const joined = async (organisationCode: string) => {
    await world.tell(
      calculated({ serviceCode: 'XPCN', organisationCode, memberships: { [organisationCode]: 1 } }),
    );
    const { declaration_id: id } = await world.declarationOf('XPCN', organisationCode);
    await world.tell(membership('joined', organisationCode, 2));
    const { holds } = await world.byId(id, (row) => row.holds.length === 1);
    return { id, holdId: holds[0].holdId as string };
  };
  const keep = async (id: string, holdId: string, body: object = {}, person = 'approver') =>
    world.service.post(
      person,
      `declarations/${id}/holds/${holdId}/keep-earlier-figure`,
      { reason: 'It joined on the last day.', confirmation: true, ...body },
      await world.ifMatch(id),
    );

  it('and the release shows both figures when both are there', async () => {
    const { id, holdId } = await joined('XP1');
    expect(await holdsOf(id)).toEqual([
      expect.objectContaining({
        placedBy: null,
        earlier: { figureRevision: 1, pence: '10060' },
        latest: null,
      }),
    ]);
    await world.tell(
      calculated({
        serviceCode: 'XPCN',
        organisationCode: 'XP1',
        figureRevision: 2,
        pence: '12000',
        memberships: { XP1: 2 },
      }),
    );
    await world.byId(id, (row) => row.pence === '12000');
    const released = await release(id, holdId);
    expect(released.body).toMatchObject({
      pence: '12000',
      earlier: { figureRevision: 1, pence: '10060' },
      latest: { figureRevision: 2, pence: '12000' },
    });
  });

  it('and the earlier figure is kept, signed, although another one arrives', async () => {
    const { id, holdId } = await joined('XP2');
    expect((await keep(id, holdId, { confirmation: false })).body.code).toBe('KEEP_CONFIRMATION_MISSING');
    expect((await keep(id, holdId, { reason: ' ' })).body.code).toBe('REASON_MISSING');
    expect((await keep(id, holdId, {}, 'foreigner')).body.code).toBe('UNKNOWN_DECLARATION');
    expect((await keep(id, uuidV7())).body.code).toBe('HOLD_UNKNOWN');
    const kept = await keep(id, holdId);
    expect([kept.status, kept.body]).toMatchObject([
      200,
      { pence: '10060', holds: [], awaitingAggregation: false },
    ]);
    const declared = await world.declare(id, {}, 'declarer', kept.body.revision);
    expect(declared.body.code).toBe('DECLARED');
    await world.tell(
      calculated({
        serviceCode: 'XPCN',
        organisationCode: 'XP2',
        figureRevision: 2,
        pence: '12000',
        memberships: { XP2: 2 },
      }),
    );
    await world.byId(id, (row) => row.figure_revision === '2');
    const { body } = await world.service.get('declarer', `declarations/${id}`);
    expect(body).toMatchObject({
      status: 'AWAITING_COMMISSIONER_APPROVAL',
      pence: '10060',
      figureRevision: 1,
      result: { pence: '12000' },
      override: {
        membershipVersions: { XP2: 2 },
        kept: { figureRevision: 1, pence: '10060' },
        insteadOf: { figureRevision: 2, pence: '12000' },
        signedBy: 'approver',
        signedFor: 'XQA',
      },
    });
    expect((await whyOf(id)).cause).toContain('It joined on the last day.');
    const { rows } = await world.service.database.query(
      'SELECT pcn_code, membership_version::int, kept_pence::int, signed_by FROM declaration_override WHERE declaration_id = $1',
      [id],
    );
    expect(rows).toEqual([
      { pcn_code: 'XP2', membership_version: 2, kept_pence: 10_060, signed_by: 'approver' },
    ]);
    // A later version ends it, and its figures count as always.
    await world.tell(
      membership('left', 'XP2', 3),
      calculated({
        serviceCode: 'XPCN',
        organisationCode: 'XP2',
        figureRevision: 3,
        pence: '9000',
        memberships: { XP2: 3 },
      }),
    );
    await world.byId(id, (row) => row.pence === '9000' && row.status === 'AWAITING_PROVIDER_APPROVAL');
    expect((await world.service.get('declarer', `declarations/${id}`)).body.override).toBeNull();
  });

  it('and the earlier figure stays kept although a page was amended before, with the same result', async () => {
    const made = (figureRevision: number, page: number, membershipVersion: number, pence = '10060') =>
      calculated({
        serviceCode: 'XPCO',
        organisationCode: 'XP1',
        figureRevision,
        pence,
        inputs: [
          { source: 'page', key: 'X00001', version: page },
          { source: 'pcn-membership', key: 'XP1', version: membershipVersion },
        ],
      });
    await world.tell(made(1, 1, 2), made(2, 2, 2), membership('joined', 'XP1', 3));
    const { declaration_id: id, holds } = await world.declarationOf(
      'XPCO',
      'XP1',
      (row) => row.figure_revision === '2' && row.holds.length === 1,
    );
    expect((await keep(id, holds[0].holdId)).body).toMatchObject({ pence: '10060', holds: [] });
    await world.tell(made(3, 2, 3, '12000'));
    await world.byId(id, (row) => row.figure_revision === '3');
    const { body } = await world.service.get('declarer', `declarations/${id}`);
    expect(body).toMatchObject({
      pence: '10060',
      override: { kept: { figureRevision: 2 }, insteadOf: { figureRevision: 3, pence: '12000' } },
    });
  });

  it('and the earlier figure comes back where the other one has reopened it', async () => {
    const { id, holdId } = await joined('XP3');
    await world.tell(
      calculated({
        serviceCode: 'XPCN',
        organisationCode: 'XP3',
        figureRevision: 2,
        pence: '12000',
        memberships: { XP3: 2 },
      }),
    );
    await world.byId(id, (row) => row.pence === '12000');
    const kept = await keep(id, holdId);
    expect(kept.body).toMatchObject({ pence: '10060', figureRevision: 1, holds: [] });
    expect(await whyOf(id)).toMatchObject({ code: 'EARLIER_FIGURE_KEPT', actsNext: 'provider' });
  });
});

describe('a hold that expires', () => {
  it('is told once and stands', async () => {
    const id = await opened('XHE', 'X00001');
    const today = new Date().toISOString().slice(0, 10);
    const tomorrow = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
    expect(today < tomorrow).toBe(true);
    await hold(id, { reason: REASON, expiresOn: tomorrow });
    await world.tell(
      newEvent(BusinessClockMovedV1, {
        offsetMs: 3 * DAY_MS,
        movedAt: new Date().toISOString(),
        clockVersion: 1,
      }) as unknown as NewEvent,
    );
    const held = await world.byId(id, (row) => Boolean(row.holds[0].escalatedAt));
    expect(held.holds).toHaveLength(1);
    expect(await whyOf(id)).toMatchObject({ code: 'HOLD_EXPIRED', actsNext: 'commissioner' });
    await soon(() => world.events(id).includes('hold-escalated'));
    // Another firing finds nothing: the column that it looks at is empty again.
    const { rows } = await world.service.database.query(
      'SELECT hold_expires_on FROM declaration WHERE declaration_id = $1',
      [id],
    );
    expect(rows[0].hold_expires_on).toBeNull();
    expect(world.events(id).filter((event) => event === 'hold-escalated')).toHaveLength(1);
  });
});
