import type { Declaration } from '../core/declaration.js';
import { mayTake } from '../core/declaration.transitions.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';
import { settleAchievement } from '../figures/adjustments.js';

/** It will not be paid. What a person ends, newer figures do not open again. */
export function applyLapse(work: Work, d: Declaration, s: StimulusOf<'lapse'>): void {
  if (!mayTake(d.status, 'lapse')) return work.refuse('ILLEGAL_TRANSITION');
  const { personId, forOrganisation, reason } = s;
  const withdrawn = work.take(
    d,
    'lapse',
    { actor: 'commissioner', personId, forOrganisation, reason, code: 'WITHDRAWN' },
    { holds: [], pendingHolds: [], required: {}, awaiting: null, blocked: null },
  );
  // What its adjustments or recoveries took or are about to take was owed beside it, and comes back.
  const hasMoved = withdrawn.nettedPence !== 0n || work.family.some((one) => one.kind === 'adjustment');
  if (d.kind === 'achievement' && hasMoved) settleAchievement(work, withdrawn);
}
