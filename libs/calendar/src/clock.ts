import type { LondonDate } from './london-date.js';
import { londonDate } from './london-time.js';

/** Where rules take the time from. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/**
 * The time that business rules go by: real time and one offset, which a demo or a test may move across
 * deadlines. In production nothing moves it.
 */
export class BusinessClock implements Clock {
  #offsetMs = 0;

  constructor(private readonly clock: Clock = systemClock) {}

  now(): Date {
    return new Date(this.clock.now().getTime() + this.#offsetMs);
  }

  /** The business date in London. */
  today(): LondonDate {
    return londonDate(this.now());
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Called by hosting alone, with the offset that is kept in the database. */
  runWithOffset(offsetMs: number): void {
    this.#offsetMs = offsetMs;
  }
}
