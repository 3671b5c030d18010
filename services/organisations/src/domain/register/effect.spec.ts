import { parseLondonDate, type LondonDate } from '@attest/calendar';
import { describe, expect, it } from '@jest/globals';
import { effectOf, type Register } from './effect.js';

const d = (text: string): LondonDate => parseLondonDate(text);
const opening = (...openOn: (string | null)[]): Register => ({
  organisations: new Map(
    openOn.map((on, i) => [
      `X${i}`,
      {
        code: `X${i}`,
        kind: 'practice',
        name: 'A made-up practice',
        commissionerCode: 'QX1',
        ancestors: ['QX1', 'ENGLAND'],
        openOn: on,
        closeOn: null,
        payee: null,
        listSizes: [],
      },
    ]),
  ),
  membersByPcn: new Map(),
});

const practice = (registeredPatients: number): Register => ({
  ...opening(),
  organisations: new Map([
    [
      'X0',
      {
        ...opening('2020-04-01').organisations.get('X0')!,
        listSizes: [
          { listSizeOn: d('2026-04-01'), registeredPatients: 9_000 },
          { listSizeOn: d('2026-07-01'), registeredPatients },
        ],
      },
    ],
  ]),
});
const commissioner = (closeOn: string | null): Register => ({
  ...opening(),
  organisations: new Map([
    [
      'QX1',
      {
        ...opening('2020-04-01').organisations.get('X0')!,
        ...{ code: 'QX1', name: 'A made-up ICB', kind: 'commissioner', commissionerCode: null, closeOn },
      },
    ],
  ]),
});

describe('what a file does to a commissioner', () => {
  it('is told and counted where it closes', () => {
    const effect = effectOf(commissioner(null), commissioner('2026-07-01'), d('2026-07-01'));
    expect(effect.touched).toEqual([
      { code: 'QX1', name: 'A made-up ICB', kind: 'closed', before: null, after: '2026-07-01' },
    ]);
    expect(effect.counts).toMatchObject({ closed: 1 });
    // Its practices move, and they decide whether the file waits.
    expect(effect.exceeds({ percent: 2, least: 1 })).toBe(false);
  });
});

describe('what a file does to a list size', () => {
  it('is told and counted where another number stands on the same date', () => {
    const effect = effectOf(practice(3_733), practice(3_373), d('2026-07-01'));
    expect(effect.touched).toEqual([
      {
        ...{ code: 'X0', name: 'A made-up practice', kind: 'changed-list-size' },
        ...{ before: '3733 on 2026-07-01', after: '3373 on 2026-07-01' },
      },
    ]);
    expect(effect.counts).toMatchObject({ 'changed-list-size': 1, 'lost-list-size': 0 });
    expect(effect.exceeds({ percent: 2, least: 1 })).toBe(false);
    // All that a file changed counts when it is withdrawn.
    expect(effect.exceeds({ percent: 2, least: 1 }, true)).toBe(true);
  });
});

describe('what a file does to a practice', () => {
  it('takes away the days before it opens, where it opens later than was known', () => {
    const effect = effectOf(opening('2020-04-01'), opening('2027-04-01'), d('2026-07-01'));
    expect(effect.touched).toEqual([
      {
        code: 'X0',
        name: 'A made-up practice',
        kind: 'opens-later',
        before: '2020-04-01',
        after: '2027-04-01',
      },
    ]);
    expect(effect.exceeds({ percent: 2, least: 1 })).toBe(true);
  });

  it('takes nothing away where it opens earlier, or where nothing was known of it', () => {
    const before = opening('2020-04-01', null);
    expect(effectOf(before, opening('2019-04-01', '2020-04-01'), d('2026-07-01')).touched).toEqual([]);
  });
});
