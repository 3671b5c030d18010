import type { Declaration } from '../core/declaration.js';
import { needsFinance, tierDue, tiersOf } from '../signing/policy.js';
import { answer, NEXT_ROUND, sentence, type WhyAnswer } from './why-answer.js';

/** Names the tier that is due and the role that it takes, and says how far the route has come. */
export function awaitingCommissioner(d: Declaration): WhyAnswer {
  const due = tierDue(d);
  if (due === null)
    return answer(
      'SYSTEM_APPROVES_NEXT',
      'No signature of the commissioner is outstanding and the system passes it on to finance.',
      'system',
      NEXT_ROUND,
      d.statusSince,
    );
  // Declaring it ends the wait for people, so whoever sent it back to here is finance.
  const sentBack = d.systemWaits ? `${sentence('Finance sent it back', d.statusReason)} ` : '';
  const tiers = tiersOf(d);
  if (tiers.length === 1)
    return answer(
      'AWAITING_COMMISSIONER_APPROVAL',
      `${sentBack}The commissioner has not approved it ${sentBack ? 'again' : 'yet'}.`,
      'commissioner',
      'A signature by somebody who did not declare it.',
      d.statusSince,
    );
  const place = tiers.findIndex((tier) => tier.name === due.name) + 1;
  const last = d.commissionerSignatures.at(-1);
  return answer(
    'AWAITING_COMMISSIONER_TIER',
    `${sentBack}Signature ${place} of ${tiers.length} that an amount of its size needs is outstanding: ${due.name}.`,
    'commissioner',
    `A signature by somebody with ${due.role} who neither declared it nor signed before.`,
    last ? new Date(last.at) : d.statusSince,
  );
}

export function awaitingFinance(d: Declaration): WhyAnswer {
  if (!needsFinance(d))
    return answer(
      'SYSTEM_APPROVES_NEXT',
      "Its amount is within its service's limit, so the system approves it for finance.",
      'system',
      NEXT_ROUND,
      d.statusSince,
    );
  return answer(
    'AWAITING_FINANCE_APPROVAL',
    'Finance has not approved it yet.',
    'finance',
    'A signature by somebody who neither declared nor approved it.',
    d.statusSince,
  );
}
