import type { Declaration } from '../core/declaration.js';
import { restate } from '../figures/restate.js';
import { owedTo } from '../figures/owed.js';
import { placePendingHolds } from '../holds/pending-holds.js';
import type { Work } from '../core/work.js';

/**
 * A declaration that is payable again after a run or a correction: what was recorded while it could not be touched takes effect now,
 * first the holds, then another result.
 */
export function resume(work: Work, d: Declaration, after: 'not-included' | 'corrected'): void {
  const held = placePendingHolds(work, d, after);
  const owed = owedTo(work.family, held);
  // Beside others what it owes also moves with theirs; alone, only with its own result.
  const moved = held.latest.resultHash !== held.statedHash || (work.family.length > 1 && owed !== held.pence);
  if (moved) restate(work, held, owed);
}
