import type { Declaration } from './declaration.js';
import type { RefusalCode } from './refusals.js';
import type { StimulusOf } from './stimulus.js';
import type { Work } from './work.js';

/** Declared and not confirmed: where it is declared anew, lateness is decided anew. */
const ADMITTABLE: readonly Declaration['status'][] = [
  'AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL',
  'FINANCIALLY_APPROVED',
];

/** Out of the late queue, back to the run of its own payment period (rule 6). */
export function applyAdmitLate(work: Work, d: Declaration, s: StimulusOf<'admit-late'>): void {
  const refusal = whyNotAdmitted(work, d, s);
  if (refusal) return work.refuse(refusal);
  const { personId, forOrganisation, reason } = s;
  work.note(
    d,
    'admit-late',
    { actor: 'commissioner', personId, forOrganisation, reason, code: 'LATE_ADMITTED' },
    { late: false, payableFrom: null, paymentPeriod: s.own!.paymentPeriod },
  );
}

function whyNotAdmitted(work: Work, d: Declaration, s: StimulusOf<'admit-late'>): RefusalCode | null {
  if (s.seenRevision !== null && s.seenRevision !== d.revision) return 'STALE_VERSION';
  if (!d.late || !ADMITTABLE.includes(d.status)) return 'NOT_IN_LATE_QUEUE';
  if (s.own === null) return 'NOT_IN_CALENDAR';
  return s.own.cutOffAt <= work.context.now ? 'CUT_OFF_PASSED' : null;
}
