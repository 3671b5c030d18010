import type { Declaration } from '../core/declaration.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';

/** Two people decide it: that the first one proposed it, or that it was taken back, stands in the history (§5 rule 7). */
export function applyProposal(work: Work, d: Declaration, s: StimulusOf<'proposal'>): void {
  const { personId, forOrganisation, reason, code } = s;
  work.note(d, s.withdrawn ? 'withdraw-proposal' : 'propose', {
    actor: 'commissioner',
    personId,
    forOrganisation,
    reason,
    code,
  });
}
