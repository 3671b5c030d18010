import type { Hold } from '@attest/contracts';
import {
  isEnded,
  isHoldable,
  isOpenAdjustment,
  isOverridden,
  isSealed,
  madeWith,
  type Declaration,
} from './declaration.js';
import type { MembershipChange } from './stimulus.js';
import type { Work } from './work.js';

const CHANGED_TOO_LATE =
  'a PCN membership changed after it was sent and was not stopped in time; an adjustment follows if the amount differs';

/**
 * A membership change reaches one declaration (design §5 rule 3). Figures that were already made with it, in whatever
 * order the topics arrive, are not held; the same change twice neither.
 */
export function applyMembership(work: Work, d: Declaration, change: MembershipChange): void {
  if (isEnded(d) || madeWith(d.latest, change.pcnCode, change.version)) return;
  if ((d.required[change.pcnCode] ?? 0) >= change.version) return;
  if (isOverridden(d, change.pcnCode, change.version)) return;
  const required = { ...d.required, [change.pcnCode]: change.version };
  const why = { actor: 'system', code: change.code } as const;
  // Its hold still stands, and figures from before the change came after those made with it: they are waited for
  // again, but one change holds once. A second hold would stay behind when the first is released.
  const more = isHeldFor(d, change) ? [] : [holdFor(work, change)];
  if (isHoldable(d)) {
    if (more.length === 0) work.note(d, 'record-change', why, { required });
    else work.note(d, 'hold', why, { required, holds: [...d.holds, ...more] });
  } else if (d.status === 'SETTLED_NIL') {
    work.note(d, 'record-change', why, { required });
  } else if (isSealed(d)) {
    // An open adjustment already carries what is unresolved; the sent line itself is not touched again.
    if (d.kind === 'adjustment' || work.family.some(isOpenAdjustment)) return;
    const pendingHolds = [...d.pendingHolds, ...more];
    if (d.resolutionSince) work.note(d, 'record-change', why, { required, pendingHolds });
    else
      work.note(
        d,
        'need-resolution',
        { actor: 'system', code: 'NOT_STOPPED_IN_TIME', reason: CHANGED_TOO_LATE },
        { required, pendingHolds, resolutionSince: work.context.now },
      );
  } else {
    // Being sent, or rejected and to be sent again: the hold waits for what becomes of the line.
    work.note(d, 'record-change', why, {
      required,
      pendingHolds: [...d.pendingHolds, ...more],
    });
  }
}

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
    waitsFor: change.code === 'PCN_PRACTICE_JOINED' ? null : 'REAGGREGATION',
    since: work.context.now.toISOString(),
  };
}
