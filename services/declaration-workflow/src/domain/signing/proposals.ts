import type { Declaration } from '../core/declaration.js';
import type { Surroundings } from '../core/obstacles.js';
import type { RefusalCode } from '../core/refusals.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';
import { whyNotCorrected } from './correct.js';
import { whyNotSettledOutside } from './settle-outside.js';

/** Two people decide it: that the first one proposed it, or that it was taken back, stands in the history (§5 rule 7). */
export function applyProposal(work: Work, d: Declaration, s: StimulusOf<'proposal'>): void {
  const refusal = s.withdrawn ? null : WHY_NOT_PROPOSED[s.code](d, s);
  if (refusal) return work.refuse(refusal);
  const { personId, forOrganisation, reason, code } = s;
  work.note(d, s.withdrawn ? 'withdraw-proposal' : 'propose', {
    actor: 'commissioner',
    personId,
    forOrganisation,
    reason,
    code,
  });
}

const WHY_NOT_PROPOSED: Readonly<
  Record<StimulusOf<'proposal'>['code'], (d: Declaration, surroundings: Surroundings) => RefusalCode | null>
> = {
  CORRECTION: whyNotCorrected,
  SETTLEMENT_OUTSIDE: whyNotSettledOutside,
};
