import type { LondonDate } from '@attest/calendar';
import type { Declaration } from './declaration.js';
import type { CalendarDates } from './window.js';

export type ActsNext = 'provider' | 'commissioner' | 'finance' | 'agency' | 'operator' | 'system' | 'nobody';

/** The one answer to "why is this not paid?", the same in page, API and report. */
export interface WhyNotPaid {
  readonly code: string;
  /** What happened, in words. */
  readonly cause: string;
  readonly actsNext: ActsNext;
  readonly unblockedBy: string;
  readonly since: Date;
}

export interface WhyContext {
  readonly today: LondonDate;
  readonly now: Date;
  readonly calendar: CalendarDates | null;
  /** Something that it depends on could not be read here, and since when. */
  readonly parkedSince: Date | null;
}

/** Always an answer, also for what is paid. What stands in the way comes before where it stands. */
export function whyNotPaid(d: Declaration, context: WhyContext): WhyNotPaid {
  return ended(d) ?? obstacle(d, context) ?? standing(d, context);
}

const answer = (
  code: string,
  cause: string,
  actsNext: ActsNext,
  unblockedBy: string,
  since: Date,
): WhyNotPaid => ({ code, cause, actsNext, unblockedBy, since });

function ended(d: Declaration): WhyNotPaid | null {
  const since = d.statusSince;
  switch (d.status) {
    case 'PAID':
      return answer(
        'PAID',
        'The agency acknowledged its line.',
        'nobody',
        'It is paid; a later change becomes an adjustment.',
        since,
      );
    case 'SETTLED_NIL':
      return answer(
        'SETTLED_NIL',
        'It is approved and there is nothing to pay.',
        'nobody',
        'Other figures would reopen it.',
        since,
      );
    case 'SETTLED_OUTSIDE':
      return answer('SETTLED_OUTSIDE', 'It was settled outside Attest.', 'nobody', 'Nothing.', since);
    case 'LAPSED':
      return answer(
        d.statusCode ?? 'LAPSED',
        LAPSES[d.statusCode ?? ''] ?? LAPSES['']!,
        'nobody',
        'Nothing.',
        since,
      );
    case 'RELEASING':
      return answer(
        'BEING_SENT',
        'A release run has confirmed it and has not ended yet.',
        'system',
        'The end of the run: its line is sealed, or it comes back with the reason.',
        since,
      );
    case 'SENT_TO_AGENCY':
      return answer(
        'AWAITING_AGENCY',
        'Its line stands in a sealed file and the agency has not answered yet.',
        'agency',
        "The agency's acknowledgement of the line.",
        since,
      );
    default:
      return null;
  }
}

const LAPSES: Readonly<Record<string, string>> = {
  NOT_APPLICABLE: 'There is nothing to pay for this date: no participation, or no data that counts.',
  WITHDRAWN: 'The commissioner ended it; the reason stands in its history.',
  ABSORBED: 'The agency rejected its line and an open adjustment carries the whole amount.',
  NOTHING_OWED: 'The newest figures owe nothing beyond what was sent.',
  '': 'It ended without payment; the reason stands in its history.',
};

function obstacle(d: Declaration, { parkedSince }: WhyContext): WhyNotPaid | null {
  if (parkedSince)
    return answer(
      'UPSTREAM_EVENT_PARKED',
      'An event that it depends on could not be read.',
      'operator',
      'The operator repairs and replays that event.',
      parkedSince,
    );
  const hold = d.holds[0];
  if (hold) {
    const what = [hold.practiceCodes.join(', '), hold.pcnCode].filter(Boolean).join(' in PCN ');
    return answer(
      hold.code,
      `It is on hold: ${HOLDS[hold.code] ?? 'held by hand'}${what ? ` (${what})` : ''}.${
        d.holds.length > 1 ? ` ${d.holds.length} holds stand; they are released one by one.` : ''
      }`,
      'commissioner',
      hold.waitsFor === 'REAGGREGATION'
        ? 'Figures made with the change arrive, then a commissioner releases the hold.'
        : 'A commissioner confirms the figures and releases the hold.',
      new Date(hold.since),
    );
  }
  if (d.blocked)
    return answer(
      'UPSTREAM_EVENT_PARKED',
      `Its figures cannot be made: an input could not be read (${d.blocked.code}).`,
      'operator',
      'The operator repairs and replays that input.',
      d.blocked.since,
    );
  if (d.awaiting || Object.keys(d.required).length > 0)
    return answer(
      'ACHIEVEMENT_AWAITING_AGGREGATION',
      'Something it is made from changed and is being added up.',
      'system',
      'The new figures, usually within a minute.',
      d.awaiting?.since ?? d.statusSince,
    );
  return null;
}

const HOLDS: Readonly<Record<string, string>> = {
  PCN_PRACTICE_JOINED: 'a practice joined',
  PCN_PRACTICE_LEFT: 'a practice left',
  PCN_MEMBERSHIP_CORRECTED: 'memberships were corrected',
  PCN_CLOSED: 'the PCN closed',
};

function standing(d: Declaration, { today, now, calendar }: WhyContext): WhyNotPaid {
  const since = d.statusSince;
  switch (d.status) {
    case 'AWAITING_PROVIDER_APPROVAL':
      if (d.kind === 'adjustment')
        return answer(
          'ADJUSTMENTS_CANNOT_BE_DECLARED_YET',
          'It is the difference to a line that was sent before the figures changed.',
          'commissioner',
          'Provider and commissioner settle the difference; adjustments cannot be declared here yet.',
          since,
        );
      if (calendar && today < calendar.opensOn)
        return answer(
          'NOT_YET_OPEN',
          `The payment calendar opens it on ${calendar.opensOn}.`,
          'nobody',
          'The day it opens.',
          since,
        );
      if (calendar && today > calendar.providerDeadlineOn)
        return answer(
          'NOT_DECLARED_BY_DEADLINE',
          `It was not declared by ${calendar.providerDeadlineOn}.`,
          'provider',
          'A late declaration with its reason; it joins a later run.',
          since,
        );
      return answer(
        d.statusCode ?? 'AWAITING_PROVIDER_APPROVAL',
        d.declarationVersion > 1 || d.statusReason
          ? `It came back to the provider${d.statusReason ? `: ${d.statusReason}` : ' because its figures changed'}.`
          : 'The provider has not declared it yet.',
        'provider',
        'The provider declares it.',
        since,
      );
    case 'AWAITING_COMMISSIONER_APPROVAL':
      return answer(
        'AWAITING_COMMISSIONER_APPROVAL',
        'The commissioner has not approved it yet.',
        'commissioner',
        'A signature by somebody who did not declare it.',
        since,
      );
    case 'AWAITING_FINANCE_APPROVAL':
      return answer(
        'AWAITING_FINANCE_APPROVAL',
        'Finance has not approved it yet.',
        'finance',
        'A signature by somebody who neither declared nor approved it.',
        since,
      );
    case 'REJECTED_BY_AGENCY':
      return answer(
        d.statusCode ?? 'REJECTED_BY_AGENCY',
        `The agency rejected its line: ${d.statusReason ?? 'no reason given'}.`,
        'commissioner',
        'Two people confirm that payee or account were put right with the agency; then the next run takes it.',
        since,
      );
    default:
      return d.late && d.payableFrom && d.payableFrom > now
        ? answer(
            'LATE_FOR_THIS_CUT_OFF',
            'It was declared after the provider deadline.',
            'system',
            `The run of payment period ${d.paymentPeriod}.`,
            since,
          )
        : answer(
            d.statusCode ?? 'AWAITING_RELEASE_RUN',
            d.statusCode && d.statusReason
              ? `It is approved, and the last release run left it out: ${d.statusReason}`
              : 'It is approved and no release run has taken it yet.',
            'system',
            `The release run of payment period ${d.paymentPeriod}.`,
            since,
          );
  }
}
