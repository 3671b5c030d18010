import { addMonths, type LondonDate } from '@attest/calendar';
import type { DeclarationWindow } from './stimulus.js';

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

function nextByMonth(entry: CalendarDates, today: LondonDate): PeriodDates {
  for (let months = 1; ; months++) {
    const providerDeadlineOn = addMonths(entry.providerDeadlineOn, months);
    if (providerDeadlineOn < today) continue;
    const paymentPeriod = addMonths(`${entry.paymentPeriod}-01` as LondonDate, months).slice(0, 7);
    const cutOffAt = new Date(entry.cutOffAt);
    cutOffAt.setUTCMonth(cutOffAt.getUTCMonth() + months);
    return { paymentPeriod, providerDeadlineOn, cutOffAt };
  }
}
