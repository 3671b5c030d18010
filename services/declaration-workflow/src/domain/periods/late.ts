import { type Declaration } from '../core/declaration.js';
import type { RefusalCode } from '../core/refusals.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';

/** The statuses of the late queue: declared and not confirmed. */
export const LATE_QUEUE: readonly Declaration['status'][] = [
  'AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL',
  'FINANCIALLY_APPROVED',
];

/** It goes back to its provider, or is admitted: where it is declared anew, lateness is decided anew. */
export const notLate = (
  d: Declaration,
): Pick<Declaration, 'late' | 'payableFrom' | 'paymentPeriod' | 'ownPeriod'> => ({
  late: false,
  payableFrom: null,
  paymentPeriod: d.ownPeriod ?? d.paymentPeriod,
  ownPeriod: null,
});

/** Out of the late queue, back to the run of its own payment period (rule 6). */
export function applyAdmitLate(work: Work, d: Declaration, s: StimulusOf<'admit-late'>): void {
  const refusal = whyNotAdmitted(work, d, s);
  if (refusal) return work.refuse(refusal);
  const { personId, forOrganisation, reason } = s;
  work.note(
    d,
    'admit-late',
    { actor: 'commissioner', personId, forOrganisation, reason, code: 'LATE_ADMITTED' },
    { ...notLate(d), paymentPeriod: s.own!.paymentPeriod },
  );
}

function whyNotAdmitted(work: Work, d: Declaration, s: StimulusOf<'admit-late'>): RefusalCode | null {
  if (!d.late || !LATE_QUEUE.includes(d.status)) return 'NOT_IN_LATE_QUEUE';
  if (s.own === null) return 'NOT_IN_CALENDAR';
  return s.own.cutOffAt <= work.context.now ? 'CUT_OFF_PASSED' : null;
}
