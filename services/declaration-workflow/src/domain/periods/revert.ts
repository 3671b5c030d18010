import { type Declaration, UNSIGNED } from '../core/declaration.js';
import { mayTake } from '../core/declaration.transitions.js';
import { notLate } from './late.js';
import type { StimulusOf } from '../core/stimulus.js';
import { placeHolds } from '../holds/pending-holds.js';
import type { Work } from '../core/work.js';

/** Its signatures are taken back while its period is frozen (rule 5). It leads away from payment: no hold prevents it. */
export function applyRevert(work: Work, d: Declaration, s: StimulusOf<'revert'>): void {
  if (!mayTake(d.status, 'revert')) return work.refuse('ILLEGAL_TRANSITION');
  const { actor, personId, forOrganisation, reason } = s;
  const reverted = work.take(
    d,
    'revert',
    { actor, personId, forOrganisation, reason, code: 'APPROVALS_REVERTED' },
    { ...UNSIGNED, ...notLate(d) },
  );
  // A change that came while it was settled for nothing.
  placeHolds(work, reverted, reverted.pendingHolds);
}
