import type { Hold } from '@attest/contracts';
import {
  latestOf,
  isEnded,
  isHoldable,
  isOpenAdjustment,
  isOverridden,
  isSealed,
  madeWith,
  type Declaration,
} from '../core/declaration.js';
import type { MembershipChange } from '../core/stimulus.js';
import type { Work } from '../core/work.js';
import { RELEASE_WAITS_FOR } from './release-hold.js';

const CHANGED_TOO_LATE =
  'a PCN membership changed after it was sent and was not stopped in time; an adjustment follows if the amount differs';

/**
 * A membership change reaches one declaration (design §5 rule 3). The same change twice does nothing. In whatever order
 * the change and figures made with it arrive, it ends alike.
 */
export function applyMembership(work: Work, d: Declaration, change: MembershipChange): void {
  const { pcnCode, version } = change;
  if (isEnded(d) || isOverridden(d, pcnCode, version)) return;
  if (madeWith(d.latest, pcnCode, version)) reachAfterFigures(work, d, change);
  else if ((d.required[pcnCode] ?? 0) < version) reach(work, d, change);
}

const reachedWith = (d: Declaration, { pcnCode, version }: MembershipChange): Declaration['reachedBy'] =>
  latestOf(d.reachedBy, { [pcnCode]: version });

/** Figures made with it were faster. What they changed is looked at all the same: nothing is waited for but a person. */
function reachAfterFigures(work: Work, d: Declaration, change: MembershipChange): void {
  const reachedBy = reachedWith(d, change);
  if (reachedBy === d.reachedBy) return;
  const why = { actor: 'system', code: change.code } as const;
  // What was settled for nothing, or sent, was compared with these figures as they came.
  if (d.status === 'SETTLED_NIL' || isSealed(d) || isHeldFor(d, change)) work.set(d, { reachedBy });
  else if (isHoldable(d))
    work.note(d, 'hold', why, { reachedBy, holds: [...d.holds, holdFor(work, change)] });
  else
    work.note(d, 'record-change', why, {
      reachedBy,
      pendingHolds: [...d.pendingHolds, holdFor(work, change)],
    });
}

function reach(work: Work, d: Declaration, change: MembershipChange): void {
  const reachedBy = reachedWith(d, change);
  const required = { ...d.required, [change.pcnCode]: change.version };
  const why = { actor: 'system', code: change.code } as const;
  // Its hold still stands, and figures from before the change came after those made with it: they are waited for
  // again, but one change holds once. A second hold would stay behind when the first is released.
  const more = isHeldFor(d, change) ? [] : [holdFor(work, change)];
  const pendingHolds = [...d.pendingHolds, ...more];
  if (isHoldable(d)) {
    if (more.length === 0) work.note(d, 'record-change', why, { required, reachedBy });
    else work.note(d, 'hold', why, { required, reachedBy, holds: [...d.holds, ...more] });
  } else if (isSealed(d)) {
    // An open adjustment already carries what is unresolved; the sent line itself is not touched again.
    if (d.kind === 'adjustment' || work.family.some(isOpenAdjustment)) work.set(d, { reachedBy });
    else if (d.resolutionSince) work.note(d, 'record-change', why, { required, reachedBy, pendingHolds });
    else
      work.note(
        d,
        'need-resolution',
        { actor: 'system', code: 'NOT_STOPPED_IN_TIME', reason: CHANGED_TOO_LATE },
        { required, reachedBy, pendingHolds, resolutionSince: work.context.now },
      );
  } else {
    // Settled for nothing, being sent, or rejected and to be sent again: the hold waits for what becomes of it.
    work.note(d, 'record-change', why, { required, reachedBy, pendingHolds });
  }
}

/** Versions that came with figures and whose change has not been heard of. */
const unheard = ({ latest, reachedBy }: Declaration): string[] =>
  Object.keys(latest.memberships).filter((pcn) => latest.memberships[pcn]! > (reachedBy[pcn] ?? 0));

/**
 * What has reached a declaration that is opened, or stays ended, with these figures. A change that came with the figures
 * that ended it, before its event, is still to come: its event would have held what ended.
 */
export const reachedAnew = (
  ended: readonly Declaration[],
  memberships: Readonly<Record<string, number>>,
): Declaration['reachedBy'] => {
  const known = ended.reduce((reached, d) => latestOf(reached, d.reachedBy), {});
  const still = new Set(ended.flatMap(unheard));
  return latestOf(known, Object.fromEntries(Object.entries(memberships).filter(([pcn]) => !still.has(pcn))));
};

const isHeldFor = (d: Declaration, { pcnCode, version }: MembershipChange): boolean =>
  [...d.holds, ...d.pendingHolds].some(
    (hold) => hold.pcnCode === pcnCode && hold.membershipVersion === version,
  );

function holdFor(work: Work, change: MembershipChange): Hold {
  return {
    holdId: work.context.newId(),
    code: change.code,
    causeEventId: change.eventId,
    pcnCode: change.pcnCode,
    practiceCodes: [...change.practiceCodes],
    changedFrom: change.changedFrom,
    changedTo: change.changedTo,
    membershipVersion: change.version,
    releasedBy: 'commissioner',
    waitsFor: RELEASE_WAITS_FOR[change.code],
    since: work.context.now.toISOString(),
  };
}
