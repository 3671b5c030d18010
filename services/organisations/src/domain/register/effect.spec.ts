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
