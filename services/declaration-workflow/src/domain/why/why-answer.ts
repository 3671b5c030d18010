import type { LondonDate } from '@attest/calendar';
import type { StandingFreeze } from '../periods/freeze.js';
import type { RefusalCode } from '../core/refusals.js';
import type { CalendarDates } from '../periods/window.js';

export type ActsNext = 'provider' | 'commissioner' | 'finance' | 'agency' | 'operator' | 'system' | 'nobody';

export interface WhyAnswer {
  readonly code: string;
  /** What happened, in words. */
  readonly cause: string;
  readonly actsNext: ActsNext;
  readonly unblockedBy: string;
  readonly since: Date;
}

/** The one answer to "why is this not paid?", the same in page, API and report. */
export interface WhyNotPaid extends WhyAnswer {
  /** The codes with which its next step would be refused now; the first one is what it would be refused with. */
  readonly obstacles: readonly RefusalCode[];
}

export interface WhyContext {
  readonly today: LondonDate;
  readonly now: Date;
  readonly calendar: CalendarDates | null;
  /** Something that it depends on could not be read here, and since when. */
  readonly parkedSince: Date | null;
  /** Somebody froze its service and period; left out: nobody did. */
  readonly frozen?: StandingFreeze | null;
  /** Of one that was declared late: the cut-off of its payment period as the calendar has it now; left out: as declared. */
  readonly payableFrom?: Date | null;
}

export const answer = (
  code: string,
  cause: string,
  actsNext: ActsNext,
  unblockedBy: string,
  since: Date,
): WhyAnswer => ({ code, cause, actsNext, unblockedBy, since });

/** People end their reasons with a full stop, or do not. */
export const bare = (reason: string): string => reason.replace(/[.\s]+$/, '');

export const sentence = (what: string, reason: string | null, otherwise = ''): string =>
  `${what}${reason ? `: ${bare(reason)}` : otherwise}.`;

/** What the system does by itself, without a person. */
export const NEXT_ROUND = 'The next round of the system, within seconds.';
