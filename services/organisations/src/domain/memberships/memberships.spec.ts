import { describe, expect, it } from '@jest/globals';
import { parseLondonDate, type LondonDate } from '@attest/calendar';
import { differenceOf } from './difference.js';
import { membersByPcn, pcnChange } from './pcn-members.js';
import type { MemberSpell, Spell } from './spell.js';
import { resolve, type Statement } from './statements.js';
import { overlaps, timelineOf } from './timeline.js';

const d = (text: string): LondonDate => parseLondonDate(text);
/** `U1 2019-10-01 2020-01-01`, without an end when there is none. */
const spell = (text: string): Spell => {
  const [pcnCode, from, to] = text.split(' ') as [string, string, string?];
  return { pcnCode, from: d(from), to: to === undefined ? null : d(to) };
};
const spells = (...texts: string[]): Spell[] => texts.map(spell);
const text = ({ pcnCode, from, to }: Spell): string =>
  [pcnCode, from, ...(to === null ? [] : [to])].join(' ');

describe('published spells', () => {
  it.each<[string, string[], string[]]>([
    [
      'follow one another',
      ['U1 2019-10-01 2020-04-01', 'U2 2020-04-01'],
      ['U1 2019-10-01 2020-04-01', 'U2 2020-04-01'],
    ],
    // U86966 to 2022-07-01 inclusive, U11211 from that day: published so
    [
      'share the day of change: the later start has it',
      ['U1 2019-10-01 2022-07-02', 'U2 2022-07-01'],
      ['U1 2019-10-01 2022-07-01', 'U2 2022-07-01'],
    ],
    // U04503 for two days of 2024 beside U17156 from the same day on: published seven times
    [
      'start on one day: the one that ends later wins',
      ['U1 2019-10-01 2024-07-01', 'U2 2024-07-01 2024-07-03', 'U1 2024-07-01'],
      ['U1 2019-10-01'],
    ],
    [
      'start on one day, listed the other way round',
      ['U1 2024-07-01', 'U2 2024-07-01 2024-07-03'],
      ['U1 2024-07-01'],
    ],
    [
      'overlap: the later start wins and the earlier does not come back',
      ['U1 2020-01-01', 'U2 2021-01-01 2022-01-01'],
      ['U1 2020-01-01 2021-01-01', 'U2 2021-01-01 2022-01-01'],
    ],
    [
      'leave a gap',
      ['U1 2019-10-01 2020-01-01', 'U1 2021-01-01'],
      ['U1 2019-10-01 2020-01-01', 'U1 2021-01-01'],
    ],
    [
      'come in any order',
      ['U2 2020-04-01', 'U1 2019-10-01 2020-04-01'],
      ['U1 2019-10-01 2020-04-01', 'U2 2020-04-01'],
    ],
    ['go on in the same PCN and are one', ['U1 2019-10-01 2020-04-01', 'U1 2020-04-01'], ['U1 2019-10-01']],
  ])('%s', (_name, published, expected) => {
    expect(timelineOf(spells(...published)).map(text)).toEqual(expected);
  });

  it('are counted where they overlap: by days, and by the one day of a change', () => {
    expect(overlaps(spells('U1 2024-07-01 2024-07-03', 'U2 2024-07-01'))).toEqual({ days: 1, oneDay: 0 });
    expect(overlaps(spells('U1 2019-10-01 2022-07-02', 'U2 2022-07-01'))).toEqual({ days: 0, oneDay: 1 });
    expect(overlaps(spells('U1 2019-10-01 2022-07-01', 'U2 2022-07-01'))).toEqual({ days: 0, oneDay: 0 });
  });
});

describe('what is known of a practice', () => {
  const history = (asAt: string, received: bigint, ...published: string[]): Statement => ({
    kind: 'history',
    asAt: d(asAt),
    spells: spells(...published),
    partial: false,
    received,
  });
  const partial = (asAt: string, received: bigint, ...published: string[]): Statement =>
    ({ ...history(asAt, received, ...published), partial: true }) as Statement;
  const snapshot = (asAt: string, received: bigint, pcnCode: string | null): Statement => ({
    kind: 'snapshot',
    asAt: d(asAt),
    pcnCode,
    named: true,
    received,
  });
  const change = (
    effectiveOn: string,
    ranksOn: string,
    received: bigint,
    leaves: string | null,
    joins: string | null,
  ): Statement => ({
    kind: 'change',
    effectiveOn: d(effectiveOn),
    ranksOn: d(ranksOn),
    leaves,
    joins,
    received,
  });
  const epcn = history('2024-10-01', 1n, 'U1 2019-10-01');

  it.each<[string, Statement[], string[]]>([
    ['a later file agrees: nothing changes', [epcn, snapshot('2026-07-01', 2n, 'U1')], ['U1 2019-10-01']],
    [
      'a later file names another PCN: it wins from its date on',
      [epcn, snapshot('2026-07-01', 2n, 'U2')],
      ['U1 2019-10-01 2026-07-01', 'U2 2026-07-01'],
    ],
    [
      'a later file says unallocated: in no PCN from its date on',
      [epcn, snapshot('2026-07-01', 2n, null)],
      ['U1 2019-10-01 2026-07-01'],
    ],
    [
      'an earlier file is loaded later: the same',
      [snapshot('2026-07-01', 1n, 'U2'), history('2024-10-01', 2n, 'U1 2019-10-01')],
      ['U1 2019-10-01 2026-07-01', 'U2 2026-07-01'],
    ],
    [
      'missing from the history: known from the later file on',
      [snapshot('2026-07-01', 2n, 'U2')],
      ['U2 2026-07-01'],
    ],
    [
      'a newer history names the day of change and replaces what was known of it',
      [
        epcn,
        snapshot('2026-07-01', 2n, 'U2'),
        history('2026-10-01', 3n, 'U1 2019-10-01 2026-04-01', 'U2 2026-04-01'),
      ],
      ['U1 2019-10-01 2026-04-01', 'U2 2026-04-01'],
    ],
    [
      'a history of which a row may be unread takes no day away',
      [epcn, partial('2025-10-01', 2n, 'U1 2019-10-01 2022-04-01')],
      ['U1 2019-10-01'],
    ],
    [
      'nor does it move the practice',
      [epcn, partial('2025-10-01', 2n, 'U1 2019-10-01 2022-04-01', 'U2 2022-04-01')],
      ['U1 2019-10-01'],
    ],
    [
      'nor of two as at one date',
      [epcn, partial('2024-10-01', 2n, 'U1 2019-10-01 2022-04-01')],
      ['U1 2019-10-01'],
    ],
    [
      'it counts where it only adds days',
      [epcn, partial('2025-10-01', 2n, 'U1 2019-07-01')],
      ['U1 2019-07-01'],
    ],
    [
      'and where nothing was known',
      [partial('2024-10-01', 1n, 'U1 2019-10-01 2022-04-01')],
      ['U1 2019-10-01 2022-04-01'],
    ],
    [
      'two files as at one date: the later received wins',
      [snapshot('2026-07-01', 2n, 'U3'), snapshot('2026-07-01', 1n, 'U2')],
      ['U3 2026-07-01'],
    ],
    [
      'a change after the file',
      [epcn, change('2026-08-01', '2026-08-01', 3n, 'U1', 'U2')],
      ['U1 2019-10-01 2026-08-01', 'U2 2026-08-01'],
    ],
    [
      'a change recorded after a file but effective before it',
      [epcn, snapshot('2026-07-01', 2n, 'U1'), change('2026-06-15', '2026-07-01', 3n, 'U1', 'U2')],
      ['U1 2019-10-01 2026-06-15', 'U2 2026-06-15'],
    ],
    [
      'a file as at a later date than the change',
      [epcn, change('2026-08-01', '2026-08-01', 3n, 'U1', 'U2'), snapshot('2026-09-01', 4n, 'U1')],
      ['U1 2019-10-01 2026-08-01', 'U2 2026-08-01 2026-09-01', 'U1 2026-09-01'],
    ],
    [
      'leaving only',
      [epcn, change('2026-08-01', '2026-08-01', 3n, 'U1', null)],
      ['U1 2019-10-01 2026-08-01'],
    ],
    [
      'joining until the next known spell',
      [history('2024-10-01', 1n, 'U1 2027-01-01'), change('2026-08-01', '2026-08-01', 3n, null, 'U2')],
      ['U2 2026-08-01 2027-01-01', 'U1 2027-01-01'],
    ],
  ])('%s', (_name, statements, expected) => {
    expect(resolve(statements).map(text)).toEqual(expected);
  });
});

describe('a change of a PCN', () => {
  const member = (practiceCode: string, from: string, to?: string): MemberSpell => ({
    practiceCode,
    from: d(from),
    to: to === undefined ? null : d(to),
  });
  const known = { version: 3n, members: [member('A1', '2019-10-01'), member('A2', '2019-10-01')] };

  it.each<[string, MemberSpell[], boolean, object | null]>([
    ['nothing differs', [...known.members].reverse(), false, null],
    [
      'a practice left',
      [member('A1', '2019-10-01'), member('A2', '2019-10-01', '2026-08-01')],
      false,
      { kind: 'left', practices: ['A2'], from: '2026-08-01', to: null },
    ],
    [
      'a practice joined',
      [...known.members, member('A3', '2026-08-01')],
      false,
      { kind: 'joined', practices: ['A3'], from: '2026-08-01', to: null },
    ],
    [
      'one left and one joined',
      [member('A1', '2019-10-01'), member('A2', '2019-10-01', '2026-07-01'), member('A3', '2026-08-01')],
      false,
      { kind: 'corrected', practices: ['A2', 'A3'], from: '2026-07-01', to: null },
    ],
    [
      'a history adds days',
      [member('A1', '2019-07-01'), member('A2', '2019-10-01')],
      true,
      { kind: 'corrected', practices: ['A1'], from: '2019-07-01', to: '2019-10-01' },
    ],
    [
      'a spell is cut out of the middle',
      [member('A1', '2019-10-01'), member('A2', '2019-10-01', '2020-01-01'), member('A2', '2021-01-01')],
      false,
      { kind: 'left', practices: ['A2'], from: '2020-01-01', to: '2021-01-01' },
    ],
    ['nobody is left', [], false, { kind: 'left', practices: ['A1', 'A2'], from: '2019-10-01', to: null }],
  ])('%s', (_name, members, correction, expected) => {
    const change = pcnChange('U1', known, { version: 4n, members }, correction);
    expect(
      change && {
        kind: change.kind,
        practices: change.state.changedPractices,
        from: change.state.changedFrom,
        to: change.state.changedTo,
      },
    ).toEqual(expected);
    if (change) expect(change.state.membershipVersion).toBe(4);
  });

  it('is established when it is known for the first time', () => {
    expect(pcnChange('U1', { version: 0n, members: [] }, { ...known, version: 1n }, true)).toEqual({
      kind: 'established',
      state: {
        pcnCode: 'U1',
        membershipVersion: 1,
        members: known.members,
        changedPractices: ['A1', 'A2'],
        changedFrom: '2019-10-01',
        changedTo: null,
      },
    });
  });

  it('touches exactly the dates on which the two lists differ', () => {
    // The definition, day by day, for every pair of short spells.
    const days = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05'].map(d);
    const all = days.flatMap((from, i) => [
      ...days.slice(i + 1).map((to) => [{ practiceCode: 'A', from, to }]),
      [{ practiceCode: 'A', from, to: null }],
    ]);
    const on = (list: readonly MemberSpell[], day: LondonDate): boolean =>
      list.some((s) => s.from <= day && (s.to === null || day < s.to));
    for (const was of [[], ...all]) {
      for (const is of [[], ...all]) {
        const differing = days.filter((day) => on(was, day) !== on(is, day));
        const found = differenceOf(was, is);
        expect(found?.changedFrom ?? null).toBe(differing[0] ?? null);
        if (found)
          expect(
            days
              .filter(
                (day) => day >= found.changedFrom && (found.changedTo === null || day < found.changedTo),
              )
              .at(-1),
          ).toBe(differing.at(-1));
      }
    }
  });

  it('lists its members by practice, then by date', () => {
    const timelines = new Map([
      ['B', spells('U1 2020-01-01')],
      ['A', spells('U1 2019-10-01 2020-01-01', 'U2 2020-01-01 2021-01-01', 'U1 2021-01-01')],
    ]);
    expect(
      membersByPcn(timelines)
        .get('U1')!
        .map((s) => `${s.practiceCode} ${s.from}`),
    ).toEqual(['A 2019-10-01', 'A 2021-01-01', 'B 2020-01-01']);
  });
});
