import { type Declaration } from '../core/declaration.js';
import { mayTake } from '../core/declaration.transitions.js';
import { obstacleTo, type Surroundings } from '../core/obstacles.js';
import { notLate } from '../periods/late.js';
import type { RefusalCode } from '../core/refusals.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';

/** The second person confirms that an adjustment was settled outside: from now on its money counts as settled (§7). */
export function applySettleOutside(work: Work, d: Declaration, s: StimulusOf<'settle-outside'>): void {
  const refusal = whyNotSettledOutside(d, s) ?? whyNotConfirmed(d, s);
  if (refusal) return work.refuse(refusal);
  const { personId, forOrganisation, note } = s;
  work.take(
    d,
    'settle-outside',
    { actor: 'commissioner', personId, forOrganisation, reason: note, code: 'SETTLED_OUTSIDE' },
    notLate(d),
  );
}

/**
 * It ends with an amount that counts, as a payment does: what stands in the way of a payment stands in its way, too.
 */
export function whyNotSettledOutside(d: Declaration, surroundings: Surroundings): RefusalCode | null {
  if (d.kind !== 'adjustment') return 'ONLY_ADJUSTMENTS_SETTLE_OUTSIDE';
  if (!mayTake(d.status, 'settle-outside')) return 'ILLEGAL_TRANSITION';
  return obstacleTo(d, surroundings);
}

function whyNotConfirmed(d: Declaration, s: StimulusOf<'settle-outside'>): RefusalCode | null {
  if (s.declarationVersion !== d.declarationVersion) return 'SETTLEMENT_SUPERSEDED';
  return s.personId === s.proposedBy ? 'SAME_PERSON' : null;
}
