import { londonDate, londonDateOf, londonInstant, londonTime } from '@attest/calendar';

const HOUR_MS = 3_600_000;
const HOUR = 10_000;
const MARCH = 3;

/**
 * Instants of London wall times yyyymmddHHMMSS. Rows say no zone, so the hour that comes twice in October is read as
 * the first of the two, always: two submissions of that hour are ordered by what their clocks show, and equal times
 * are one moment. Many practices are submitted in the same minute.
 */
export class SubmissionTimes {
  private readonly minutes = new Map<number, number>();

  instant(submitted: number): Date {
    const second = submitted % 100;
    const minute = Math.floor(submitted / 100);
    let ms = this.minutes.get(minute);
    if (ms === undefined) {
      ms = londonInstant(dayOf(submitted), timeOf(submitted)).getTime();
      this.minutes.set(minute, ms);
    }
    return new Date(ms + second * 1000);
  }
}

/**
 * The same moment as London shows it. In March clocks show no time between one and two: who writes one had not put
 * the clock forward. Written an hour later, times order as their moments do.
 */
export function asShownInLondon(submitted: number): number {
  const month = Math.floor(submitted / 100_000_000) % 100;
  if (month !== MARCH || Math.floor(submitted / HOUR) % 100 !== 1) return submitted;
  const time = timeOf(submitted);
  return londonTime(londonInstant(dayOf(submitted), time)) === time ? submitted : submitted + HOUR;
}

/** What cannot have been submitted yet: more than an hour after the file came, since clocks differ. */
export class SubmissionLimit {
  private readonly latest: Date;
  private readonly shown: number;
  private readonly times = new SubmissionTimes();

  constructor(receivedAt: Date) {
    this.latest = new Date(receivedAt.getTime() + HOUR_MS);
    const minute = `${londonDate(this.latest)}${londonTime(this.latest)}`.replace(/\D/g, '');
    this.shown = Number(minute) * 100 + this.latest.getUTCSeconds();
  }

  /** @param submitted as shown in London */
  isAhead(submitted: number): boolean {
    // The wall time decides nearly always, and costs nothing.
    return submitted > this.shown && this.times.instant(submitted) > this.latest;
  }
}

function dayOf(submitted: number) {
  const date = Math.floor(submitted / 1_000_000);
  return londonDateOf(Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100);
}

function timeOf(submitted: number): string {
  const time = String(Math.floor(submitted / 100) % 10_000).padStart(4, '0');
  return `${time.slice(0, 2)}:${time.slice(2)}`;
}
