import { ENGLAND } from '@attest/contracts';
import type { Declaration } from './declaration.js';
import type { StandingFreeze } from './freeze.js';
import { answer, sentence, type WhyContext, type WhyNotPaid } from './why-answer.js';
import { held } from './why-held.js';

/** What forbids every forward step, wherever it stands; null when nothing does. */
export function obstacle(d: Declaration, { parkedSince, frozen }: WhyContext): WhyNotPaid | null {
  if (parkedSince)
    return answer(
      'UPSTREAM_EVENT_PARKED',
      'An event that it depends on could not be read.',
      'operator',
      'The operator repairs and replays that event.',
      parkedSince,
    );
  if (frozen) return inFrozenPeriod(frozen);
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

/** Whoever froze a period thaws it: what was frozen for England takes an operator. */
function inFrozenPeriod({ frozenFor, reason, since }: StandingFreeze): WhyNotPaid {
  const byOperator = frozenFor === ENGLAND;
  return answer(
    'PERIOD_FROZEN',
    sentence('Its service and period are frozen', reason),
    byOperator ? 'operator' : 'commissioner',
    `${byOperator ? 'The national operator' : `Somebody who acts for ${frozenFor}`} thaws the period; then it goes on where it stands.`,
    since,
  );
}
