import { DateFormatError, type LondonDate } from './london-date.js';

const LONDON = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

interface Wall {
  readonly date: string;
  readonly time: string;
}

/** Formatting costs 30 µs; every request asks for today, and for the same few deadlines: minutes are remembered. */
const walls = new Map<number, Wall>();
const REMEMBERED = 500;

function londonWall(instant: Date): Wall {
  const minute = Math.floor(instant.getTime() / MINUTE_MS);
  const known = walls.get(minute);
  if (known) return known;
  const wall = formatted(instant);
  if (walls.size >= REMEMBERED) walls.clear();
  walls.set(minute, wall);
  return wall;
}

function formatted(instant: Date): Wall {
  const parts: Record<string, string> = {};
  for (const { type, value } of LONDON.formatToParts(instant)) parts[type] = value;
  return {
    date: `${parts['year']!.padStart(4, '0')}-${parts['month']}-${parts['day']}`,
    time: `${parts['hour']}:${parts['minute']}`,
  };
}

/** The business date at an instant: 2026-03-31T23:30Z is already 1 April in London. */
export const londonDate = (instant: Date): LondonDate => londonWall(instant).date as LondonDate;

/** What clocks in London show at an instant, to the minute: `'18:00'`. */
export const londonTime = (instant: Date): string => londonWall(instant).time;

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * The instant at which clocks in London show this time on this date, e.g. a cut-off at `'18:00'`.
 * A time shown twice (the hour after summer time ends) is the first of the two; a time never shown (the hour
 * skipped in March) is as long after midnight as its digits say.
 * @throws DateFormatError when the time is not HH:MM
 */
export function londonInstant(date: LondonDate, time: string): Date {
  if (!TIME.test(time)) throw new DateFormatError();
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  const inSummerTime = new Date(asUtc - HOUR_MS);
  const shown = londonWall(inSummerTime);
  return shown.date === date && shown.time === time ? inSummerTime : new Date(asUtc);
}

/** Midnight in London at which the date begins. */
export const startOfLondonDay = (date: LondonDate): Date => londonInstant(date, '00:00');
