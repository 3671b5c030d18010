import { addMonths, parseLondonDate, type LondonDate } from '@attest/calendar';
import {
  AlreadyAMemberError,
  EffectiveOnOutsideError,
  InAnotherPcnError,
  NotAMemberError,
  NothingToChangeError,
  OrganisationClosedError,
} from '../organisations.errors.js';
import type { Organisation } from '../register/organisation.js';
import { spellOn, type Timeline } from './timeline.js';

export interface WantedChange {
  readonly practiceCode: string;
  readonly leaves: string | null;
  readonly joins: string | null;
  readonly effectiveOn: LondonDate;
}

/** PCNs began on this day (Network Contract DES 2019/20). */
const FIRST_DAY_OF_PCNS = parseLondonDate('2019-07-01');
/** A change further ahead is more likely a slip of the year. */
const MONTHS_AHEAD = 24;

/** @throws NothingToChangeError, EffectiveOnOutsideError: what the request alone shows */
export function refuseWithoutLooking(change: WantedChange, today: LondonDate): void {
  if (change.leaves === change.joins) throw new NothingToChangeError();
  const latest = addMonths(today, MONTHS_AHEAD);
  if (change.effectiveOn < FIRST_DAY_OF_PCNS || change.effectiveOn > latest)
    throw new EffectiveOnOutsideError(change.effectiveOn, FIRST_DAY_OF_PCNS, latest);
}

/** @throws OrganisationClosedError when one of them is not open on the day */
export function refuseClosed(organisations: readonly Organisation[], effectiveOn: LondonDate): void {
  for (const { code, openOn, closeOn } of organisations) {
    const open = (openOn === null || openOn <= effectiveOn) && (closeOn === null || effectiveOn < closeOn);
    if (!open) throw new OrganisationClosedError(code, effectiveOn);
  }
}

/** @throws NotAMemberError, AlreadyAMemberError, InAnotherPcnError by what is known of the practice on the day */
export function refuseByTimeline(change: WantedChange, timeline: Timeline): void {
  const { practiceCode, leaves, joins, effectiveOn } = change;
  const current = spellOn(timeline, effectiveOn)?.pcnCode ?? null;
  if (joins !== null && current === joins) throw new AlreadyAMemberError(practiceCode, joins, effectiveOn);
  if (leaves !== null && current !== leaves) throw new NotAMemberError(practiceCode, leaves, effectiveOn);
  if (leaves === null && current !== null) throw new InAnotherPcnError(practiceCode, current, effectiveOn);
}
