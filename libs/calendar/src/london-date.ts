declare const london: unique symbol;

/** A business date `YYYY-MM-DD` in Europe/London. Two compare as text: earlier is smaller. */
export type LondonDate = string & { readonly [london]: true };

/** Text that is no date of the calendar. */
export class DateFormatError extends Error {
  readonly code = 'DATE_FORMAT';
  constructor() {
    super('DATE_FORMAT: is not a date of the calendar written YYYY-MM-DD');
    this.name = 'DateFormatError';
  }
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_MS = 86_400_000;

export function isLondonDate(text: string): text is LondonDate {
  // A year 0 is in JavaScript's calendar, and in that of no database. The year 9999 is how people write "never", and
  // the days after its last have years of five digits.
  if (!DATE.test(text) || text.startsWith('0000') || text.startsWith('9999')) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

/** @throws DateFormatError, also for 30 February */
export function parseLondonDate(text: string): LondonDate {
  if (!isLondonDate(text)) throw new DateFormatError();
  return text;
}

/** From parts that a file gave, month 1 to 12. @throws DateFormatError */
export const londonDateOf = (year: number, month: number, day: number): LondonDate =>
  parseLondonDate(
    `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
  );

const epochDay = (date: LondonDate): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

export const addDays = (date: LondonDate, days: number): LondonDate =>
  new Date((epochDay(date) + days) * DAY_MS).toISOString().slice(0, 10) as LondonDate;

/** Days from one to the other; negative when `to` lies before `from`. */
export const daysBetween = (from: LondonDate, to: LondonDate): number => epochDay(to) - epochDay(from);

/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999. */
const utcDay = (year: number, month: number, day: number): LondonDate =>
  new Date(new Date(0).setUTCFullYear(year, month, day)).toISOString().slice(0, 10) as LondonDate;

export const lastDayOfMonth = (date: LondonDate): LondonDate =>
  utcDay(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 0);

/** The same day of another month; where that month is shorter, its last day: 31 January + 1 → 28 February. */
export function addMonths(date: LondonDate, months: number): LondonDate {
  const last = lastDayOfMonth(utcDay(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1 + months, 1));
  const day = `${last.slice(0, 8)}${date.slice(8)}` as LondonDate;
  return day < last ? day : last;
}
