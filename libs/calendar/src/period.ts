import type { LondonDate } from './london-date.js';

/** Dates `[from, to)`: `to` is the day after the last one, null when it has no end. */
export interface Period {
  readonly from: LondonDate;
  readonly to: LondonDate | null;
}

const endsAfter = (period: Period, date: LondonDate): boolean => period.to === null || date < period.to;

export const isEmptyPeriod = (period: Period): boolean => !endsAfter(period, period.from);

export const periodContains = (period: Period, date: LondonDate): boolean =>
  period.from <= date && endsAfter(period, date);

/** The dates that both hold, or null when there are none. */
export function intersectPeriods(a: Period, b: Period): Period | null {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to === null ? b.to : b.to === null ? a.to : a.to < b.to ? a.to : b.to;
  const both = { from, to };
  return isEmptyPeriod(both) ? null : both;
}
