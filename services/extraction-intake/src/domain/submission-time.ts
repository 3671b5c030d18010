import { londonDateOf, londonInstant } from '@attest/calendar';

/** Instants of London wall times yyyymmddHHMMSS. Many practices are submitted in the same minute. */
export class SubmissionTimes {
  private readonly minutes = new Map<number, number>();

  instant(submitted: number): Date {
    const second = submitted % 100;
    const minute = Math.floor(submitted / 100);
    let ms = this.minutes.get(minute);
    if (ms === undefined) {
      const date = Math.floor(minute / 10_000);
      const day = londonDateOf(Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100);
      const time = String(minute % 10_000).padStart(4, '0');
      ms = londonInstant(day, `${time.slice(0, 2)}:${time.slice(2)}`).getTime();
      this.minutes.set(minute, ms);
    }
    return new Date(ms + second * 1000);
  }
}
