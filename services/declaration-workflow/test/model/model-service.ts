import { addDays, addMonths, londonDate, londonInstant, londonTime, type LondonDate } from '@attest/calendar';
import type { PolicyName } from './model-policy.js';

/** When its achievements are declared and paid. */
export interface ModelCalendar {
  readonly opensOn: LondonDate;
  readonly deadlineOn: LondonDate;
  readonly cutOffAt: Date;
}

const OWN = '2026-08' as const;
const ahead = (day: string): LondonDate => `2100-${day}` as LondonDate;
export const today = (): LondonDate => londonDate(new Date());

/** What the catalogue has published last. No calendar has a later payment period: they follow by month. */
export class ModelService {
  version = 1;
  readonly period = OWN;
  policy: PolicyName = 'none';
  calendar: ModelCalendar = {
    opensOn: '2020-08-09' as LondonDate,
    deadlineOn: ahead('08-24'),
    cutOffAt: at(ahead('09-01')),
  };

  get isOpened(): boolean {
    return this.calendar.opensOn <= today();
  }
  get isLate(): boolean {
    return today() > this.calendar.deadlineOn;
  }
  get isCutOff(): boolean {
    return this.calendar.cutOffAt <= new Date();
  }

  /** The first period by month whose deadline has not passed. */
  get laterPeriod(): string {
    let months = 1;
    while (addMonths(this.calendar.deadlineOn, months) < today()) months++;
    return monthsAfter(OWN, months);
  }

  /** The first period, its own or later by month, whose cut-off has not passed. */
  get nextPaidPeriod(): string {
    let months = 0;
    while (this.cutOffOf(monthsAfter(OWN, months)) <= new Date()) months++;
    return monthsAfter(OWN, months);
  }

  /** The same day and hour in London, as many months later as the period is. */
  cutOffOf(period: string): Date {
    const { cutOffAt } = this.calendar;
    let months = 0;
    while (monthsAfter(OWN, months) !== period) months++;
    return londonInstant(addMonths(londonDate(cutOffAt), months), londonTime(cutOffAt));
  }
}

export const at = (day: LondonDate): Date => londonInstant(day, '17:00');
export const daysAgo = (days: number): LondonDate => addDays(today(), -days);
const monthsAfter = (period: string, months: number): string =>
  addMonths(`${period}-01` as LondonDate, months).slice(0, 7);
