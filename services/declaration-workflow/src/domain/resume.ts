import type { Declaration } from './declaration.js';
import { restate } from './figures.js';
import { placePendingHolds } from './memberships.js';
import type { Work } from './work.js';

/**
 * A declaration that is payable again after a run: what was recorded while it could not be touched takes effect now,
 * first the holds, then another result.
 */
export function resumeAfterRun(work: Work, d: Declaration): void {
  const held = placePendingHolds(work, d);
  if (held.latest.resultHash !== held.statedHash) restate(work, held, held.latest.pence);
}
