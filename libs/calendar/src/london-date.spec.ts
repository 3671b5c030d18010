import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addMonths,
  daysBetween,
  isLondonDate,
  lastDayOfMonth,
  londonDateOf,
  parseLondonDate,
} from './london-date.js';

const d = parseLondonDate;
const aDate = fc
  .date({ min: new Date('1948-07-05T00:00:00Z'), max: new Date('2100-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => d(date.toISOString().slice(0, 10)));

describe('a business date', () => {
  it.each([
    '2026-02-29',
    '2026-13-01',
    '2026-04-31',
    '20260401',
    '2026-4-1',
    '',
    '2026-04-01T00:00:00Z',
    '0000-00-00',
    // No database knows a year 0.
    '0000-01-01',
    '0000-12-31',
    // "Never" is written by leaving the end empty.
    '9999-01-01',
    '9999-12-31',
  ])('%j is refused', (text) => {
    expect(isLondonDate(text)).toBe(false);
    expect(() => d(text)).toThrow('DATE_FORMAT');
  });

  it('may be 29 February of a leap year', () => expect(d('2024-02-29')).toBe('2024-02-29'));
  it('is made of parts', () => expect(londonDateOf(2015, 3, 31)).toBe('2015-03-31'));

  it.each([
    ['2026-03-31', 1, '2026-04-01'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2024-02-28', 1, '2024-02-29'],
  ])('%s and %s days is %s', (date, days, expected) => expect(addDays(d(date), days)).toBe(expected));

  it('goes so many days there and back', () => {
    fc.assert(
      fc.property(aDate, fc.integer({ min: -50_000, max: 50_000 }), (date, days) => {
        const other = addDays(date, days);
        expect(daysBetween(date, other)).toBe(days);
        expect(addDays(other, -days)).toBe(date);
      }),
    );
  });

  it.each([
    ['2026-02-10', '2026-02-28'],
    ['2024-02-10', '2024-02-29'],
    ['2026-12-31', '2026-12-31'],
  ])('%s lies in the month that ends on %s', (date, last) => {
    expect(lastDayOfMonth(d(date))).toBe(last);
  });

  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2026-01-31', 3, '2026-04-30'],
    ['2026-03-15', -4, '2025-11-15'],
  ])('%s and %s months is %s', (date, months, expected) => expect(addMonths(d(date), months)).toBe(expected));
});

describe('the month of a date in the first century', () => {
  it.each([
    ['0001-01-01', 1, '0001-02-01'],
    ['0001-01-31', 1, '0001-02-28'],
    ['0099-12-31', 1, '0100-01-31'],
  ])('of %s, %i months on, is its own and not one of the 1900s', (from, months, to) => {
    expect(addMonths(d(from), months)).toBe(to);
    expect(lastDayOfMonth(d('0001-02-01'))).toBe('0001-02-28');
  });
});
