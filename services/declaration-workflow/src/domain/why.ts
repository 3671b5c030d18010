import type { LondonDate } from '@attest/calendar';
import type { Hold } from '@attest/contracts';
import type { Declaration } from './declaration.js';
import { isDeclaredBySystem, needsFinance, tierDue, tiersOf } from './policy.js';
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
  /** Somebody froze its service and period; left out: nobody did. */
  readonly frozen?: { readonly since: Date; readonly reason: string } | null;
}

/** Always an answer, also for what is paid. What stands in the way comes before where it stands. */
export function whyNotPaid(d: Declaration, context: WhyContext): WhyNotPaid {
  return ended(d) ?? obstacle(d, context) ?? withOverride(d, standing(d, context));
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
      if (d.sealedPence === 0n)
        return answer(
          d.statusCode ?? 'PAID',
          sentence('Its run settled it without a line', d.statusReason, ''),
          'nobody',
          'The account of the provider shows what was taken off which payment; a later change becomes an adjustment.',
          since,
        );
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
      return answer(
        'SETTLED_OUTSIDE',
        sentence('Two people of the commissioner say that it was settled outside', d.statusReason, ''),
        'nobody',
        'Nothing; a later change of its figures becomes another adjustment.',
        since,
      );
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

function obstacle(d: Declaration, { parkedSince, frozen }: WhyContext): WhyNotPaid | null {
  if (parkedSince)
    return answer(
      'UPSTREAM_EVENT_PARKED',
      'An event that it depends on could not be read.',
      'operator',
      'The operator repairs and replays that event.',
      parkedSince,
    );
  if (frozen)
    return answer(
      'PERIOD_FROZEN',
      sentence('Its service and period are frozen', frozen.reason, ''),
      'operator',
      'Whoever froze the period thaws it; then it goes on where it stands.',
      frozen.since,
    );
  // One that has expired asks for a decision, so it comes before the others.
  const hold = d.holds.find((one) => one.escalatedAt) ?? d.holds[0];
  if (hold) return held(d, hold);
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

function held(d: Declaration, hold: Hold): WhyNotPaid {
  const what = [hold.practiceCodes.join(', '), hold.pcnCode].filter(Boolean).join(' in PCN ');
  const because = hold.code === 'BY_HAND' && hold.reason ? `: ${bare(hold.reason)}` : '';
  const expired = hold.escalatedAt ? ` The hold ran until ${hold.expiresOn} and still stands.` : '';
  const others = d.holds.length > 1 ? ` ${d.holds.length} holds stand; they are released one by one.` : '';
  return answer(
    hold.escalatedAt ? 'HOLD_EXPIRED' : hold.code,
    `It is on hold: ${HOLDS[hold.code] ?? 'held'}${what ? ` (${what})` : ''}${because}.${expired}${others}`,
    'commissioner',
    unblockedBy(hold),
    new Date(hold.since),
  );
}

function unblockedBy(hold: Hold): string {
  if (hold.waitsFor === 'REAGGREGATION')
    return 'Figures made with the change arrive, then a commissioner releases the hold.';
  return hold.code === 'PCN_PRACTICE_JOINED'
    ? 'A commissioner compares the figures and releases the hold, or keeps the earlier figure.'
    : 'A commissioner confirms the figures and releases the hold.';
}

const withOverride = (d: Declaration, why: WhyNotPaid): WhyNotPaid =>
  d.override === null
    ? why
    : {
        ...why,
        cause: `${why.cause} ${sentence('Its commissioner keeps the earlier figure', d.override.reason, '')}`,
      };

const HOLDS: Readonly<Record<string, string>> = {
  PCN_PRACTICE_JOINED: 'a practice joined',
  PCN_PRACTICE_LEFT: 'a practice left',
  PCN_MEMBERSHIP_CORRECTED: 'memberships were corrected',
  PCN_CLOSED: 'the PCN closed',
  BY_HAND: 'its commissioner held it',
};

function standing(d: Declaration, { today, now, calendar }: WhyContext): WhyNotPaid {
  const since = d.statusSince;
  switch (d.status) {
    case 'AWAITING_PROVIDER_APPROVAL':
      if (isDeclaredBySystem(d) && calendar && today >= calendar.opensOn)
        return answer(
          'SYSTEM_DECLARES_NEXT',
          'Its service needs no declaration and the system declares it.',
          'system',
          'The next round of the system, within seconds.',
          since,
        );
      // Declaring it would be refused with the same code.
      if (calendar === null)
        return answer(
          'NOT_IN_CALENDAR',
          'The payment calendar of its service has no entry for its achievement date.',
          'operator',
          'The national operator publishes the calendar with that date.',
          since,
        );
      if (d.kind === 'adjustment')
        return answer(
          'ADJUSTMENT_NOT_DECLARED',
          sentence(
            d.pence < 0n
              ? 'More was sent than the figures give now, and the provider has not declared what is to be recovered'
              : 'It is the difference to what was sent before the figures changed, and the provider has not declared it',
            d.statusReason,
            '',
          ),
          'provider',
          'The provider, or the commissioner on its behalf, declares it; or the commissioner settles it outside.',
          since,
        );
      if (today < calendar.opensOn)
        return answer(
          'NOT_YET_OPEN',
          `The payment calendar opens it on ${calendar.opensOn}.`,
          'nobody',
          'The day it opens.',
          since,
        );
      if (today > calendar.providerDeadlineOn)
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
          ? sentence('It came back to the provider', d.statusReason, ' because its figures changed')
          : 'The provider has not declared it yet.',
        'provider',
        'The provider declares it.',
        since,
      );
    case 'AWAITING_COMMISSIONER_APPROVAL':
      return awaitingCommissioner(d);
    case 'AWAITING_FINANCE_APPROVAL':
      if (!needsFinance(d))
        return answer(
          'SYSTEM_APPROVES_NEXT',
          "Its amount is within its service's limit, so the system approves it for finance.",
          'system',
          'The next round of the system, within seconds.',
          since,
        );
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
        sentence('The agency rejected its line', d.statusReason, ' and gave no reason'),
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
              ? sentence('It is approved, and the last release run left it out', d.statusReason, '')
              : 'It is approved and no release run has taken it yet.',
            'system',
            `The release run of payment period ${d.paymentPeriod}.`,
            since,
          );
  }
}

/** People end their reasons with a full stop, or do not. */
const bare = (reason: string): string => reason.replace(/[.\s]+$/, '');

const sentence = (what: string, reason: string | null, otherwise: string): string =>
  `${what}${reason ? `: ${bare(reason)}` : otherwise}.`;

/** Names the tier that is due and the role that it takes, and says how far the route has come. */
function awaitingCommissioner(d: Declaration): WhyNotPaid {
  const due = tierDue(d);
  if (due === null)
    return answer(
      'SYSTEM_APPROVES_NEXT',
      'No signature of the commissioner is outstanding and the system passes it on to finance.',
      'system',
      'The next round of the system, within seconds.',
      d.statusSince,
    );
  const tiers = tiersOf(d);
  if (tiers.length === 1)
    return answer(
      'AWAITING_COMMISSIONER_APPROVAL',
      'The commissioner has not approved it yet.',
      'commissioner',
      'A signature by somebody who did not declare it.',
      d.statusSince,
    );
  const place = tiers.findIndex((tier) => tier.name === due.name) + 1;
  const last = d.commissionerSignatures.at(-1);
  return answer(
    'AWAITING_COMMISSIONER_TIER',
    `Signature ${place} of ${tiers.length} that an amount of its size needs is outstanding: ${due.name}.`,
    'commissioner',
    `A signature by somebody with ${due.role} who neither declared it nor signed before.`,
    last ? new Date(last.at) : d.statusSince,
  );
}
