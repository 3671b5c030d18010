import { londonDate, type LondonDate } from '@attest/calendar';
import { ENGLAND } from '@attest/contracts';
import type { RefusalText } from '../core/refusals.js';

/** Declaring, signing and paying of one service and achievement date stopped by a person (design §5 rule 5). */
export interface Freeze {
  readonly freezeId: string;
  readonly serviceCode: string;
  readonly achievementDate: LondonDate;
  /** Whose declarations: this commissioner's and those below it; `ENGLAND` is all. */
  readonly scopeCode: string;
  readonly version: number;
  readonly reason: string;
  readonly frozenBy: string;
  /** The organisation for which it was frozen; who thaws it acts for the same. */
  readonly frozenFor: string;
  readonly frozenAt: Date;
  readonly revert: AskedRevert | null;
  readonly thawedAt: Date | null;
  readonly thawedBy: string | null;
  readonly providerDeadlineOn: LondonDate | null;
  readonly cutOffAt: Date | null;
}

/** A freeze as whoever it stops hears of it. */
export interface StandingFreeze extends Pick<Freeze, 'reason' | 'frozenFor'> {
  readonly since: Date;
}

/** Stands until everything before confirm has gone back, and so have the lines that the run in flight leaves out. */
export interface AskedRevert {
  readonly reason: string;
  readonly askedBy: string;
  readonly askedFor: string;
  readonly askedAt: Date;
  readonly reverted: number;
  readonly doneAt: Date | null;
}

export interface NewDeadlines {
  readonly providerDeadlineOn: LondonDate | null;
  readonly cutOffAt: Date | null;
}

export const FREEZE_REFUSALS = {
  FREEZE_UNKNOWN: { status: 404, words: 'There is no freeze with this id here. Look it up in the list.' },
  PERIOD_UNKNOWN: {
    status: 404,
    words:
      'The payment calendar of this service has no entry for this achievement date, so there is nothing to freeze. Check both.',
  },
  ALREADY_FROZEN: {
    status: 409,
    words: 'This service and achievement date are frozen already. Use the freeze that stands.',
  },
  FREEZE_SCOPE_MISSING: {
    status: 422,
    words: 'You act for several commissioners. Say in commissionerCode whose declarations shall be frozen.',
  },
  FREEZE_SCOPE_UNKNOWN: {
    status: 422,
    words:
      'commissionerCode is not a commissioner, a region or ENGLAND. Give the code of the one whose declarations shall be frozen.',
  },
  FREEZE_NOT_YOURS: {
    status: 403,
    words:
      'This freeze stands for another organisation than those you act for. Ask whoever placed it, or the national operator.',
  },
  ALREADY_THAWED: {
    status: 409,
    words: 'This freeze has been thawed. Freeze the period again if you need to.',
  },
  REVERT_ASKED_ALREADY: {
    status: 409,
    words:
      'Approvals of this freeze are being reverted already, or have been. Read the freeze to see how far.',
  },
  REVERT_UNDER_WAY: {
    status: 409,
    passes: true,
    words:
      'Approvals are still being reverted, or a run that has confirmed some has not ended. Thaw it when the freeze says that it is done.',
  },
  DEADLINE_NOT_AHEAD: {
    status: 422,
    words:
      'The new dates lie in the past, or the cut-off before the provider deadline. Give dates to come, in order.',
  },
} as const satisfies Record<string, RefusalText>;
export type FreezeRefusal = keyof typeof FREEZE_REFUSALS;

export function whyNotRevert(freeze: Freeze): FreezeRefusal | null {
  if (freeze.thawedAt !== null) return 'ALREADY_THAWED';
  return freeze.revert === null ? null : 'REVERT_ASKED_ALREADY';
}

/** As the calendar has them. */
export interface PeriodDeadlines {
  readonly providerDeadlineOn: LondonDate;
  readonly cutOffAt: Date;
}

export function whyNotThaw(
  freeze: Freeze,
  deadlines: NewDeadlines,
  { today, now, calendar }: { today: LondonDate; now: Date; calendar: PeriodDeadlines | null },
): FreezeRefusal | null {
  if (freeze.thawedAt !== null) return 'ALREADY_THAWED';
  if (freeze.revert !== null && freeze.revert.doneAt === null) return 'REVERT_UNDER_WAY';
  const { providerDeadlineOn, cutOffAt } = deadlines;
  const passed =
    (providerDeadlineOn !== null && providerDeadlineOn < today) || (cutOffAt !== null && cutOffAt <= now);
  // Whichever of the two is given, the other is the calendar's.
  const deadline = providerDeadlineOn ?? calendar?.providerDeadlineOn ?? null;
  const cutOff = cutOffAt ?? calendar?.cutOffAt ?? null;
  const moved = providerDeadlineOn !== null || cutOffAt !== null;
  const crossed = moved && deadline !== null && cutOff !== null && londonDate(cutOff) < deadline;
  return passed || crossed ? 'DEADLINE_NOT_AHEAD' : null;
}

/** Operators act as the system, for England; everybody else as a commissioner. */
export const revertActor = (askedFor: string): 'commissioner' | 'system' =>
  askedFor === ENGLAND ? 'system' : 'commissioner';
