import type { Declaration } from '../core/declaration.js';
import { mayTake } from '../core/declaration.transitions.js';
import type { RefusalCode } from '../core/refusals.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';
import { resume } from '../payments/payable-again.js';

/** Whether a correction may be proposed or confirmed. */
export const whyNotCorrected = (d: Declaration): RefusalCode | null =>
  mayTake(d.status, 'correct') ? null : 'ILLEGAL_TRANSITION';

/** The second person confirms that payee or account were corrected: the next attempt may go. */
export function applyCorrection(work: Work, d: Declaration, s: StimulusOf<'correct'>): void {
  const refusal = whyNotCorrected(d);
  if (refusal) return work.refuse(refusal);
  if (s.personId === s.proposedBy) return work.refuse('SAME_PERSON');
  const { personId, forOrganisation, reason } = s;
  const corrected = work.take(
    d,
    'correct',
    { actor: 'commissioner', personId, forOrganisation, reason },
    { attempt: d.attempt + 1, runId: null },
  );
  resume(work, corrected, 'corrected');
}
