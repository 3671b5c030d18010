import { isEnded, latestOf, type Declaration, type Figures } from '../core/declaration.js';
import type { Work } from '../core/work.js';
import { policyOf } from '../signing/policy.js';
import { haveItsChange, withoutHold } from './release-hold.js';

const UNCHANGED = 'figures made with the membership change have arrived and the result is unchanged';

/**
 * Where the service's policy says so, a hold ends by itself when the figures that it was waiting for give the same
 * result. Each hold is released in its own step; another result has reopened the declaration, and a person looks.
 */
export function releaseUnchanged(
  work: Work,
  before: readonly Declaration[],
  madeBefore: Pick<Figures, 'memberships'>,
): void {
  for (const known of before) {
    const d = work.byId(known.declarationId);
    if (!d || policyOf(d).holdRelease !== 'automatic-when-unchanged') continue;
    if (d.declarationVersion !== known.declarationVersion || isEnded(d)) continue;
    if (d.latest.resultHash !== known.latest.resultHash) continue;
    for (const hold of [...d.holds, ...d.pendingHolds]) {
      if (haveItsChange(madeBefore, hold) || !haveItsChange(d.latest, hold)) continue;
      const standing = work.byId(d.declarationId)!;
      work.note(
        standing,
        'release-hold',
        { actor: 'system', code: hold.code, reason: UNCHANGED },
        withoutHold(standing, hold.holdId),
      );
    }
    // A change whose event comes after these figures would be released at once, so it need not hold.
    const brought = Object.entries(d.latest.memberships).filter(
      ([pcn]) => (madeBefore.memberships[pcn] ?? 0) <= (d.reachedBy[pcn] ?? 0),
    );
    const reachedBy = latestOf(d.reachedBy, Object.fromEntries(brought));
    if (reachedBy !== d.reachedBy) work.set(work.byId(d.declarationId)!, { reachedBy });
  }
}
