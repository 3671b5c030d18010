import { describe, expect, it } from '@jest/globals';
import { parseLondonDate, type LondonDate } from '@attest/calendar';
import type { MemberSpell } from '../memberships/spell.js';
import type { Organisation } from './organisation.js';
import type { CommissionerRecord, PcnRecord, PracticeRecord, Records } from './records.js';
import { deriveOrganisations } from './register.js';

const d = (text: string): LondonDate => parseLondonDate(text);
const APRIL_2025 = d('2025-04-23');
const JULY_2026 = d('2026-07-01');

const aPractice = (over: Partial<PracticeRecord> = {}): PracticeRecord => ({
  practiceCode: 'A81001',
  source: 'practices',
  asAt: APRIL_2025,
  name: 'THE DENSHAM SURGERY',
  regionCode: 'Y63',
  icbCode: 'QHM',
  subIcbCode: '16C',
  openOn: d('1974-04-01'),
  closeOn: null,
  prescribingSetting: 4,
  registeredPatients: null,
  ...over,
});
const listed = (over: Partial<PracticeRecord> = {}): PracticeRecord =>
  aPractice({
    source: 'practice-pcn-icb',
    asAt: JULY_2026,
    openOn: null,
    prescribingSetting: null,
    registeredPatients: 3733,
    ...over,
  });
const anIcb = (over: Partial<CommissionerRecord> = {}): CommissionerRecord => ({
  icbCode: 'QHM',
  asAt: JULY_2026,
  name: 'NHS North East and North Cumbria ICB',
  regionCode: 'Y63',
  regionName: 'North East and Yorkshire',
  ...over,
});
const aPcn = (over: Partial<PcnRecord> = {}): PcnRecord => ({
  pcnCode: 'U89141',
  source: 'pcns',
  asAt: d('2024-10-01'),
  name: 'STOCKTON PCN',
  subIcbCode: '16C',
  openOn: d('2019-10-01'),
  closeOn: null,
  withPatients: null,
  ...over,
});
const derive = (
  records: Partial<Omit<Records, 'listings'>>,
  members: Record<string, MemberSpell[]> = {},
  registered: string[] = [],
): Map<string, Organisation> =>
  new Map(
    deriveOrganisations(
      {
        practices: [],
        pcns: [],
        commissioners: [],
        listings: [...new Set((records.commissioners ?? []).map(({ asAt }) => asAt))].map((asAt) => ({
          asAt,
          lacks: (icbCode) => !records.commissioners!.some((r) => r.icbCode === icbCode && r.asAt === asAt),
        })),
        ...records,
      },
      { membersByPcn: new Map(Object.entries(members)), newestFileAsAt: JULY_2026 },
      registered,
    ).map((o) => [o.code, o]),
  );
const member = (practiceCode: string, from = '2019-10-01', to?: string): MemberSpell => ({
  practiceCode,
  from: d(from),
  to: to === undefined ? null : d(to),
});

describe('who exists', () => {
  it('has England and the agency before any file', () => {
    expect([...derive({}).keys()]).toEqual(['ENGLAND', 'PCSE']);
  });

  it('puts a practice under its ICB, its region and England, paid itself', () => {
    const all = derive({ practices: [aPractice(), listed()], commissioners: [anIcb()] });
    expect(all.get('A81001')).toEqual({
      code: 'A81001',
      kind: 'practice',
      name: 'THE DENSHAM SURGERY',
      commissionerCode: 'QHM',
      ancestors: ['QHM', 'Y63', 'ENGLAND'],
      openOn: '1974-04-01',
      closeOn: null,
      payee: { payeeCode: 'A81001', payeeName: 'THE DENSHAM SURGERY', accountReference: 'ATTEST-A81001' },
      listSizes: [{ listSizeOn: '2026-07-01', registeredPatients: 3733 }],
    });
    expect(all.get('QHM')).toMatchObject({
      kind: 'commissioner',
      ancestors: ['Y63', 'ENGLAND'],
      closeOn: null,
    });
    expect(all.get('Y63')).toMatchObject({
      kind: 'region',
      name: 'North East and Yorkshire',
      ancestors: ['ENGLAND'],
    });
  });

  it.each<[string, Partial<PracticeRecord>, boolean]>([
    ['a general practice', { prescribingSetting: 4 }, true],
    ['a walk-in centre, which may have a list', { prescribingSetting: 1 }, true],
    ['a hospital', { prescribingSetting: 10 }, false],
    [
      'a hospital that another file names as a practice',
      { source: 'pcn-memberships', prescribingSetting: null },
      true,
    ],
    ['a practice in Wales', { regionCode: 'W00' }, false],
  ])('%s', (_name, over, known) => {
    expect(derive({ practices: [aPractice(over)] }).has('A81001')).toBe(known);
  });

  it.each<[string, PracticeRecord[], string]>([
    [
      'a closed practice goes to the ICB that now holds its sub-ICB',
      [aPractice({ practiceCode: 'A81003', icbCode: 'Q74', closeOn: d('2017-11-01') }), listed()],
      'QHM',
    ],
    [
      'else to the ICB it had, though abolished',
      [aPractice({ practiceCode: 'A81003', icbCode: 'Q74', subIcbCode: '00K' }), listed()],
      'Q74',
    ],
    [
      'a practice that the newest file names goes where it says',
      [
        aPractice({ practiceCode: 'A81003', icbCode: 'Q74' }),
        listed({ practiceCode: 'A81003', icbCode: 'QX1' }),
        listed(),
        listed({ practiceCode: 'A81002' }),
      ],
      'QX1',
    ],
  ])('%s', (_name, practices, commissionerCode) => {
    expect(derive({ practices, commissioners: [anIcb()] }).get('A81003')?.commissionerCode).toBe(
      commissionerCode,
    );
  });

  it('closes an ICB with the first list that no longer has it, and keeps it', () => {
    const practices = [aPractice({ practiceCode: 'A81003', icbCode: 'Q74', regionCode: 'Y54' }), listed()];
    const before = derive({ practices: practices.slice(0, 1) });
    expect(before.get('Q74')).toMatchObject({ closeOn: null, ancestors: ['Y54', 'ENGLAND'] });
    const after = derive({ practices, commissioners: [anIcb()] }, {}, ['Q74']);
    expect(after.get('Q74')).toMatchObject({ name: 'Former commissioner Q74', closeOn: '2026-07-01' });
    expect(after.get('A81003')?.commissionerCode).toBe('QHM');
  });

  it('reopens a practice in which a newer file finds patients', () => {
    const closed = aPractice({ closeOn: d('2025-03-01') });
    expect(derive({ practices: [closed] }).get('A81001')?.closeOn).toBe('2025-03-01');
    expect(derive({ practices: [closed, listed()] }).get('A81001')?.closeOn).toBeNull();
  });

  it('leaves a closed practice closed that a newer file lists with 0 patients', () => {
    const closed = aPractice({ closeOn: d('2025-03-01') });
    const practices = [closed, listed({ registeredPatients: 0 })];
    expect(derive({ practices }).get('A81001')?.closeOn).toBe('2025-03-01');
  });

  it.each([
    ['reopens a PCN in which a newer list finds patients', true, null],
    ['leaves it closed where it finds none', false, '2025-03-01'],
  ])('%s', (_name, withPatients, closeOn) => {
    const pcns = [
      aPcn({ closeOn: d('2025-03-01') }),
      aPcn({ source: 'practice-pcn-icb', asAt: JULY_2026, openOn: null, withPatients }),
    ];
    expect(derive({ pcns }).get('U89141')?.closeOn).toBe(closeOn);
  });

  it('takes the newest name, whatever order the files came in', () => {
    const records = [listed({ name: 'NEW NAME' }), aPractice()];
    expect(derive({ practices: records }).get('A81001')?.name).toBe('NEW NAME');
    expect(derive({ practices: [...records].reverse() }).get('A81001')?.name).toBe('NEW NAME');
  });
});

describe('the board of a practice', () => {
  const AUGUST_2026 = d('2026-08-15');
  const boards = [anIcb(), anIcb({ icbCode: 'QX1' })];
  const moved = aPractice({ asAt: AUGUST_2026, icbCode: 'QX1' });

  it.each<[string, PracticeRecord[], string]>([
    ['is that of a register which is newer than every list', [listed(), moved], 'QX1'],
    ['in whatever order they came', [moved, listed()], 'QX1'],
    ['is that of the list, where it is as new', [listed(), { ...moved, asAt: JULY_2026 }], 'QHM'],
    ['or newer', [listed({ asAt: d('2026-09-01') }), moved], 'QHM'],
    [
      'stays that of the register where a newer list lacks the practice',
      [listed(), moved, listed({ practiceCode: 'A81002', asAt: d('2026-09-01') })],
      'QX1',
    ],
    ['is a new one that only the register names', [listed(), { ...moved, icbCode: 'QNEW' }], 'QNEW'],
    [
      'is not an abolished one that the register goes on naming',
      [aPractice({ icbCode: 'Q74' }), listed(), { ...moved, icbCode: 'Q74' }],
      'QHM',
    ],
  ])('%s', (_name, practices, board) => {
    const newest = practices.some((p) => p.asAt === '2026-09-01') ? d('2026-09-01') : JULY_2026;
    const commissioners = boards.map((icb) => ({ ...icb, asAt: newest }));
    expect(derive({ practices, commissioners }).get('A81001')?.commissionerCode).toBe(board);
  });

  it('which a list has closed does not open again because a register names it', () => {
    const practices = [aPractice({ icbCode: 'Q74' }), listed(), { ...moved, icbCode: 'Q74' }];
    const all = derive({ practices, commissioners: boards }, {}, ['Q74']);
    expect(all.get('Q74')?.closeOn).toBe('2026-07-01');
  });
});

describe('the lead commissioner of a PCN', () => {
  const practices = [
    listed({ practiceCode: 'A1', icbCode: 'QAA', subIcbCode: '01A' }),
    listed({ practiceCode: 'A2', icbCode: 'QAA', subIcbCode: '01A' }),
    listed({ practiceCode: 'B1', icbCode: 'QBB', subIcbCode: '02B' }),
    listed({ practiceCode: 'B2', icbCode: 'QBB', subIcbCode: '02B' }),
  ];
  const commissioners = [anIcb({ icbCode: 'QAA' }), anIcb({ icbCode: 'QBB' })];

  it.each<[string, MemberSpell[], string | null, string | null]>([
    ['is that of most members', [member('A1'), member('A2'), member('B1')], '02B', 'QAA'],
    [
      'counts only members as at the newest file',
      [member('A1', '2019-10-01', '2020-01-01'), member('A2', '2019-10-01', '2020-01-01'), member('B1')],
      '01A',
      'QBB',
    ],
    ['of two with as many is the one of its own sub-ICB', [member('A1'), member('B1')], '02B', 'QBB'],
    ['of two with as many and none its own is the first', [member('A1'), member('B1')], null, 'QAA'],
    ['without members is that of its sub-ICB', [], '02B', 'QBB'],
    ['without either is that of those it ever had', [member('B1', '2019-10-01', '2020-01-01')], null, 'QBB'],
    ['may be unknown', [], null, null],
  ])('%s', (_name, members, subIcbCode, lead) => {
    const pcn = derive({ practices, commissioners, pcns: [aPcn({ subIcbCode })] }, { U89141: members }).get(
      'U89141',
    );
    expect(pcn?.commissionerCode).toBe(lead);
    expect(pcn?.ancestors).toEqual(lead === null ? ['ENGLAND'] : [lead, 'Y63', 'ENGLAND']);
  });

  it('is that of most practices of its sub-ICB as long as no file lists the ICBs', () => {
    const pcn = derive({ practices: [aPractice()], pcns: [aPcn()] }).get('U89141');
    expect(pcn?.commissionerCode).toBe('QHM');
  });
});
