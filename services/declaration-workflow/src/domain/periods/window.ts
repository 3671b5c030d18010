import { addMonths, londonDate, londonInstant, londonTime, type LondonDate } from '@attest/calendar';
import type { Declaration } from '../core/declaration.js';
import type { DeclarationWindow } from '../core/stimulus.js';

/** One entry of a service's payment calendar. */
export interface CalendarDates {
  readonly paymentPeriod: string;
  readonly opensOn: LondonDate;
  readonly providerDeadlineOn: LondonDate;
  readonly cutOffAt: Date;
}

/** A payment period as all services together have it: its last provider deadline and its first cut-off. */
export type PeriodDates = Pick<CalendarDates, 'paymentPeriod' | 'providerDeadlineOn' | 'cutOffAt'>;

/**
 * When it may be declared. Declared late it is paid with the first later period whose provider deadline has not
 * passed (design §5 rule 6); where no calendar has one yet, periods follow one another by month.
 */
export function declarationWindow(
  entry: CalendarDates,
  today: LondonDate,
  periods: readonly PeriodDates[],
): DeclarationWindow {
  const later = periods
    .filter((p) => p.paymentPeriod > entry.paymentPeriod && p.providerDeadlineOn >= today)
    .sort((a, b) => (a.paymentPeriod < b.paymentPeriod ? -1 : 1))[0];
  const late = later ?? nextByMonth(entry, today);
  return {
    paymentPeriod: entry.paymentPeriod,
    opensOn: entry.opensOn,
    providerDeadlineOn: entry.providerDeadlineOn,
    latePeriod: late.paymentPeriod,
    latePayableFrom: late.cutOffAt,
  };
}

/**
 * From when one that was declared late may be paid: the cut-off of its payment period as the calendars have it now. It
 * is asked for when it counts, because the calendar may move after the declaring.
 */
export function lateCutOff(
  d: Pick<Declaration, 'late' | 'paymentPeriod' | 'payableFrom'>,
  entry: CalendarDates | null,
  periods: readonly PeriodDates[],
): Date | null {
  if (!d.late) return null;
  const published = periods.find((period) => period.paymentPeriod === d.paymentPeriod);
  if (published) return published.cutOffAt;
  if (entry === null) return d.payableFrom;
  return monthsAfter(entry, monthsBetween(entry.paymentPeriod, d.paymentPeriod)).cutOffAt;
}

const monthsBetween = (from: string, to: string): number =>
  (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5)) - Number(from.slice(5));

/**
 * An adjustment has no calendar entry of its own: it may be declared from the day it is opened, is never late, and is
 * paid with the next period of its service whose cut-off has not passed.
 */
export function adjustmentWindow(
  entry: CalendarDates,
  now: Date,
  today: LondonDate,
  periods: readonly PeriodDates[],
): DeclarationWindow {
  const next =
    [entry, ...periods]
      .filter((p) => p.paymentPeriod >= entry.paymentPeriod && p.cutOffAt > now)
      .sort((a, b) => (a.paymentPeriod < b.paymentPeriod ? -1 : 1))[0] ?? nextCutOffByMonth(entry, now);
  return {
    paymentPeriod: next.paymentPeriod,
    opensOn: today,
    providerDeadlineOn: null,
    latePeriod: next.paymentPeriod,
    latePayableFrom: next.cutOffAt,
  };
}

function nextCutOffByMonth(entry: CalendarDates, now: Date): PeriodDates {
  for (let months = 1; ; months++) {
    const period = monthsAfter(entry, months);
    if (period.cutOffAt > now) return period;
  }
}

function nextByMonth(entry: CalendarDates, today: LondonDate): PeriodDates {
  for (let months = 1; ; months++) {
    const period = monthsAfter(entry, months);
    if (period.providerDeadlineOn >= today) return period;
  }
}

function monthsAfter(entry: CalendarDates, months: number): PeriodDates {
  const { cutOffAt } = entry;
  return {
    paymentPeriod: addMonths(`${entry.paymentPeriod}-01` as LondonDate, months).slice(0, 7),
    providerDeadlineOn: addMonths(entry.providerDeadlineOn, months),
    // The same hour in London, on whichever side of a change of clocks.
    cutOffAt: londonInstant(addMonths(londonDate(cutOffAt), months), londonTime(cutOffAt)),
  };
}
