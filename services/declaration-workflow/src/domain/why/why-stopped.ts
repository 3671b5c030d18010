import { ENGLAND } from '@attest/contracts';
import type { Declaration } from '../core/declaration.js';
import { obstaclesToNext, refusalsOf, type Obstacle } from '../core/obstacles.js';
import type { StandingFreeze } from '../periods/freeze.js';
import { answer, sentence, type WhyAnswer, type WhyContext, type WhyNotPaid } from './why-answer.js';
import { held } from './why-held.js';

/** What forbids its next step; null when nothing does. */
export function stopped(d: Declaration, context: WhyContext): WhyNotPaid | null {
  const obstacles = obstaclesToNext(d, {
    parked: context.parkedSince !== null,
    frozen: Boolean(context.frozen),
    today: context.today,
    now: context.now,
    // An adjustment is declared on any day.
    opensOn: context.calendar && (d.kind === 'adjustment' ? context.today : context.calendar.opensOn),
    payableFrom: context.payableFrom ?? d.payableFrom,
  });
  const [first] = obstacles;
  return first === undefined ? null : { ...SAID[first](d, context), obstacles: refusalsOf(obstacles) };
}

const SAID: Readonly<Record<Obstacle, (d: Declaration, context: WhyContext) => WhyAnswer>> = {
  parked: (d, { parkedSince }) =>
    answer(
      'UPSTREAM_EVENT_PARKED',
      'An event that it depends on could not be read.',
      'operator',
      'The operator repairs and replays that event.',
      parkedSince!,
    ),
  frozen: (d, { frozen }) => inFrozenPeriod(frozen!),
  // One that has expired asks for a decision, so it comes before the others.
  held: (d) => held(d, d.holds.find((one) => one.escalatedAt) ?? d.holds[0]!),
  blocked: ({ blocked }) =>
    answer(
      'UPSTREAM_EVENT_PARKED',
      `Its figures cannot be made: an input could not be read (${blocked!.code}).`,
      'operator',
      'The operator repairs and replays that input.',
      blocked!.since,
    ),
  awaiting: (d) =>
    answer(
      'ACHIEVEMENT_AWAITING_AGGREGATION',
      'Something it is made from changed and is being added up.',
      'system',
      'The new figures, usually within a minute.',
      d.awaiting?.since ?? d.statusSince,
    ),
  notInCalendar: (d) =>
    answer(
      'NOT_IN_CALENDAR',
      'The payment calendar of its service has no entry for its achievement date.',
      'operator',
      'The national operator publishes the calendar with that date.',
      d.statusSince,
    ),
  notOpen: (d, { calendar }) =>
    answer(
      'NOT_YET_OPEN',
      `The payment calendar opens it on ${calendar!.opensOn}.`,
      'nobody',
      'The day it opens.',
      d.statusSince,
    ),
  late: (d) =>
    answer(
      'LATE_FOR_THIS_CUT_OFF',
      'It was declared after the provider deadline.',
      'system',
      `The release run of payment period ${d.paymentPeriod}.`,
      d.statusSince,
    ),
};

/** Whoever froze a period thaws it: what was frozen for England takes an operator. */
function inFrozenPeriod({ frozenFor, reason, since }: StandingFreeze): WhyAnswer {
  const byOperator = frozenFor === ENGLAND;
  return answer(
    'PERIOD_FROZEN',
    sentence('Its service and period are frozen', reason),
    byOperator ? 'operator' : 'commissioner',
    `${byOperator ? 'The national operator' : `Somebody who acts for ${frozenFor}`} thaws the period; then it goes on where it stands.`,
    since,
  );
}
