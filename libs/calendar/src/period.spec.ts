import { describe, expect, it } from '@jest/globals';
import { financialYear, financialYearOf } from './financial-year.js';
import { parseLondonDate } from './london-date.js';
import { intersectPeriods, isEmptyPeriod, periodContains, type Period } from './period.js';

const period = (from: string, to: string | null): Period => ({
  from: parseLondonDate(from),
  to: to === null ? null : parseLondonDate(to),
});

describe('a period [from, to)', () => {
  it.each([
    ['2026-04-01', true],
    ['2026-06-30', true],
    ['2026-07-01', false],
    ['2026-03-31', false],
  ])('from April to June contains %s: %s', (date, inside) =>
    expect(periodContains(period('2026-04-01', '2026-07-01'), parseLondonDate(date))).toBe(inside),
  );

  it('without an end contains every later date', () =>
    expect(periodContains(period('2026-04-01', null), parseLondonDate('2099-01-01'))).toBe(true));

  it('that ends as it begins is empty', () => {
    expect(isEmptyPeriod(period('2026-04-01', '2026-04-01'))).toBe(true);
    expect(isEmptyPeriod(period('2026-04-01', '2026-04-02'))).toBe(false);
  });

  it.each([
    ['next to one another', period('2026-04-01', '2026-05-01'), period('2026-05-01', null), null],
    [
      'overlapping',
      period('2026-04-01', '2026-06-01'),
      period('2026-05-01', '2026-07-01'),
      period('2026-05-01', '2026-06-01'),
    ],
    [
      'one inside the other',
      period('2026-04-01', null),
      period('2026-05-01', '2026-06-01'),
      period('2026-05-01', '2026-06-01'),
    ],
    [
      'both without an end',
      period('2026-04-01', null),
      period('2026-05-01', null),
      period('2026-05-01', null),
    ],
    ['apart', period('2026-04-01', '2026-05-01'), period('2026-06-01', '2026-07-01'), null],
  ])('%s', (_how, a, b, both) => {
    expect(intersectPeriods(a, b)).toEqual(both);
    expect(intersectPeriods(b, a)).toEqual(both);
  });
});

describe('a financial year', () => {
  it.each([
    ['2026-03-31', '2025/26'],
    ['2026-04-01', '2026/27'],
    ['2000-01-01', '1999/00'],
  ])('%s lies in %s', (date, label) => expect(financialYearOf(parseLondonDate(date)).label).toBe(label));

  it('runs from 1 April to 31 March', () =>
    expect(financialYear(2014)).toMatchObject({ label: '2014/15', from: '2014-04-01', to: '2015-04-01' }));
});
