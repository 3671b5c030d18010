import type { Hold, HoldCode } from '@attest/contracts';
import { madeWith, type Declaration, type Figures } from '../core/declaration.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';

/**
 * What has to happen before a hold of each kind is released (design §5 rule 3). After a leave, a correction or a closing
 * the figures that stand are wrong, so figures made with the change have to arrive. After a joining the earlier figure may
 * be kept, and by hand nothing changed: there a person decides at once.
 */
export const RELEASE_WAITS_FOR: Readonly<Record<HoldCode, Hold['waitsFor']>> = {
  PCN_PRACTICE_LEFT: 'REAGGREGATION',
  PCN_MEMBERSHIP_CORRECTED: 'REAGGREGATION',
  PCN_CLOSED: 'REAGGREGATION',
  PCN_PRACTICE_JOINED: null,
  BY_HAND: null,
};

/** A commissioner confirms the figures of a declaration on hold; several holds are released one by one (rule 3). */
export function applyReleaseHold(work: Work, d: Declaration, s: StimulusOf<'release-hold'>): void {
  const hold = [...d.holds, ...d.pendingHolds].find((one) => one.holdId === s.holdId);
  if (!hold) return work.refuse('HOLD_UNKNOWN');
  if (!s.confirmed) return work.refuse('HOLD_CONFIRMATION_MISSING');
  if (awaitsFigures(d, hold)) return work.refuse('HOLD_AWAITS_REAGGREGATION');
  const { personId, forOrganisation, reason } = s;
  work.note(
    d,
    'release-hold',
    { actor: 'commissioner', personId, forOrganisation, reason, code: hold.code },
    withoutHold(d, s.holdId),
  );
}

/** Figures with its membership change have not arrived, and it may not be released without them. */
export const awaitsFigures = (d: Declaration, hold: Hold): boolean =>
  hold.waitsFor === 'REAGGREGATION' &&
  hold.pcnCode !== null &&
  hold.membershipVersion !== null &&
  !madeWith(d.latest, hold.pcnCode, hold.membershipVersion);

/** Figures made with the change that a hold is for. By hand there is no change. */
export const haveItsChange = (
  figures: Pick<Figures, 'memberships'>,
  { pcnCode, membershipVersion }: Hold,
): boolean => pcnCode !== null && membershipVersion !== null && madeWith(figures, pcnCode, membershipVersion);

export const withoutHold = (
  { holds, pendingHolds }: Declaration,
  holdId: string,
): Pick<Declaration, 'holds' | 'pendingHolds'> => ({
  holds: holds.filter((one) => one.holdId !== holdId),
  pendingHolds: pendingHolds.filter((one) => one.holdId !== holdId),
});
