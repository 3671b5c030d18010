import { gzipSync } from 'node:zlib';
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
let service: ServiceUnderTest;
let published: readonly SeenEvent[];
let memberships: readonly SeenEvent[];

const send = (
  layout: string,
  asAt: string,
  body: string | Uint8Array,
  { as = OPERATOR, type = 'text/csv', fileName = `${layout}.csv` } = {},
): Promise<Answer> =>
  service.post(
    as,
    `organisation-files?layout=${layout}&asAt=${asAt}&fileName=${encodeURIComponent(fileName)}`,
    body,
    {
      'content-type': type,
    },
  );

const PRACTICES = aFile('practices', [
  { practice_code: 'X00001', open_date: '1974-04-01' },
  { practice_code: 'X00002' },
  { practice_code: 'X00003', icb_code: 'QX0', close_date: '2017-10-31', status: 'C' },
  { practice_code: 'X00004', prescribing_setting: '10' },
  { practice_code: 'X00005', region_code: 'W00' },
]);
const MEMBERSHIPS = aFile('pcn-memberships', [
  { practice_code: 'X00001', pcn_code: 'U00001', start_date: '2019-10-01' },
  { practice_code: 'X00002', pcn_code: 'U00001', start_date: '2019-10-01', end_date: '2022-07-01' },
  { practice_code: 'X00002', pcn_code: 'U00002', start_date: '2022-07-01' },
]);
const LOCATIONS = aFile('practice-pcn-icb', [
  { practice_code: 'X00001', pcn_code: 'U00001', registered_patients: 5000 },
  { practice_code: 'X00002', pcn_code: 'U00001', registered_patients: 7000 },
  { practice_code: 'X00006', pcn_code: 'U' },
]);

beforeAll(async () => {
  service = await startServiceUnderTest(
    organisations,
    {
      BOOTSTRAP_OPERATOR_ID: OPERATOR,
      ORGANISATION_FILE_MAX_BYTES: '100000',
    },
    WINTER_2026,
  );
  published = await service.topics.collect('organisations');
  memberships = await service.topics.collect('pcn-memberships');
});
afterAll(() => service.close());

describe('before any file', () => {
  it('England, the agency and the first operator are published', async () => {
    await eventually(() => published.length >= 3);
    expect(published.map((event) => [event.type, event.key])).toEqual(
      expect.arrayContaining([
        ['organisation.registered.v1', 'ENGLAND'],
        ['organisation.registered.v1', 'PCSE'],
        ['role-assignment.recorded.v1', 'ENGLAND'],
      ]),
    );
  });
});

describe('organisation files', () => {
  it('practices are registered under their ICB; hospitals and Wales are skipped', async () => {
    const answer = await send('practices', '2025-04-23', PRACTICES);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      rows: 5,
      accepted: 3,
      skipped: 2,
      rejected: 0,
      notes: { notAPractice: 1, notInEngland: 1 },
      repeated: false,
    });
    const practice = await service.get(OPERATOR, 'organisations/X00003');
    expect(practice.body).toMatchObject({
      commissionerCode: 'QX0',
      ancestors: ['QX0', 'Y99', 'ENGLAND'],
      closeOn: '2017-11-01',
      organisationVersion: 1,
    });
    await eventually(() => published.some((event) => event.key === 'X00003'));
  });

  it('memberships are established, and overlaps are counted', async () => {
    const answer = await send('pcn-memberships', '2024-10-01', gzipSync(MEMBERSHIPS), {
      type: 'application/gzip',
    });
    expect(answer.body).toMatchObject({
      rows: 3,
      accepted: 3,
      notes: { spellsSharingADay: 1, overlappingSpells: 0, pcnsEstablished: 2 },
    });
    await eventually(() => memberships.length === 2);
    const first = memberships.find((event) => event.key === 'U00001')!;
    expect(first.type).toBe('pcn-membership.established.v1');
    expect(first.data).toEqual({
      pcnCode: 'U00001',
      membershipVersion: 1,
      members: [
        { practiceCode: 'X00001', from: '2019-10-01', to: null },
        { practiceCode: 'X00002', from: '2019-10-01', to: '2022-07-01' },
      ],
      changedPractices: ['X00001', 'X00002'],
      changedFrom: '2019-10-01',
      changedTo: null,
    });
  });

  it('a later list wins from its date on, names ICBs and list sizes, and what disagrees is counted', async () => {
    const answer = await send('practice-pcn-icb', '2026-07-01', LOCATIONS);
    expect(answer.body).toMatchObject({
      rows: 3,
      accepted: 3,
      notes: {
        inTheSamePcn: 1,
        inAnotherPcn: 1,
        notKnownBefore: 1,
        unallocated: 1,
        pcnsJoined: 1,
        pcnsLeft: 1,
      },
    });
    await eventually(() => memberships.length === 4);
    expect(
      memberships.slice(2).map((event) => [event.type, event.data.pcnCode, event.data.membershipVersion]),
    ).toEqual(
      expect.arrayContaining([
        ['pcn-membership.practice-joined.v1', 'U00001', 2],
        ['pcn-membership.practice-left.v1', 'U00002', 2],
      ]),
    );
    expect(memberships.at(-1)!.data).toMatchObject({
      changedPractices: ['X00002'],
      changedFrom: '2026-07-01',
      changedTo: null,
    });
    expect((await service.get(OPERATOR, 'practices/X00002/memberships')).body).toEqual([
      { pcnCode: 'U00001', name: 'Made-up PCN', from: '2019-10-01', to: '2022-07-01' },
      { pcnCode: 'U00002', name: 'Made-up PCN', from: '2022-07-01', to: '2026-07-01' },
      { pcnCode: 'U00001', name: 'Made-up PCN', from: '2026-07-01', to: null },
    ]);
    expect((await service.get(OPERATOR, 'organisations/X00001')).body).toMatchObject({
      listSizes: [{ listSizeOn: '2026-07-01', registeredPatients: 5000 }],
      payee: { payeeCode: 'X00001', accountReference: 'ATTEST-X00001' },
    });
    // The abolished ICB's sub-ICB is now held by another, and so is its closed practice.
    expect((await service.get(OPERATOR, 'organisations/X00003')).body.commissionerCode).toBe('QX1');
    expect((await service.get(OPERATOR, 'organisations/QX0')).body.closeOn).toBe('2026-07-01');
    const members = await service.get(OPERATOR, 'pcns/U00001/members?asAt=2026-07-31');
    expect(
      members.body.items.map((m: { practiceCode: string; registeredPatients: number }) => [
        m.practiceCode,
        m.registeredPatients,
      ]),
    ).toEqual([
      ['X00001', 5000],
      ['X00002', 7000],
    ]);
  });

  it('the same file twice changes nothing', async () => {
    const before = await counts();
    const first = await send('practice-pcn-icb', '2026-07-01', LOCATIONS);
    expect(first.body).toMatchObject({ repeated: true, changed: 0, rows: 3 });
    expect(await counts()).toEqual(before);
  });

  it('a corrected file of the same date replaces what the first one said', async () => {
    const corrected = LOCATIONS.replace('1000', '1234');
    const answer = await send('practice-pcn-icb', '2026-07-01', corrected);
    expect(answer.body).toMatchObject({ repeated: false, changed: 1 });
    expect((await service.get(OPERATOR, 'organisations/X00006')).body).toMatchObject({
      listSizes: [{ listSizeOn: '2026-07-01', registeredPatients: 1234 }],
      organisationVersion: 2,
    });
  });

  it('people may act from the day that their file says', async () => {
    const file = aFile('people', [
      {
        person_id: 'icb-admin',
        name: 'A Person',
        role: 'ORGANISATION_ADMINISTRATION',
        organisation_code: 'QX1',
      },
      { person_id: 'practice-person', name: 'B Person', role: 'VIEW', organisation_code: 'X00001' },
      { person_id: 'lost-person', name: 'C Person', role: 'VIEW', organisation_code: 'X99999' },
    ]);
    const answer = await send('people', '2026-07-01', file);
    expect(answer.body).toMatchObject({ rows: 3, accepted: 2, rejected: 1, changed: 2 });
    const rejected = await service.get(OPERATOR, `organisation-files/${answer.body.fileId}/rejected-rows`);
    expect(rejected.body.items).toEqual([
      expect.objectContaining({
        line: 4,
        code: 'ORGANISATION_UNKNOWN',
        original: 'lost-person,C Person,VIEW,X99999,2020-04-01,',
      }),
    ]);
    await directoryFollowed(service);
    expect((await service.get('practice-person', 'organisations/X00001')).status).toBe(200);
  });
});

describe('a file as its publisher sends it', () => {
  it('is taken as ours is: epraccur, 27 columns and no header, with blank rows behind', async () => {
    const row = (
      code: string,
      region: string,
      opened: string,
      closed: string,
      status: string,
      setting: string,
    ) =>
      `"${code}","A made-up practice","${region}","QX0","1 Road","","","","","X1 1XX","${opened}","${closed}","${status}","B","00X","20200401","","01632 960000","","","","0","","00X","","${setting}",""`;
    const rows = [
      row('X00001', 'Y00', '19740401', '', 'A', '4'),
      row('X00003', 'Y00', '19740401', '20171031', 'C', '4'),
      row('X00005', 'W00', '19740401', '', 'A', '4'),
    ];
    const blank = Array.from({ length: 300 }, () => ','.repeat(26));
    // Older than what stands, so it moves nothing.
    const answer = await send('practices', '2015-01-01', `${[...rows, ...blank].join('\r\n')}\r\n`, {
      fileName: 'epraccur.csv',
      type: 'application/vnd.ms-excel',
    });
    expect([answer.status, answer.body]).toMatchObject([
      201,
      { rows: 3, accepted: 2, rejected: 0, skipped: 1, notes: { blankRows: 300 } },
    ]);
  });
});

describe('a file that cannot be taken', () => {
  const row = { practice_code: 'X00009' };
  const good = aFile('practices', [row]);
  beforeAll(() => directoryFollowed(service));

  it.each<
    [string, string, string | Uint8Array, { type?: string; fileName?: string; as?: string }, number, string]
  >([
    ["has another layout's first line", 'pcns', good, {}, 422, 'FILE_HEADER_WRONG'],
    ['has no first line', 'practices', '', {}, 422, 'FILE_HEADER_WRONG'],
    ['has no rows', 'practices', aFile('practices', []), {}, 422, 'FILE_EMPTY'],
    [
      'is cut off',
      'practices',
      gzipSync(good.repeat(50)).subarray(0, 60),
      { type: 'application/gzip' },
      422,
      'FILE_TRUNCATED',
    ],
    ['is said to be gzip and is not', 'practices', good, { type: 'application/gzip' }, 422, 'FILE_TRUNCATED'],
    [
      'is not UTF-8',
      'practices',
      Buffer.from(good.replace('Made-up', 'Caf\u00e9'), 'latin1'),
      {},
      422,
      'FILE_NOT_UTF8',
    ],
    ['is too large', 'practices', good + '\n'.repeat(100_000), {}, 413, 'FILE_TOO_LARGE'],
    [
      'is too large when unpacked',
      'practices',
      gzipSync(good + '\n'.repeat(200_000)),
      { type: 'application/gzip' },
      413,
      'FILE_TOO_LARGE',
    ],
    ['has an endless row', 'practices', `${good}"${'y'.repeat(9_000)}`, {}, 422, 'ROW_TOO_LONG'],
    [
      'holds an NHS number',
      'practices',
      aFile('practices', [{ ...row, name: 'see 674 442 4270' }]),
      {},
      422,
      'PATIENT_IDENTIFIER_FOUND',
    ],
    [
      'has an NHS number for a name',
      'practices',
      good,
      { fileName: '6744424270.csv' },
      422,
      'PATIENT_IDENTIFIER_FOUND',
    ],
    ['has a layout that nobody knows', 'pharmacies', good, {}, 400, 'REQUEST_FAULTY'],
    ['is JSON', 'practices', '{}', { type: 'application/json' }, 415, 'FILE_EXPECTED'],
    [
      'comes from somebody without the role',
      'practices',
      good,
      { as: 'practice-person' },
      403,
      'ROLE_MISSING',
    ],
    [
      'comes from the administrator of one ICB',
      'practices',
      good,
      { as: 'icb-admin' },
      403,
      'NOT_YOUR_ORGANISATION',
    ],
  ])('%s', async (_name, layout, body, options, status, code) => {
    const before = await counts();
    const answer = await send(layout, '2026-08-01', body, options);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(await counts()).toEqual(before);
  });

  it.each([
    ['is dated tomorrow', '2026-12-01'],
    ['is dated 2062 for 2026', '2062-04-30'],
    ['is dated year 9998', '9998-12-31'],
    ['is dated year 1', '0001-01-01'],
    ['is dated before the oldest open year', '2014-03-31'],
  ])('%s', async (_name, asAt) => {
    const before = await counts();
    expect((await send('practices', asAt, good)).body).toMatchObject({
      code: 'AS_AT_OUTSIDE',
      facts: { asAt, earliest: '2014-04-01', latest: '2026-11-30' },
    });
    expect(await counts()).toEqual(before);
  });

  it.each([
    ['has a last row with too few columns', `${good}X00010,A Made-up`],
    ['has one also with a line end behind it', `${good}X00010,A Made-up\n`],
    ['ends inside a quotation', `${good}X00010,"A Made-up`],
    ['has a last row that cannot be read and does not end', good.slice(0, -2)],
  ])('%s', async (_name, body) => {
    const before = await counts();
    expect((await send('practices', '2026-08-01', body)).body).toMatchObject({ code: 'FILE_CUT_OFF' });
    expect(await counts()).toEqual(before);
  });

  it('is dated by no date of the calendar', async () => {
    expect((await send('practices', '2026-02-30', good)).body.code).toBe('REQUEST_FAULTY');
  });
});

describe('a row that cannot be taken is kept with its line, reason and text', () => {
  type Bad = [
    name: string,
    layout: 'practices' | 'pcns' | 'pcn-memberships' | 'practice-pcn-icb' | 'people',
    row: object,
    code: string,
  ];
  const member = { practice_code: 'X00001', pcn_code: 'U00001', start_date: '2019-10-01' };
  const person = { person_id: 'p', name: 'P', role: 'VIEW', organisation_code: 'X00001' };

  it.each<Bad>([
    ['a code in lower case', 'practices', { practice_code: 'x00001' }, 'CODE_FORMAT'],
    ['a code that is reserved', 'practices', { practice_code: 'ENGLAND' }, 'CODE_FORMAT'],
    ['no name', 'practices', { practice_code: 'X00001', name: ' ' }, 'NAME_MISSING'],
    ['an endless name', 'practices', { practice_code: 'X00001', name: 'n'.repeat(201) }, 'NAME_TOO_LONG'],
    ['30 February', 'practices', { practice_code: 'X00001', open_date: '2020-02-30' }, 'DATE_FORMAT'],
    [
      'a date of the other order',
      'practices',
      { practice_code: 'X00001', open_date: '01/04/2020' },
      'DATE_FORMAT',
    ],
    [
      'closed before it opened',
      'practices',
      { practice_code: 'X00001', open_date: '2020-04-01', close_date: '2019-03-31' },
      'DATES_REVERSED',
    ],
    ['an unknown status', 'practices', { practice_code: 'X00001', status: 'Z' }, 'STATUS_UNKNOWN'],
    ['no setting', 'practices', { practice_code: 'X00001', prescribing_setting: 'GP' }, 'SETTING_FORMAT'],
    ['too many fields', 'practices', { practice_code: 'X00001,' }, 'COLUMN_COUNT'],
    ['a stray quotation mark', 'practices', { practice_code: 'X00001', name: 'a"b' }, 'ROW_MALFORMED'],
    ['a PCN without a code', 'pcns', { pcn_code: '' }, 'CODE_FORMAT'],
    ['a spell without a start', 'pcn-memberships', { ...member, start_date: '' }, 'DATE_FORMAT'],
    [
      'a spell that ends before it starts',
      'pcn-memberships',
      { ...member, end_date: '2019-09-01' },
      'DATES_REVERSED',
    ],
    [
      'a negative list',
      'practice-pcn-icb',
      { practice_code: 'X00001', pcn_code: 'U', registered_patients: -1 },
      'COUNT_FORMAT',
    ],
    [
      'a list with decimals',
      'practice-pcn-icb',
      { practice_code: 'X00001', pcn_code: 'U', registered_patients: '10.5' },
      'COUNT_FORMAT',
    ],
    [
      'a huge list',
      'practice-pcn-icb',
      { practice_code: 'X00001', pcn_code: 'U', registered_patients: '999999999' },
      'COUNT_FORMAT',
    ],
    [
      'no list',
      'practice-pcn-icb',
      { practice_code: 'X00001', pcn_code: 'U', registered_patients: '' },
      'COUNT_FORMAT',
    ],
    ['a person with spaces', 'people', { ...person, person_id: 'a b' }, 'PERSON_ID_FORMAT'],
    ['an unknown role', 'people', { ...person, role: 'KING' }, 'ROLE_UNKNOWN'],
    ['an operator of one practice', 'people', { ...person, role: 'NATIONAL_OPERATOR' }, 'ROLE_NOT_THERE'],
    [
      'a role that ends before it begins',
      'people',
      { ...person, from: '2026-01-01', to: '2026-01-01' },
      'DATES_REVERSED',
    ],
  ])('%s', async (_name, layout, row, code) => {
    // As at a date before all others, so that nothing that is known changes.
    const answer = await send(layout, '2015-01-01', aFile(layout, [row]));
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ rows: 1, accepted: 0, rejected: 1 });
    const rejected = await service.get(OPERATOR, `organisation-files/${answer.body.fileId}/rejected-rows`);
    expect(rejected.body.items).toEqual([
      { line: 2, code, reason: expect.any(String), original: aFile(layout, [row]).split('\n')[1] },
    ]);
  });

  it('a row that is there twice', async () => {
    const file = aFile('practices', [{ practice_code: 'X00001' }, { practice_code: 'X00001' }]);
    const answer = await send('practices', '2015-01-02', file);
    expect(answer.body).toMatchObject({ accepted: 1, rejected: 1 });
    const rejected = await service.get(
      OPERATOR,
      `organisation-files/${answer.body.fileId}/rejected-rows?limit=1`,
    );
    expect(rejected.body.items).toMatchObject([{ line: 3, code: 'ROW_DUPLICATE' }]);
  });
});

async function counts(): Promise<object> {
  const { rows } = await service.database.query<object>(`
    SELECT (SELECT count(*) FROM organisation_file) AS files, (SELECT count(*) FROM rejected_row) AS rejected,
           (SELECT count(*) FROM practice_record) AS records, (SELECT sum(version) FROM organisation) AS versions,
           (SELECT sum(version) FROM pcn_membership) AS memberships, (SELECT count(*) FROM membership_spell) AS spells,
           (SELECT count(*) FROM role_assignment) AS roles`);
  return rows[0]!;
}
