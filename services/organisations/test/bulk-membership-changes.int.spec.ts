import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  eventually,
  startServiceUnderTest,
  type Answer,
  type SeenEvent,
  type ServiceUnderTest,
} from '@attest/testing';
import { organisations } from '../src/index.js';
import { directoryFollowed } from './directory.js';
import { WINTER_2026 } from './clock.js';
import { aFile } from './files.js';

const OPERATOR = 'first-operator';
const ADMIN = 'icb-admin';
const PRACTICES = Array.from({ length: 60 }, (_, i) => `X${String(i + 1).padStart(5, '0')}`);
let service: ServiceUnderTest;
let memberships: readonly SeenEvent[];

const send = (layout: string, asAt: string, body: string): Promise<Answer> =>
  service.post(OPERATOR, `organisation-files?layout=${layout}&asAt=${asAt}&fileName=${layout}.csv`, body, {
    'content-type': 'text/csv',
  });
const changeAll = (
  changes: readonly object[],
  { as = ADMIN, headers = {}, reason = 'The ICB orders its networks anew.' as unknown } = {},
): Promise<Answer> => service.post(as, 'bulk-membership-changes', { changes, reason }, headers);
const move = (practiceCode: string, leavesPcnCode: string, joinsPcnCode: string, effectiveOn: string) => ({
  practiceCode,
  leavesPcnCode,
  joinsPcnCode,
  effectiveOn,
});
const codesOf = (answer: Answer): unknown => answer.body.results.map(({ code }: { code: string }) => code);
const pcnOn = async (practice: string, date: string): Promise<unknown> =>
  (await service.get(OPERATOR, `practices/${practice}/memberships`)).body
    .filter(({ from, to }: { from: string; to: string | null }) => from <= date && (to === null || to > date))
    .map(({ pcnCode }: { pcnCode: string }) => pcnCode);

beforeAll(async () => {
  service = await startServiceUnderTest(organisations, { BOOTSTRAP_OPERATOR_ID: OPERATOR }, WINTER_2026);
  memberships = await service.topics.collect('pcn-memberships');
  const practice = (code: string, icb = 'QX1') => ({
    practice_code: code,
    icb_code: icb,
    sub_icb_code: `0${icb.at(-1)}X`,
  });
  await send(
    'practices',
    '2025-04-23',
    aFile('practices', [...PRACTICES.map((code) => practice(code)), practice('X90000', 'QX2')]),
  );
  await send(
    'pcns',
    '2024-10-01',
    aFile('pcns', [
      { pcn_code: 'U00001', sub_icb_code: '01X' },
      { pcn_code: 'U00002', sub_icb_code: '01X' },
      { pcn_code: 'U00003', sub_icb_code: '01X', close_date: '2026-03-31' },
      { pcn_code: 'U00007', sub_icb_code: '02X' },
    ]),
  );
  await send(
    'pcn-memberships',
    '2024-10-01',
    aFile('pcn-memberships', [
      ...PRACTICES.map((code) => ({
        practice_code: code,
        practice_sub_icb_code: '01X',
        pcn_code: 'U00001',
        start_date: '2019-10-01',
      })),
      {
        practice_code: 'X90000',
        practice_sub_icb_code: '02X',
        pcn_code: 'U00007',
        start_date: '2019-10-01',
      },
    ]),
  );
  await send(
    'people',
    '2026-07-01',
    aFile(
      'people',
      [
        { person_id: ADMIN, role: 'ORGANISATION_ADMINISTRATION', organisation_code: 'QX1' },
        { person_id: 'viewer', role: 'VIEW', organisation_code: 'QX1' },
      ].map((p) => ({ name: 'A Person', ...p })),
    ),
  );
  await directoryFollowed(service);
  // Later ones are counted from here.
  await eventually(() => memberships.length === 2);
});
afterAll(() => service.close());

describe('many membership changes at once', () => {
  it('move all practices in one transaction, and tell each PCN once with all that moved', async () => {
    const seen = memberships.length;
    const moved = PRACTICES.slice(0, 50);
    const answer = await changeAll(moved.map((code) => move(code, 'U00001', 'U00002', '2026-08-01')));
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ changed: 50, refused: 0 });
    expect(answer.body.results[7]).toMatchObject({ practiceCode: 'X00008', code: 'CHANGED' });
    expect(answer.body.pcns).toEqual([
      {
        pcnCode: 'U00001',
        change: 'left',
        membershipVersion: 2,
        changedFrom: '2026-08-01',
        changedTo: null,
      },
      {
        pcnCode: 'U00002',
        change: 'established',
        membershipVersion: 1,
        changedFrom: '2026-08-01',
        changedTo: null,
      },
    ]);
    expect(await pcnOn('X00050', '2026-08-01')).toEqual(['U00002']);
    expect(await pcnOn('X00051', '2026-08-01')).toEqual(['U00001']);
    await eventually(() => memberships.length === seen + 2);
    const left = memberships.find((event) => event.type === 'pcn-membership.practice-left.v1')!;
    expect(left.data).toMatchObject({ pcnCode: 'U00001', changedPractices: moved });
    expect(left.data.members).toHaveLength(60);
  });

  it('take what can be done and refuse the rest one by one, each with what to do next', async () => {
    const answer = await changeAll([
      move('X00051', 'U00001', 'U00002', '2026-09-01'),
      move('X99999', 'U00001', 'U00002', '2026-09-01'),
      move('X00052', 'U00001', 'U99999', '2026-09-01'),
      move('X00053', 'U00001', 'U00003', '2026-09-01'),
      move('X00054', 'U00002', 'U00001', '2026-09-01'),
      move('X00051', 'U00001', 'U00002', '2026-10-01'),
      move('X90000', 'U00007', 'U00002', '2026-09-01'),
      { practiceCode: 'X00055', effectiveOn: '2026-09-01' },
      move('X00056', 'U00001', 'U00002', '2019-06-30'),
      { practiceCode: 'X00057', joinsPcnCode: 'U00002', effectiveOn: '2026-09-01' },
      { practiceCode: 'X00058', joinsPcnCode: 'U00001', effectiveOn: '2026-09-01' },
    ]);
    expect(answer.status).toBe(201);
    expect(codesOf(answer)).toEqual([
      'CHANGED',
      'PRACTICE_UNKNOWN',
      'PCN_UNKNOWN',
      'ORGANISATION_CLOSED',
      'ALREADY_A_MEMBER',
      'ITEM_REPEATED',
      'PRACTICE_UNKNOWN',
      'NOTHING_TO_CHANGE',
      'EFFECTIVE_ON_OUTSIDE',
      'IN_ANOTHER_PCN',
      'ALREADY_A_MEMBER',
    ]);
    for (const { words } of answer.body.results) expect(words.length).toBeGreaterThan(20);
    expect(answer.body).toMatchObject({ changed: 1, refused: 10 });
    expect(await pcnOn('X00051', '2026-10-02')).toEqual(['U00002']);
    expect(await pcnOn('X90000', '2026-10-02')).toEqual(['U00007']);
  });

  it('change nothing where every item is refused', async () => {
    const before = await versions();
    const answer = await changeAll([move('X00059', 'U00002', 'U00001', '2026-09-01')]);
    expect(answer.body).toMatchObject({ changed: 0, refused: 1, pcns: [] });
    expect(await versions()).toEqual(before);
  });

  it('are answered again, not done again, when they are sent again with their key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const changes = [move('X00059', 'U00001', 'U00002', '2026-09-01')];
    const first = await changeAll(changes, { headers });
    const before = await versions();
    expect((await changeAll(changes, { headers })).body).toEqual(first.body);
    expect(await versions()).toEqual(before);
    const other = await changeAll([{ ...changes[0], effectiveOn: '2026-10-01' }], { headers });
    expect(other.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('that cross each other end in some order, not in a deadlock', async () => {
    const swap = PRACTICES.slice(0, 20);
    const answers = await Promise.all([
      changeAll(swap.map((code) => move(code, 'U00002', 'U00001', '2026-11-01'))),
      changeAll([...swap].reverse().map((code) => move(code, 'U00002', 'U00001', '2026-11-01'))),
    ]);
    expect(answers.map((answer) => answer.body.changed).sort()).toEqual([0, 20]);
  });

  const one = [move('X00060', 'U00001', 'U00002', '2026-09-01')];
  it.each<[string, readonly object[], number, string, object?]>([
    ['that are none', [], 400, 'REQUEST_FAULTY'],
    ['that are too many', Array.from({ length: 2_001 }, () => one[0]!), 400, 'REQUEST_FAULTY'],
    ['with a code that is none', [{ ...one[0], practiceCode: 'x' }], 400, 'REQUEST_FAULTY'],
    ['on no date', [{ ...one[0], effectiveOn: '2026-06-31' }], 400, 'REQUEST_FAULTY'],
    ['with what is not known', [{ ...one[0], force: true }], 400, 'REQUEST_FAULTY'],
    ['without a reason', one, 400, 'REASON_MISSING', { reason: ' ' }],
    ['with an endless reason', one, 400, 'REASON_TOO_LONG', { reason: 'r'.repeat(1001) }],
    ['by somebody who may only look', one, 403, 'ROLE_MISSING', { as: 'viewer' }],
    ['without a key', one, 400, 'IDEMPOTENCY_KEY_MISSING', { headers: { 'idempotency-key': '' } }],
  ])('%s are refused as a whole', async (_name, changes, status, code, options = {}) => {
    const before = await versions();
    const answer = await changeAll(changes, options);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(await versions()).toEqual(before);
  });
});

async function versions(): Promise<object> {
  const { rows } = await service.database.query<object>(`
    SELECT (SELECT sum(version) FROM pcn_membership) AS memberships, (SELECT count(*) FROM membership_spell) AS spells,
           (SELECT count(*) FROM membership_change) AS changes`);
  return rows[0]!;
}
