import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  eventually,
  republished,
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
let service: ServiceUnderTest;
let memberships: readonly SeenEvent[];

const send = (layout: string, asAt: string, body: string): Promise<Answer> =>
  service.post(OPERATOR, `organisation-files?layout=${layout}&asAt=${asAt}&fileName=${layout}.csv`, body, {
    'content-type': 'text/csv',
  });
const change = (body: object, as = ADMIN, headers: Record<string, string> = {}): Promise<Answer> =>
  service.post(as, 'pcn-membership-changes', { reason: 'The partners agreed to move.', ...body }, headers);
const spellsOf = async (practice: string): Promise<unknown> =>
  (await service.get(OPERATOR, `practices/${practice}/memberships`)).body.map(
    ({ pcnCode, from, to }: { pcnCode: string; from: string; to: string | null }) => [pcnCode, from, to],
  );

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
    aFile('practices', [
      practice('X00001'),
      practice('X00002'),
      practice('X00003'),
      practice('X00004'),
      practice('X00007', 'QX2'),
      { ...practice('X00009'), close_date: '2026-05-31', status: 'C' },
    ]),
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
    aFile(
      'pcn-memberships',
      ['X00001', 'X00002', 'X00003', 'X00009'].map((code) => ({
        practice_code: code,
        practice_sub_icb_code: '01X',
        pcn_code: 'U00001',
        start_date: '2019-10-01',
      })),
    ),
  );
  const people = [
    { person_id: ADMIN, role: 'ORGANISATION_ADMINISTRATION', organisation_code: 'QX1' },
    { person_id: 'foreign-admin', role: 'ORGANISATION_ADMINISTRATION', organisation_code: 'QX2' },
    { person_id: 'pcn-admin', role: 'ORGANISATION_ADMINISTRATION', organisation_code: 'U00001' },
    { person_id: 'viewer', role: 'VIEW', organisation_code: 'QX1' },
  ];
  await send(
    'people',
    '2026-07-01',
    aFile(
      'people',
      people.map((p) => ({ name: 'A Person', ...p })),
    ),
  );
  await directoryFollowed(service);
  // Later ones are counted from here.
  await eventually(() => memberships.length === 1);
});
afterAll(() => service.close());

describe('a membership change', () => {
  it('tells both PCNs in one transaction, each with its own version and the dates that changed', async () => {
    const seen = memberships.length;
    const answer = await change({
      practiceCode: 'X00001',
      leavesPcnCode: 'U00001',
      joinsPcnCode: 'U00002',
      effectiveOn: '2026-08-01',
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      practiceCode: 'X00001',
      pcns: [
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
      ],
    });
    expect(await spellsOf('X00001')).toEqual([
      ['U00001', '2019-10-01', '2026-08-01'],
      ['U00002', '2026-08-01', null],
    ]);
    await eventually(() => memberships.length === seen + 2);
    const left = memberships.find((event) => event.type === 'pcn-membership.practice-left.v1')!;
    expect(left.data).toMatchObject({
      pcnCode: 'U00001',
      changedPractices: ['X00001'],
      membershipVersion: 2,
    });
    expect(left.data.members).toHaveLength(4);
  });

  it('is answered again, not done again, when it is sent again with its key', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = { practiceCode: 'X00002', leavesPcnCode: 'U00001', effectiveOn: '2026-09-01' };
    const first = await change(body, ADMIN, key);
    const second = await change(body, ADMIN, key);
    expect(second.body).toEqual(first.body);
    expect(await spellsOf('X00002')).toEqual([['U00001', '2019-10-01', '2026-09-01']]);
    const other = await change({ ...body, effectiveOn: '2026-10-01' }, ADMIN, key);
    expect(other.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it.each<[string, object, number, string, string?]>([
    [
      'of an unknown practice',
      { practiceCode: 'X99999', leavesPcnCode: 'U00001' },
      404,
      'PRACTICE_UNKNOWN',
      OPERATOR,
    ],
    [
      'of a PCN taken for a practice',
      { practiceCode: 'U00001', leavesPcnCode: 'U00001' },
      404,
      'PRACTICE_UNKNOWN',
      OPERATOR,
    ],
    ['to an unknown PCN', { joinsPcnCode: 'U99999', leavesPcnCode: 'U00001' }, 404, 'PCN_UNKNOWN'],
    ['to no PCN at all', {}, 400, 'NOTHING_TO_CHANGE'],
    ['to the same PCN', { leavesPcnCode: 'U00001', joinsPcnCode: 'U00001' }, 400, 'NOTHING_TO_CHANGE'],
    ['from a PCN it is not in', { leavesPcnCode: 'U00002' }, 409, 'NOT_A_MEMBER'],
    ['into its own PCN', { joinsPcnCode: 'U00001' }, 409, 'ALREADY_A_MEMBER'],
    ['into a second PCN', { joinsPcnCode: 'U00002' }, 409, 'IN_ANOTHER_PCN'],
    ['into a closed PCN', { leavesPcnCode: 'U00001', joinsPcnCode: 'U00003' }, 409, 'ORGANISATION_CLOSED'],
    ['of a closed practice', { practiceCode: 'X00009', leavesPcnCode: 'U00001' }, 409, 'ORGANISATION_CLOSED'],
    [
      'before there were PCNs',
      { leavesPcnCode: 'U00001', effectiveOn: '2019-06-30' },
      422,
      'EFFECTIVE_ON_OUTSIDE',
    ],
    ['in a far year', { leavesPcnCode: 'U00001', effectiveOn: '2062-08-01' }, 422, 'EFFECTIVE_ON_OUTSIDE'],
    [
      'on no date of the calendar',
      { leavesPcnCode: 'U00001', effectiveOn: '2026-06-31' },
      400,
      'REQUEST_FAULTY',
    ],
    ['without a reason', { leavesPcnCode: 'U00001', reason: ' ' }, 400, 'REASON_MISSING'],
    ['with no reason at all', { leavesPcnCode: 'U00001', reason: undefined }, 400, 'REASON_MISSING'],
    ['with an endless reason', { leavesPcnCode: 'U00001', reason: 'r'.repeat(1001) }, 400, 'REASON_TOO_LONG'],
    [
      'with an NHS number for a reason',
      { leavesPcnCode: 'U00001', reason: 'because of 674 442 4270' },
      422,
      'PATIENT_IDENTIFIER_FOUND',
    ],
    [
      'by the administrator of another ICB',
      { leavesPcnCode: 'U00001' },
      404,
      'PRACTICE_UNKNOWN',
      'foreign-admin',
    ],
    [
      'by the administrator of one of two PCNs',
      { leavesPcnCode: 'U00001', joinsPcnCode: 'U00002' },
      403,
      'NOT_YOUR_ORGANISATION',
      'pcn-admin',
    ],
    ['by somebody who may only look', { leavesPcnCode: 'U00001' }, 403, 'ROLE_MISSING', 'viewer'],
    ['with a code that is none', { practiceCode: 'x', leavesPcnCode: 'U00001' }, 400, 'REQUEST_FAULTY'],
    ['with a property that is not known', { leavesPcnCode: 'U00001', force: true }, 400, 'REQUEST_FAULTY'],
  ])('%s is refused and changes nothing', async (_name, body, status, code, as = ADMIN) => {
    if (as === OPERATOR)
      await service.post(OPERATOR, 'role-assignments', {
        personId: OPERATOR,
        role: 'ORGANISATION_ADMINISTRATION',
        organisationCode: 'ENGLAND',
        from: '2020-01-01',
      });
    if (as === OPERATOR)
      await eventually(
        async () =>
          (
            await service.database.query(
              `SELECT 1 FROM directory_role WHERE person_id = $1 AND role = 'ORGANISATION_ADMINISTRATION'`,
              [OPERATOR],
            )
          ).rowCount === 1,
      );
    const before = await versions();
    const answer = await change({ practiceCode: 'X00003', effectiveOn: '2026-08-01', ...body }, as);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(await versions()).toEqual(before);
  });

  it('needs an Idempotency-Key', async () => {
    const answer = await change(
      { practiceCode: 'X00003', leavesPcnCode: 'U00001', effectiveOn: '2026-08-01' },
      ADMIN,
      { 'idempotency-key': '' },
    );
    expect(answer.body.code).toBe('IDEMPOTENCY_KEY_MISSING');
  });

  it('of one practice into two PCNs at once is done once', async () => {
    const join = (pcn: string): Promise<Answer> =>
      change({ practiceCode: 'X00004', joinsPcnCode: pcn, effectiveOn: '2026-08-01' });
    const answers = await Promise.all([join('U00001'), join('U00002'), join('U00001'), join('U00002')]);
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(3);
    expect(await spellsOf('X00004')).toHaveLength(1);
  });

  it('crossing another between the same PCNs ends in some order, not in a deadlock', async () => {
    const move = (from: string, to: string, practice: string): Promise<Answer> =>
      change({ practiceCode: practice, leavesPcnCode: from, joinsPcnCode: to, effectiveOn: '2026-10-01' });
    const answers = await Promise.all([
      move('U00001', 'U00002', 'X00003'),
      move('U00002', 'U00001', 'X00001'),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([201, 201]);
  });

  it('recorded after a file wins over it, and a later file wins over the change', async () => {
    const list = (asAt: string, pcn: string): Promise<Answer> =>
      send(
        'practice-pcn-icb',
        asAt,
        aFile('practice-pcn-icb', [
          { practice_code: 'X00007', icb_code: 'QX2', sub_icb_code: '02X', pcn_code: pcn },
        ]),
      );
    await list('2026-07-01', 'U00007');
    expect(await spellsOf('X00007')).toEqual([['U00007', '2026-07-01', null]]);
    await change(
      { practiceCode: 'X00007', leavesPcnCode: 'U00007', effectiveOn: '2026-07-15' },
      'foreign-admin',
    );
    expect(await spellsOf('X00007')).toEqual([['U00007', '2026-07-01', '2026-07-15']]);
    await list('2026-09-01', 'U00007');
    expect(await spellsOf('X00007')).toEqual([
      ['U00007', '2026-07-01', '2026-07-15'],
      ['U00007', '2026-09-01', null],
    ]);
  });
});

describe('who sees what', () => {
  it.each([
    ['foreign-admin', 'organisations/X00001', 404],
    ['foreign-admin', 'pcns/U00001/members', 404],
    ['foreign-admin', 'practices/X00001/memberships', 404],
    ['foreign-admin', 'organisations/X00007', 200],
    ['viewer', 'organisations/X00001', 200],
    ['viewer', 'organisations/ENGLAND', 404],
    ['viewer', 'role-assignments', 403],
    ['pcn-admin', 'organisation-files', 403],
    [OPERATOR, 'organisations/X99999', 404],
    [OPERATOR, 'pcns/X00001/members', 404],
  ])('%s asks for %s: %i', async (person, path, status) => {
    expect((await service.get(person, path)).status).toBe(status);
  });

  it('lists what lies below the caller, page by page', async () => {
    const codes: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Answer = await service.get(
        'viewer',
        `organisations?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      codes.push(...page.body.items.map((o: { code: string }) => o.code));
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    expect(codes).toEqual([
      'QX1',
      'U00001',
      'U00002',
      'U00003',
      'X00001',
      'X00002',
      'X00003',
      'X00004',
      'X00009',
    ]);
    const open = await service.get('viewer', 'organisations?kind=practice&openOn=2026-08-01&name=made-UP');
    expect(open.body.items).toHaveLength(4);
  });

  it('only operators appoint operators, and an ended role stops working', async () => {
    const give = (as: string, body: object): Promise<Answer> =>
      service.post(as, 'role-assignments', { from: '2020-01-01', ...body });
    expect(
      (await give(ADMIN, { personId: 'x', role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' })).body
        .code,
    ).toBe('NOT_YOUR_ORGANISATION');
    expect(
      (await give(OPERATOR, { personId: 'x', role: 'NATIONAL_OPERATOR', organisationCode: 'X00001' })).body
        .code,
    ).toBe('ROLE_NOT_THERE');
    expect((await give(ADMIN, { personId: 'x', role: 'VIEW', organisationCode: 'X00007' })).body.code).toBe(
      'ORGANISATION_UNKNOWN',
    );
    expect(
      (await give(OPERATOR, { personId: 'x', role: 'VIEW', organisationCode: 'X99999' })).body.code,
    ).toBe('ORGANISATION_UNKNOWN');
    expect(
      (await give(ADMIN, { personId: 'x', role: 'VIEW', organisationCode: 'X00001', to: '2019-01-01' })).body
        .code,
    ).toBe('DATES_REVERSED');
    const given = await give(ADMIN, {
      personId: 'newcomer',
      name: 'N',
      role: 'VIEW',
      organisationCode: 'X00001',
    });
    expect(given.body).toMatchObject({ personId: 'newcomer', assignmentVersion: 1 });
    await eventually(async () => (await service.get('newcomer', 'organisations/X00001')).status === 200);
    const ended = await service.post(ADMIN, `role-assignments/${given.body.assignmentId}/end`, {
      on: '2020-01-02',
    });
    expect(ended.body).toMatchObject({ to: '2020-01-02', assignmentVersion: 2 });
    await eventually(async () => (await service.get('newcomer', 'organisations/X00001')).status === 403);
    const listed = await service.get(ADMIN, 'role-assignments?personId=newcomer');
    expect(listed.body.items).toMatchObject([{ personName: 'N', to: '2020-01-02' }]);
    expect(
      (await service.post(ADMIN, `role-assignments/${randomUUID()}/end`, { on: '2020-01-02' })).body.code,
    ).toBe('ASSIGNMENT_UNKNOWN');
  });
});

it('every version of every PCN is told again as it was told, in its order', async () => {
  const told = await republished(service, 'pcn-memberships');
  const versionOf = ({ key, data }: Pick<SeenEvent, 'key' | 'data'>) => `${key} ${data.membershipVersion}`;
  // The first of each version on the topic is the one that was told when it happened.
  const said = new Map([...memberships].reverse().map((event) => [versionOf(event), event]));
  expect(told.length).toBeGreaterThan(1);
  expect(told.map(versionOf)).toEqual([...new Set(told.map(versionOf))]);
  for (const event of told)
    expect(said.get(versionOf(event))).toMatchObject({ type: event.type, data: event.data });
  expect(said.size).toBe(told.length);
});

async function versions(): Promise<object> {
  const { rows } = await service.database.query<object>(`
    SELECT (SELECT sum(version) FROM pcn_membership) AS memberships, (SELECT count(*) FROM membership_spell) AS spells,
           (SELECT count(*) FROM membership_change) AS changes`);
  return rows[0]!;
}
