import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeCursor } from '@attest/http';
import { uuidV7 } from '@attest/contracts';
import { calculated, servicePublished, signed } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
let open: string;
let declared: string;
const UNKNOWN = uuidV7();

beforeAll(async () => {
  world = await startWorld();
  await world.tell(servicePublished('XBAD'), servicePublished('XSOON', { opensOn: '2090-01-01' }));
  await world.tell(
    calculated({ serviceCode: 'XBAD', organisationCode: 'X00001' }),
    calculated({ serviceCode: 'XBAD', organisationCode: 'X00002' }),
    calculated({ serviceCode: 'XSOON', organisationCode: 'X00001' }),
  );
  open = (await world.declarationOf('XBAD', 'X00001')).declaration_id;
  declared = (await world.declarationOf('XBAD', 'X00002')).declaration_id;
  await world.declare(declared);
}, 90_000);
afterAll(() => world?.service.close());

describe('bad input', () => {
  const declare = (id: string) => `declarations/${id}/declare`;
  const posts: [string, string, () => string, object | string, Record<string, string>, number, string][] = [
    ['a stranger', 'nobody', () => declare(open), {}, { 'if-match': '"1"' }, 403, 'ROLE_MISSING'],
    [
      'another organisation',
      'neighbour',
      () => declare(open),
      {},
      { 'if-match': '"1"' },
      404,
      'UNKNOWN_DECLARATION',
    ],
    ['no If-Match', 'declarer', () => declare(open), {}, {}, 428, 'IF_MATCH_MISSING'],
    [
      'a faulty If-Match',
      'declarer',
      () => declare(open),
      {},
      { 'if-match': 'W/"x"' },
      400,
      'IF_MATCH_FAULTY',
    ],
    ['a stale version', 'declarer', () => declare(open), {}, { 'if-match': '"9"' }, 412, 'STALE_VERSION'],
    [
      'no key',
      'declarer',
      () => declare(open),
      {},
      { 'if-match': '"1"', 'idempotency-key': '' },
      400,
      'IDEMPOTENCY_KEY_MISSING',
    ],
    [
      'an unknown declaration',
      'declarer',
      () => declare(UNKNOWN),
      {},
      { 'if-match': '"1"' },
      404,
      'UNKNOWN_DECLARATION',
    ],
    [
      'an unknown property',
      'declarer',
      () => declare(open),
      { note: 'x' },
      { 'if-match': '"1"' },
      400,
      'REQUEST_FAULTY',
    ],
    [
      'an NHS number in a reason',
      'declarer',
      () => declare(open),
      { lateReason: 'patient 943 476 5919' },
      { 'if-match': '"1"' },
      422,
      'PATIENT_IDENTIFIER_FOUND',
    ],
    [
      'an over-long reason',
      'approver',
      () => `declarations/${open}/lapse`,
      { reason: 'x'.repeat(1001) },
      { 'if-match': '"1"' },
      400,
      'REASON_TOO_LONG',
    ],
    [
      'an empty reason',
      'approver',
      () => `declarations/${open}/lapse`,
      { reason: '  ' },
      { 'if-match': '"1"' },
      400,
      'REASON_MISSING',
    ],
    [
      'a reason with a NUL',
      'approver',
      () => `declarations/${open}/lapse`,
      { reason: 'seen\0' },
      { 'if-match': '"1"' },
      400,
      'REASON_UNREADABLE',
    ],
    [
      'a reason with half of a pair',
      'approver',
      () => `declarations/${open}/holds`,
      { reason: 'seen \ud83d' },
      {},
      400,
      'REASON_UNREADABLE',
    ],
    [
      'a null where something may be left out',
      'declarer',
      () => declare(open),
      { lateReason: null },
      { 'if-match': '"1"' },
      400,
      'REQUEST_FAULTY',
    ],
    [
      'a step out of order',
      'declarer',
      () => `declarations/${open}/undeclare`,
      {},
      { 'if-match': '"1"' },
      409,
      'ILLEGAL_TRANSITION',
    ],
    [
      'declaring twice',
      'declarer',
      () => declare(declared),
      {},
      { 'if-match': '"2"' },
      409,
      'ILLEGAL_TRANSITION',
    ],
    [
      'a correction of what was not rejected',
      'approver',
      () => `declarations/${open}/corrections`,
      { reason: 'x' },
      { 'if-match': '"1"' },
      409,
      'ILLEGAL_TRANSITION',
    ],
    [
      'a hold that does not stand',
      'approver',
      () => `declarations/${open}/holds/${UNKNOWN}/release`,
      { confirmation: true },
      { 'if-match': '"1"' },
      404,
      'HOLD_UNKNOWN',
    ],
    [
      'a hold whose figures have changed since they were compared',
      'approver',
      () => `declarations/${open}/holds/${UNKNOWN}/release`,
      { confirmation: true },
      { 'if-match': '"7"' },
      412,
      'STALE_VERSION',
    ],
    [
      'an earlier figure whose figures have changed since they were compared',
      'approver',
      () => `declarations/${open}/holds/${UNKNOWN}/keep-earlier-figure`,
      { confirmation: true, reason: 'x' },
      { 'if-match': '"7"' },
      412,
      'STALE_VERSION',
    ],
    [
      'a bulk without items',
      'declarer',
      () => 'declarations/bulk-declare',
      { items: [] },
      {},
      400,
      'REQUEST_FAULTY',
    ],
    [
      'a bulk of too many',
      'declarer',
      () => 'declarations/bulk-declare',
      { items: Array.from({ length: 10_001 }, () => ({ declarationId: UNKNOWN })) },
      {},
      400,
      'REQUEST_FAULTY',
    ],
    [
      'a bulk item without an id',
      'declarer',
      () => 'declarations/bulk-declare',
      { items: [{ revision: 1 }] },
      {},
      400,
      'REQUEST_FAULTY',
    ],
    [
      'a bulk item with a strange property',
      'declarer',
      () => 'declarations/bulk-declare',
      { items: [{ declarationId: UNKNOWN, force: true }] },
      {},
      400,
      'REQUEST_FAULTY',
    ],
    [
      'a bulk item with a strange revision',
      'declarer',
      () => 'declarations/bulk-declare',
      { items: [{ declarationId: UNKNOWN, revision: -1 }] },
      {},
      400,
      'REQUEST_FAULTY',
    ],
    [
      'all or nothing of too many',
      'declarer',
      () => 'declarations/bulk-declare',
      { allOrNothing: true, items: Array.from({ length: 501 }, () => ({ declarationId: uuidV7() })) },
      {},
      422,
      'ALL_OR_NOTHING_TOO_LARGE',
    ],
    [
      'an approver who declares',
      'approver',
      () => declare(open),
      {},
      { 'if-match': '"1"' },
      403,
      'ROLE_MISSING',
    ],
  ];
  it.each(posts)('%s is refused with its code', async (_, person, path, body, headers, status, code) => {
    const answer = await world.service.post(person, path(), body, headers);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.detail.length).toBeGreaterThan(20);
    expect((await world.byId(open, () => true)).revision).toBe('1');
  });

  const gets: [string, string, () => string, number, string][] = [
    [
      'a cursor of another list',
      'declarer',
      () => `declarations?cursor=${encodeCursor(['x', 'y'])}`,
      400,
      'CURSOR_FAULTY',
    ],
    [
      'a cursor that is no id',
      'declarer',
      () => `declarations?cursor=${encodeCursor(["'; DROP"])}`,
      400,
      'CURSOR_FAULTY',
    ],
    ['a status that does not exist', 'declarer', () => 'declarations?status=SOON', 400, 'REQUEST_FAULTY'],
    [
      'a date that is none',
      'declarer',
      () => 'declarations?achievementDate=2026-02-30',
      400,
      'REQUEST_FAULTY',
    ],
    ['a limit too high', 'declarer', () => 'declarations?limit=501', 400, 'REQUEST_FAULTY'],
    ['another organisation', 'foreigner', () => `declarations/${open}`, 404, 'UNKNOWN_DECLARATION'],
    [
      "another organisation's history",
      'foreigner',
      () => `declarations/${open}/history`,
      404,
      'UNKNOWN_DECLARATION',
    ],
    ["another organisation's why", 'foreigner', () => `declarations/${open}/why`, 404, 'UNKNOWN_DECLARATION'],
    ['an unknown declaration', 'declarer', () => `declarations/${UNKNOWN}`, 404, 'UNKNOWN_DECLARATION'],
  ];
  it.each(gets)('asking with %s is refused with its code', async (_, person, path, status, code) => {
    const answer = await world.service.get(person, path());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('declaring before the calendar opens is refused', async () => {
    const { declaration_id: id } = await world.declarationOf('XSOON', 'X00001');
    expect((await world.declare(id)).body.code).toBe('NOT_YET_OPEN');
  });

  it('a signature for a declaration that is not here is answered', async () => {
    await world.tell(
      signed(UNKNOWN, 'commissioner', 'approver'),
      signed(declared, 'commissioner', 'approver'),
    );
    await world.byId(declared, (row) => row.status === 'AWAITING_FINANCE_APPROVAL');
    const answer = await soon(() => world.told.find((event) => event.key === UNKNOWN));
    expect(answer).toMatchObject({ type: 'approval.refused.v1', data: { code: 'UNKNOWN_DECLARATION' } });
  });
});

describe('a list', () => {
  it('shows only what lies within the caller’s organisations, page by page', async () => {
    const all = await world.service.get('operator', 'declarations?limit=2');
    expect(all.body.items).toHaveLength(2);
    const rest = await world.service.get('operator', `declarations?limit=2&cursor=${all.body.nextCursor}`);
    expect(rest.body).toMatchObject({ nextCursor: null });
    expect(rest.body.items).toHaveLength(1);
    const csv = await world.service.get('operator', 'declarations?limit=2', { accept: 'text/csv' });
    expect(csv.headers.get('next-cursor')).toBe(all.body.nextCursor);
    expect(String(csv.body).split('\r\n')).toHaveLength(4);
    const mine = await world.service.get('neighbour', 'declarations');
    expect(mine.body.items.map((d: { organisationCode: string }) => d.organisationCode)).toEqual(['X00002']);
    expect((await world.service.get('foreigner', 'declarations')).body.items).toEqual([]);
    const filtered = await world.service.get(
      'approver',
      'declarations?serviceCode=XBAD&status=AWAITING_PROVIDER_APPROVAL&held=false&late=false&kind=achievement&commissionerCode=XQA&achievementDate=2026-07-31&paymentPeriod=2026-08',
    );
    expect(filtered.body.items.map((d: { declarationId: string }) => d.declarationId)).toEqual([open]);
    expect(filtered.body.items[0]).toMatchObject({
      pence: '10060',
      label: 'Awaiting Service Provider Approval',
      revision: 1,
    });
  });
});
