import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServiceUnderTest, type Answer, type ServiceUnderTest } from '@attest/testing';
import { organisations } from '../src/index.js';
import { WINTER_2026 } from './clock.js';
import { aFile } from './files.js';

const OPERATOR = 'first-operator';
let service: ServiceUnderTest;

const send = (layout: string, asAt: string, body: string): Promise<Answer> =>
  service.post(OPERATOR, `organisation-files?layout=${layout}&asAt=${asAt}&fileName=${layout}.csv`, body, {
    'content-type': 'text/csv',
  });
const spellsOf = async (code: string): Promise<unknown> =>
  (await service.get(OPERATOR, `practices/${code}/memberships`)).body.map(
    ({ pcnCode, from, to }: { pcnCode: string; from: string; to: string | null }) => [pcnCode, from, to],
  );
const organisation = async (code: string): Promise<Answer['body']> =>
  (await service.get(OPERATOR, `organisations/${code}`)).body;
const toldOf = async ({ body }: Answer): Promise<unknown> =>
  (await service.get(OPERATOR, `organisation-files/${body.fileId}/rejected-rows`)).body.items.map(
    ({ line, code }: { line: number; code: string }) => [line, code],
  );
/** Everything that is published of practices and PCNs. */
const published = async (): Promise<object> => {
  const { rows } = await service.database.query<object>(`
    SELECT (SELECT jsonb_agg(to_jsonb(o) ORDER BY code) FROM organisation o) AS organisations,
           (SELECT jsonb_agg(to_jsonb(s) ORDER BY pcn_code, practice_code, from_on) FROM membership_spell s) AS spells`);
  return rows[0]!;
};

const CODES = ['X00001', 'X00002', 'X00003'];
const PRACTICES = CODES.map((practice_code) => ({ practice_code, icb_code: 'QX1', sub_icb_code: '99X' }));
const MEMBERS = CODES.map((practice_code) => ({
  practice_code,
  pcn_code: 'U00001',
  start_date: '2019-10-01',
}));
const LISTED = CODES.map((practice_code) => ({
  practice_code,
  pcn_code: 'U00001',
  registered_patients: 4000,
}));
const HISTORY = [['U00001', '2019-10-01', null]];

beforeAll(async () => {
  service = await startServiceUnderTest(organisations, { BOOTSTRAP_OPERATOR_ID: OPERATOR }, WINTER_2026);
  await send('practices', '2024-09-01', aFile('practices', PRACTICES));
  await send('pcn-memberships', '2024-10-01', aFile('pcn-memberships', MEMBERS));
  await send('practice-pcn-icb', '2026-07-01', aFile('practice-pcn-icb', LISTED));
});
afterAll(() => service.close());

describe('a row that cannot be read never takes anything away', () => {
  const [first, second, third] = LISTED as [(typeof LISTED)[0], (typeof LISTED)[0], (typeof LISTED)[0]];

  it.each<[string, object, string]>([
    ['a count with a thousands separator', { registered_patients: '"3,733"' }, 'COUNT_FORMAT'],
    ['no count', { registered_patients: '' }, 'COUNT_FORMAT'],
    ['a PCN code in lower case', { pcn_code: 'u00001' }, 'CODE_FORMAT'],
    ['an ICB code that is none', { icb_code: '-' }, 'CODE_FORMAT'],
    ['no name', { practice_name: ' ' }, 'NAME_MISSING'],
  ])('a listed practice whose row has %s stays a member', async (_name, fault, code) => {
    const answer = await send(
      'practice-pcn-icb',
      '2026-08-01',
      aFile('practice-pcn-icb', [first, { ...second, ...fault }, third]),
    );
    expect(await toldOf(answer)).toEqual([[3, code]]);
    expect(answer.body.notes).toMatchObject({ noLongerNamed: 0, pcnsLeft: 0, pcnsCorrected: 0 });
    expect(await spellsOf('X00002')).toEqual(HISTORY);
  });

  it('a practice whose code itself cannot be read makes the absence of all mean nothing', async () => {
    const answer = await send(
      'practice-pcn-icb',
      '2026-08-01',
      aFile('practice-pcn-icb', [first, { ...second, practice_code: 'x00002' }]),
    );
    expect(await toldOf(answer)).toEqual([[3, 'CODE_FORMAT']]);
    expect(answer.body.notes).toMatchObject({ absenceMeansNothing: 1 });
    for (const code of CODES) expect(await spellsOf(code)).toEqual(HISTORY);
    expect((await organisation('QX1')).closeOn).toBeNull();
  });

  it('a blank row of a spreadsheet names nobody: absence counts', async () => {
    const answer = await send(
      'practice-pcn-icb',
      '2026-07-02',
      `${aFile('practice-pcn-icb', [first, third])},,,,,,,,,,\n  \n`,
    );
    expect(answer.body).toMatchObject({ accepted: 2, notes: { absenceMeansNothing: 0, noLongerNamed: 1 } });
    await send('practice-pcn-icb', '2026-07-02', aFile('practice-pcn-icb', LISTED));
  });

  it('nor does the only row of a commissioner close it', async () => {
    await send(
      'practice-pcn-icb',
      '2026-08-02',
      aFile('practice-pcn-icb', [first, second, { ...third, icb_code: 'QX2', registered_patients: 4000 }]),
    );
    expect((await organisation('QX2')).closeOn).toBeNull();
    await send(
      'practice-pcn-icb',
      '2026-08-03',
      aFile('practice-pcn-icb', [first, second, { ...third, icb_code: 'QX2', registered_patients: '4 000' }]),
    );
    expect((await organisation('QX2')).closeOn).toBeNull();
    expect((await organisation('X00003')).commissionerCode).toBe('QX2');
  });

  it('what an earlier file of its date said stands where the corrected one cannot be read', async () => {
    const sizes = async (): Promise<unknown> =>
      (await organisation('X00002')).listSizes.find(
        (size: { listSizeOn: string }) => size.listSizeOn === '2026-08-04',
      );
    await send(
      'practice-pcn-icb',
      '2026-08-04',
      aFile('practice-pcn-icb', [first, { ...second, registered_patients: 3733 }, third]),
    );
    await send(
      'practice-pcn-icb',
      '2026-08-04',
      aFile('practice-pcn-icb', [first, { ...second, registered_patients: '3.733' }, third]),
    );
    expect(await sizes()).toMatchObject({ registeredPatients: 3733 });
    // A whole file without the row does take it away.
    await send('practice-pcn-icb', '2026-08-04', aFile('practice-pcn-icb', [first, third]));
    expect(await sizes()).toBeUndefined();
    expect(await spellsOf('X00002')).toEqual([['U00001', '2019-10-01', '2026-08-04']]);
    await send('practice-pcn-icb', '2026-08-04', aFile('practice-pcn-icb', LISTED));
    expect(await spellsOf('X00002')).toEqual(HISTORY);
  });

  it('a history with one faulty row is no history of that practice, and its other rows say so', async () => {
    const answer = await send(
      'pcn-memberships',
      '2024-10-01',
      aFile('pcn-memberships', [
        MEMBERS[0]!,
        { practice_code: 'X00002', pcn_code: 'U00001', start_date: '2019-10-01', end_date: '2022-03-31' },
        { practice_code: 'X00002', pcn_code: 'U00001', start_date: '01/04/2022' },
        MEMBERS[2]!,
      ]),
    );
    expect(await toldOf(answer)).toEqual([
      [3, 'ROW_BESIDE_FAULTY'],
      [4, 'DATE_FORMAT'],
    ]);
    for (const code of CODES) expect(await spellsOf(code)).toEqual(HISTORY);
  });

  it.each<[string, string, string]>([
    ['whose code cannot be read', 'x00002,A,99X,U00001,B,99X,2022-04-01,,1', 'CODE_FORMAT'],
    ['of which a comma makes a column', 'X00002,A, B,99X,U00001,C,99X,2022-04-01,,1', 'COLUMN_COUNT'],
  ])('a history beside a row %s ends no spell', async (_which, row, code) => {
    const ended = { ...MEMBERS[1]!, end_date: '2022-03-31' };
    const file = aFile('pcn-memberships', [MEMBERS[0]!, ended, MEMBERS[2]!]);
    const answer = await send('pcn-memberships', '2024-10-01', `${file}${row}\n`);
    expect(await toldOf(answer)).toEqual([[5, code]]);
    for (const practice of CODES) expect(await spellsOf(practice)).toEqual(HISTORY);
  });

  it('a closed practice whose newer row cannot be read stays closed', async () => {
    const closed = { ...PRACTICES[2]!, close_date: '2026-08-31', status: 'C' };
    await send('practices', '2026-09-01', aFile('practices', [PRACTICES[0]!, PRACTICES[1]!, closed]));
    expect((await organisation('X00003')).closeOn).toBe('2026-09-01');
    await send(
      'practices',
      '2026-09-01',
      aFile('practices', [PRACTICES[0]!, PRACTICES[1]!, { ...closed, close_date: '31/08/2026' }]),
    );
    expect((await organisation('X00003')).closeOn).toBe('2026-09-01');
    await send('practices', '2026-09-01', aFile('practices', PRACTICES));
    expect((await organisation('X00003')).closeOn).toBeNull();
  });
});

/** The newest of each layout that stands, so that a file of this date would replace what is known. */
const DATES = {
  practices: '2026-09-01',
  pcns: '2026-09-01',
  'pcn-memberships': '2024-10-01',
  'practice-pcn-icb': '2026-08-04',
};

describe('two rows that contradict each other are both told and change nothing', () => {
  it.each<[string, 'practices' | 'pcns' | 'pcn-memberships' | 'practice-pcn-icb', object[], number[]]>([
    [
      'practices',
      'practices',
      [PRACTICES[0]!, { ...PRACTICES[0]!, name: 'Another Name' }, PRACTICES[1]!],
      [2, 3],
    ],
    [
      'PCNs',
      'pcns',
      [
        { pcn_code: 'U00001', pcn_name: 'One' },
        { pcn_code: 'U00001', pcn_name: 'Two' },
      ],
      [2, 3],
    ],
    [
      'spells with two ends',
      'pcn-memberships',
      [MEMBERS[0]!, { ...MEMBERS[0]!, end_date: '2023-03-31' }, MEMBERS[1]!, MEMBERS[2]!],
      [2, 3],
    ],
    [
      'spells for the same days in two PCNs',
      'pcn-memberships',
      [MEMBERS[0]!, { ...MEMBERS[0]!, pcn_code: 'U00002' }, MEMBERS[1]!, MEMBERS[2]!],
      [2, 3],
    ],
    [
      'listed in two PCNs',
      'practice-pcn-icb',
      [LISTED[0]!, { ...LISTED[0]!, pcn_code: 'U00002' }, LISTED[1]!, LISTED[2]!],
      [2, 3],
    ],
  ])('%s, in whatever order', async (_name, layout, rows, lines) => {
    const before = JSON.stringify(await published());
    const told = lines.map((line) => [line, 'ROW_CONTRADICTORY']);
    const asAt = DATES[layout];
    const inOrder = await send(layout, asAt, aFile(layout, rows));
    expect(await toldOf(inOrder)).toEqual(told);
    expect(JSON.stringify(await published())).toBe(before);
    const reversed = await send(layout, asAt, aFile(layout, [rows[1]!, rows[0]!, ...rows.slice(2)]));
    expect(await toldOf(reversed)).toEqual(told);
    expect(JSON.stringify(await published())).toBe(before);
  });

  it('a PCN that rows name differently keeps the name it had', async () => {
    const name = (await organisation('U00001')).name;
    const answer = await send(
      'practice-pcn-icb',
      '2026-08-05',
      aFile('practice-pcn-icb', [
        { ...LISTED[0]!, pcn_name: 'One' },
        { ...LISTED[1]!, pcn_name: 'Two' },
        LISTED[2]!,
      ]),
    );
    expect(answer.body).toMatchObject({ rejected: 0, notes: { describedDifferently: 1 } });
    expect((await organisation('U00001')).name).toBe(name);
  });
});
