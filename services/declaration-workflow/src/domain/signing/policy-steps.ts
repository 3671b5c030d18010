import type { Hold, ReadonlyPolicy } from '@attest/contracts';
import { isEnded, latestOf, madeWith, type Declaration, type Figures } from '../core/declaration.js';
import { without } from '../holds/hold-steps.js';
import { policyOf, routeOf } from './policy.js';
import type { Work } from '../core/work.js';

const UNCHANGED = 'figures made with the membership change have arrived and the result is unchanged';

/** Its service has another policy now. It holds for the steps that come; what is signed stays signed. */
export function applyPolicy(work: Work, d: Declaration, policy: ReadonlyPolicy | null): void {
  if (isEnded(d) || samePolicy(d.policy, policy)) return;
  // Whoever waits to sign has to see what is asked now; what is past asking hears of it when it comes back.
  if (d.status.startsWith('AWAITING_') && !samePolicy(shown(d), shown({ ...d, policy })))
    work.note(d, 'readdress', { actor: 'system', code: 'POLICY_CHANGED' }, { policy });
  else work.set(d, { policy });
}

const shown = (d: Declaration) => routeOf(d, d.status === 'AWAITING_COMMISSIONER_APPROVAL');

/** Both come from the same column, whose properties have one order. */
const samePolicy = (a: object | null, b: object | null): boolean => JSON.stringify(a) === JSON.stringify(b);

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
      if (isSatisfied(hold, madeBefore) || !isSatisfied(hold, d.latest)) continue;
      const standing = work.byId(d.declarationId)!;
      work.note(
        standing,
        'release-hold',
        { actor: 'system', code: hold.code, reason: UNCHANGED },
        without(standing, hold.holdId),
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

const isSatisfied = (hold: Hold, figures: Pick<Figures, 'memberships'>): boolean =>
  hold.pcnCode !== null &&
  hold.membershipVersion !== null &&
  madeWith(figures, hold.pcnCode, hold.membershipVersion);
