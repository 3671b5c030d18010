import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { bulkEnded } from './many.js';
import { calculated, membership, servicePublished } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

const REASON = 'The register looks wrong.';
let world: World;
let made = 0;
/** Unlike any that another test acts on. */
let serviceCode: string;

beforeAll(async () => {
  // Several chunks in each of a bulk's two lanes.
  world = await startWorld({ BULK_CHUNK_SIZE: '2', LOG_LEVEL: 'silent' });
}, 90_000);
beforeEach(async () => {
  serviceCode = `XA${++made}`;
  // Its provider deadline has passed, its cut-off has not.
  await world.tell(
    servicePublished(serviceCode, { deadline: '2026-08-24', cutOffAt: '2100-09-01T17:00:00Z' }),
  );
});
afterAll(() => world?.service.close());

async function opened(...organisations: string[]): Promise<string[]> {
  await world.tell(...organisations.map((organisationCode) => calculated({ serviceCode, organisationCode })));
  const ids = [];
  for (const organisationCode of organisations)
    ids.push((await world.declarationOf(serviceCode, organisationCode)).declaration_id);
  return ids;
}
async function held(declarationId: string, times = 1): Promise<string[]> {
  for (let n = 0; n < times; n++)
    await world.service.post('approver', `declarations/${declarationId}/holds`, { reason: REASON });
  const { holds } = await world.byId(declarationId, (row) => row.holds.length >= times);
  return holds.map((hold) => hold.holdId as string);
}
const revisionOf = async (id: string) => Number((await world.byId(id, () => true)).revision);
const holdsLeft = async (ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await world.byId(id, () => true)).holds.length));

const previewOf = (body: object, person = 'approver') =>
  world.service.post(person, 'bulk-previews', { serviceCode, ...body });
const bulk = (body: object, person = 'approver') => world.service.post(person, 'bulk-declarations', body);
const ended = (bulkId: string) => soon(() => bulkEnded(world, 'approver', bulkId));
const itemsOf = async (bulkId: string) =>
  (await world.service.get('approver', `bulk-declarations/${bulkId}/items?limit=500`)).body.items;
const bulksRecorded = async () =>
  (await world.service.database.query('SELECT count(*)::int AS n FROM bulk_declaration')).rows[0].n as number;

describe('a preview of holds to release', () => {
  it('counts holds, and the pence of each declaration once, where the caller may release them', async () => {
    const [one, two] = await opened('X00001', 'X00002', 'X00003');
    await held(one!, 2);
    await held(two!);
    const { status, body } = await previewOf({ action: 'release-holds' });
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        action: 'release-holds',
        items: 3,
        pence: '20120',
        held: 3,
        awaitingAggregation: 0,
      }),
    ]);
    const { items } = (await world.service.get('approver', `bulk-previews/${body.previewId}/items`)).body;
    expect(items.filter((item: { declarationId: string }) => item.declarationId === one)).toEqual([
      expect.objectContaining({ holdId: expect.any(String), revision: 3, pence: '10060', changed: false }),
      expect.objectContaining({ holdId: expect.any(String), revision: 3 }),
    ]);
    expect((await previewOf({ action: 'release-holds' }, 'foreigner')).body).toMatchObject({ items: 0 });
    expect((await previewOf({ action: 'release-holds' }, 'declarer')).body.code).toBe('ROLE_MISSING');
    expect((await previewOf({ action: 'declare' })).body.code).toBe('ROLE_MISSING');
  });

  it.each([
    [{ holdCode: 'BY_HAND' }, 2],
    [{ holdCode: 'PCN_PRACTICE_LEFT' }, 0],
    [{ organisationCode: 'X00001' }, 1],
    [{ commissionerCode: 'XQB' }, 0],
    [{ status: 'AWAITING_PROVIDER_APPROVAL', kind: 'achievement', late: false }, 2],
    [{ amountFromPence: '10061' }, 0],
    [{ paymentPeriod: '2026-08', achievementDate: '2026-07-31' }, 2],
  ])('filters by %j', async (filter, items) => {
    for (const id of await opened('X00001', 'X00002')) await held(id);
    expect((await previewOf({ action: 'release-holds', ...filter })).body).toMatchObject({ items });
  });
});

describe('releasing holds as a job', () => {
  it('releases what a membership change has held, and leaves what still waits for its figures or has changed', async () => {
    await world.tell(servicePublished(serviceCode, { dependsOn: ['membership'] }, 2));
    const pcns = ['XP1', 'XP2', 'XP3'];
    const figures = (organisationCode: string, figureRevision: number, version: number, pence = '10060') =>
      calculated({
        serviceCode,
        organisationCode,
        figureRevision,
        pence,
        memberships: { [organisationCode]: version },
      });
    await world.tell(...pcns.map((pcn) => figures(pcn, 1, 1)));
    const ids: string[] = [];
    for (const pcn of pcns) ids.push((await world.declarationOf(serviceCode, pcn)).declaration_id);
    await world.tell(...pcns.map((pcn) => membership('left', pcn, 2)));
    for (const id of ids) await world.byId(id, (row) => row.holds.length === 1);
    // Those of the third do not arrive.
    await world.tell(...pcns.slice(0, 2).map((pcn) => figures(pcn, 2, 2)));
    for (const id of ids.slice(0, 2)) await world.byId(id, (row) => row.figure_revision === '2');

    const { body: preview } = await previewOf({ action: 'release-holds', holdCode: 'PCN_PRACTICE_LEFT' });
    expect(preview).toMatchObject({ items: 3, awaitingAggregation: 1 });
    await world.tell(figures('XP2', 3, 2, '9000'));
    await world.byId(ids[1]!, (row) => row.pence === '9000');
    const { status, body } = await bulk({
      action: 'release-holds',
      previewId: preview.previewId,
      confirmation: true,
      reason: 'All figures were compared.',
    });
    expect([status, body.action]).toEqual([202, 'release-holds']);
    expect(await ended(body.bulkId)).toMatchObject({
      items: 3,
      queued: 0,
      released: 1,
      declared: 0,
      refused: 2,
    });
    const codes = new Map(
      (await itemsOf(body.bulkId)).map((i: { declarationId: string; code: string }) => [
        i.declarationId,
        i.code,
      ]),
    );
    expect(ids.map((id) => codes.get(id))).toEqual([
      'RELEASED',
      'STALE_VERSION',
      'HOLD_AWAITS_REAGGREGATION',
    ]);
    expect(await holdsLeft(ids)).toEqual([0, 1, 1]);
    const { body: history } = await world.service.get('approver', `declarations/${ids[0]}/history`);
    expect(history.items.at(-1)).toMatchObject({
      action: 'release-hold',
      personId: 'approver',
      forOrganisation: 'XQA',
      reason: 'All figures were compared.',
    });
    await soon(() => world.events(ids[0]!).includes('released'));
  });

  it('releases several holds of one declaration by the revision from before, in whatever chunks they fall', async () => {
    const ids = await opened('X00001', 'X00002', 'X00003');
    for (const id of ids) await held(id, 3);
    const { body: preview } = await previewOf({ action: 'release-holds' });
    expect(preview.items).toBe(9);
    const { body } = await bulk({
      action: 'release-holds',
      previewId: preview.previewId,
      confirmation: true,
    });
    expect(await ended(body.bulkId)).toMatchObject({ released: 9, refused: 0 });
    expect(await holdsLeft(ids)).toEqual([0, 0, 0]);
  });

  it('refuses one by one what is foreign, unknown, repeated, released already or bound to other revisions', async () => {
    const [one, other] = await opened('X00001', 'X00002');
    const [first, second] = await held(one!, 2);
    const [third] = await held(other!);
    const revision = await revisionOf(one!);
    const foreign = await bulk(
      {
        action: 'release-holds',
        confirmation: true,
        items: [{ declarationId: one, holdId: first, revision }],
      },
      'foreigner',
    );
    await soon(() => bulkEnded(world, 'foreigner', foreign.body.bulkId));
    expect(await holdsLeft([one!])).toEqual([2]);
    const { body } = await bulk({
      action: 'release-holds',
      confirmation: true,
      items: [
        { declarationId: one, holdId: first, revision },
        { declarationId: one, holdId: first, revision },
        { declarationId: one, holdId: second, revision: revision - 1 },
        { declarationId: other, holdId: uuidV7(), revision: await revisionOf(other!) },
        { declarationId: uuidV7(), holdId: third, revision: 1 },
      ],
    });
    await ended(body.bulkId);
    const items = await itemsOf(body.bulkId);
    expect(items.map((item: { state: string; code: string }) => [item.state, item.code])).toEqual([
      ['released', 'RELEASED'],
      ['refused', 'ITEM_REPEATED'],
      ['refused', 'STALE_VERSION'],
      ['refused', 'HOLD_UNKNOWN'],
      ['refused', 'UNKNOWN_DECLARATION'],
    ]);
    expect(items[0]).toMatchObject({
      holdId: first,
      declaredRevision: revision + 1,
      declarationVersion: null,
    });
    expect(items[0].words).toContain('Released');
    expect(await holdsLeft([one!, other!])).toEqual([1, 1]);
  });
});

describe('admitting late ones as a job', () => {
  it('admits what the preview has counted in the late queue, to its own period', async () => {
    const [one, other] = await opened('X00001', 'X00002', 'X00003');
    for (const id of [one!, other!]) await world.declare(id, { lateReason: 'Their system was down.' });
    const { body: preview } = await previewOf({ action: 'admit-late' });
    expect(preview).toMatchObject({ action: 'admit-late', items: 2, pence: '20120' });
    expect((await previewOf({ action: 'admit-late' }, 'foreigner')).body.items).toBe(0);
    expect((await previewOf({ action: 'admit-late', late: false })).body.items).toBe(0);
    const { status, body } = await bulk({
      action: 'admit-late',
      previewId: preview.previewId,
      reason: 'The supplier failed.',
    });
    expect(status).toBe(202);
    expect(await ended(body.bulkId)).toMatchObject({ action: 'admit-late', admitted: 2, refused: 0 });
    expect(await world.byId(one!, () => true)).toMatchObject({ late: false, payment_period: '2026-08' });
    const items = await itemsOf(body.bulkId);
    expect(items[0]).toMatchObject({ state: 'admitted', code: 'ADMITTED', holdId: null });
    const { body: history } = await world.service.get('approver', `declarations/${one}/history`);
    expect(history.items.at(-1)).toMatchObject({ action: 'admit-late', reason: 'The supplier failed.' });
  });
});

describe('a job of another action', () => {
  const item = () => ({ declarationId: uuidV7(), revision: 1 });
  const hold = () => ({ ...item(), holdId: uuidV7() });

  it.each([
    ['an action that nobody knows', () => ({ action: 'lapse', items: [item()] }), 400, 'REQUEST_FAULTY'],
    [
      'holds without the confirmation',
      () => ({ action: 'release-holds', items: [hold()] }),
      422,
      'HOLD_CONFIRMATION_MISSING',
    ],
    [
      'holds without their ids',
      () => ({ action: 'release-holds', confirmation: true, items: [hold(), item()] }),
      400,
      'REQUEST_FAULTY',
    ],
    [
      'holds without the revision whose figures were compared',
      () => ({ action: 'release-holds', confirmation: true, items: [{ ...hold(), revision: undefined }] }),
      400,
      'REQUEST_FAULTY',
    ],
    ['late ones without a reason', () => ({ action: 'admit-late', items: [item()] }), 400, 'REASON_MISSING'],
    [
      'late ones with a hold',
      () => ({ action: 'admit-late', reason: 'So.', items: [hold()] }),
      400,
      'REQUEST_FAULTY',
    ],
    [
      "late ones with the provider's reason",
      () => ({ action: 'admit-late', reason: 'So.', lateReason: 'So.', items: [item()] }),
      400,
      'REQUEST_FAULTY',
    ],
    ['declarations of the wrong role', () => ({ items: [item()] }), 403, 'ROLE_MISSING'],
  ])('with %s is refused before anything is recorded', async (_, body, status, code) => {
    const before = await bulksRecorded();
    const answer = await bulk(body());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await bulksRecorded()).toBe(before);
  });

  it('is not begun by whoever may only declare, nor with the preview of another', async () => {
    const [one] = await opened('X00001');
    await held(one!);
    const refused = await bulk({ action: 'release-holds', confirmation: true, items: [hold()] }, 'declarer');
    expect([refused.status, refused.body.code]).toEqual([403, 'ROLE_MISSING']);
    const { body: preview } = await previewOf({ action: 'release-holds' });
    const other = await bulk({ action: 'admit-late', reason: 'So.', previewId: preview.previewId });
    expect([other.status, other.body.code]).toEqual([422, 'BULK_PREVIEW_OTHER_ACTION']);
    const { status } = await world.service.post('approver', 'bulk-previews', {
      action: 'admit-late',
      holdCode: 'BY_HAND',
    });
    expect(status).toBe(400);
  });
});

describe('more than 500 at once', () => {
  const many = (item: object) => Array.from({ length: 501 }, () => ({ declarationId: uuidV7(), ...item }));

  it.each([
    ['bulk-declare', 'declarer', () => ({ items: many({}) }), 'declare'],
    [
      'bulk-release-holds',
      'approver',
      () => ({ items: many({ holdId: uuidV7() }), confirmation: true }),
      'release-holds',
    ],
    ['bulk-admit-late', 'approver', () => ({ items: many({}), reason: 'So.' }), 'admit-late'],
  ])('are sent on by %s to the job that takes them', async (route, person, body, action) => {
    const answer = await world.service.post(person, `declarations/${route}`, body());
    expect([answer.status, answer.body.code]).toEqual([422, 'BULK_NEEDS_A_JOB']);
    expect(answer.body.detail).toContain(`/api/v1/bulk-declarations with action "${action}"`);
    expect(answer.body.facts).toEqual({ action, items: 501, most: 500 });
  });
});
