import { describe, expect, it } from '@jest/globals';
import { parseLondonDate } from './london-date.js';
import { londonDate, londonInstant, startOfLondonDay } from './london-time.js';

const at = (date: string, time: string): string => londonInstant(parseLondonDate(date), time).toISOString();

describe('the business date', () => {
  // Summer time began on 29 March 2026 at 01:00 UTC and ends on 25 October 2026 at 01:00 UTC.
  it.each([
    ['before midnight, the day summer time begins', '2026-03-28T23:59:59.999Z', '2026-03-28'],
    ['at midnight, the day summer time begins', '2026-03-29T00:00:00Z', '2026-03-29'],
    ['before midnight, in summer time', '2026-03-29T22:59:59.999Z', '2026-03-29'],
    ['at midnight, in summer time', '2026-03-29T23:00:00Z', '2026-03-30'],
    ['late on 31 March: already the next financial year', '2026-03-31T23:30:00Z', '2026-04-01'],
    ['before midnight, the day summer time ends', '2026-10-24T22:59:59.999Z', '2026-10-24'],
    ['at midnight, the day summer time ends', '2026-10-24T23:00:00Z', '2026-10-25'],
    ['before the midnight after summer time ended', '2026-10-25T23:59:59.999Z', '2026-10-25'],
    ['at the midnight after summer time ended', '2026-10-26T00:00:00Z', '2026-10-26'],
    ['in winter', '2026-12-31T23:59:59.999Z', '2026-12-31'],
  ])('%s', (_when, instant, date) => expect(londonDate(new Date(instant))).toBe(date));
});

describe('an instant in London', () => {
  it.each([
    ['a cut-off in summer', '2026-09-10', '18:00', '2026-09-10T17:00:00.000Z'],
    ['a cut-off in winter', '2026-11-10', '18:00', '2026-11-10T18:00:00.000Z'],
    ['the last minute before the skipped hour', '2026-03-29', '00:59', '2026-03-29T00:59:00.000Z'],
    ['a time that is skipped', '2026-03-29', '01:30', '2026-03-29T01:30:00.000Z'],
    ['the first minute after the skipped hour', '2026-03-29', '02:00', '2026-03-29T01:00:00.000Z'],
    ['a time shown twice is the first', '2026-10-25', '01:30', '2026-10-25T00:30:00.000Z'],
    ['a time after the repeated hour', '2026-10-25', '02:00', '2026-10-25T02:00:00.000Z'],
  ])('%s', (_what, date, time, instant) => expect(at(date, time)).toBe(instant));

  it.each([
    ['2026-03-29', '2026-03-29T00:00:00.000Z'],
    ['2026-03-30', '2026-03-29T23:00:00.000Z'],
    ['2026-10-25', '2026-10-24T23:00:00.000Z'],
    ['2026-10-26', '2026-10-26T00:00:00.000Z'],
  ])('the day %s begins at %s', (date, instant) =>
    expect(startOfLondonDay(parseLondonDate(date)).toISOString()).toBe(instant),
  );

  it.each(['24:00', '7:00', '18:60', '18', ''])('%j is no time', (time) =>
    expect(() => at('2026-09-10', time)).toThrow('DATE_FORMAT'),
  );
});
