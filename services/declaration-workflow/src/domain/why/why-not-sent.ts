import type { Declaration } from '../core/declaration.js';
import { answer, sentence, type WhyAnswer } from './why-answer.js';

/** Everybody has signed, nothing stops it, and no run has sent it. */
export function notSent(d: Declaration): WhyAnswer {
  const run = `The release run of payment period ${d.paymentPeriod}.`;
  // A run that leaves it out says why in words; a code alone says how it was approved.
  if (d.statusCode && d.statusReason)
    return answer(
      d.statusCode,
      sentence('It is approved, and the last release run left it out', d.statusReason),
      'system',
      run,
      d.statusSince,
    );
  return answer(
    'AWAITING_RELEASE_RUN',
    'It is approved and no release run has taken it yet.',
    'system',
    run,
    d.statusSince,
  );
}

export const rejected = (d: Declaration): WhyAnswer =>
  answer(
    d.statusCode ?? 'REJECTED_BY_AGENCY',
    sentence('The agency rejected its line', d.statusReason, ' and gave no reason'),
    'commissioner',
    'Two people confirm that payee or account were put right with the agency; then the next run takes it.',
    d.statusSince,
  );
