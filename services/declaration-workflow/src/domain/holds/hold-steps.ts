import type { Hold } from '@attest/contracts';
import { isStale, isHoldable, madeWith, type Declaration } from '../core/declaration.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';

/** A commissioner stops a payment by hand, wherever money may still be stopped. */
export function applyHoldByHand(work: Work, d: Declaration, s: StimulusOf<'hold-by-hand'>): void {
  // The repeat of a request whose process died between placing it and saying so.
  if ([...d.holds, ...d.pendingHolds].some((one) => one.holdId === s.holdId)) return;
  if (s.expiresOn !== null && s.expiresOn < s.today) return work.refuse('HOLD_EXPIRY_PASSED');
  const hold: Hold = {
    holdId: s.holdId,
    code: 'BY_HAND',
    causeEventId: null,
    pcnCode: null,
    practiceCodes: [],
    changedFrom: null,
    changedTo: null,
    membershipVersion: null,
    releasedBy: 'commissioner',
    waitsFor: null,
    since: work.context.now.toISOString(),
    reason: s.reason,
    placedBy: s.personId,
    expiresOn: s.expiresOn,
    escalatedAt: null,
  };
  const { personId, forOrganisation, reason } = s;
  const why = { actor: 'commissioner', personId, forOrganisation, reason, code: hold.code } as const;
  if (isHoldable(d)) work.note(d, 'hold', why, { holds: [...d.holds, hold] });
  // Being sent, or rejected and to be sent again: it takes effect if the run ends without it.
  else if (d.status === 'RELEASING' || d.status === 'REJECTED_BY_AGENCY')
    work.note(d, 'record-change', why, { pendingHolds: [...d.pendingHolds, hold] });
  else work.refuse('HOLD_TOO_LATE');
}

/** It wanted to be held and its line was sealed all the same: that is said once, and nothing waits any more. */
export function tellHeldTooLate(work: Work, d: Declaration): Declaration {
  const late = d.pendingHolds.filter((hold) => hold.code === 'BY_HAND');
  return late.length === 0
    ? d
    : work.note(
        d,
        'need-resolution',
        { actor: 'system', code: 'NOT_STOPPED_IN_TIME', reason: HELD_TOO_LATE },
        { pendingHolds: d.pendingHolds.filter((hold) => hold.code !== 'BY_HAND') },
      );
}

const HELD_TOO_LATE =
  'it was put on hold by hand after it was confirmed and was not stopped in time; correct its figures if they are wrong, and the difference becomes an adjustment';

/** Figures with its membership change have not arrived, and it may not be released without them. */
export const awaitsFigures = (d: Declaration, hold: Hold): boolean =>
  hold.waitsFor === 'REAGGREGATION' &&
  hold.pcnCode !== null &&
  hold.membershipVersion !== null &&
  !madeWith(d.latest, hold.pcnCode, hold.membershipVersion);

/** A commissioner confirms the figures of a declaration on hold; several holds are released one by one (rule 3). */
export function applyReleaseHold(work: Work, d: Declaration, s: StimulusOf<'release-hold'>): void {
  if (isStale(d, s.seenRevision)) return work.refuse('STALE_VERSION');
  const hold = [...d.holds, ...d.pendingHolds].find((one) => one.holdId === s.holdId);
  if (!hold) return work.refuse('HOLD_UNKNOWN');
  if (!s.confirmed) return work.refuse('HOLD_CONFIRMATION_MISSING');
  if (awaitsFigures(d, hold)) return work.refuse('HOLD_AWAITS_REAGGREGATION');
  const { personId, forOrganisation, reason } = s;
  work.note(
    d,
    'release-hold',
    { actor: 'commissioner', personId, forOrganisation, reason, code: hold.code },
    without(d, s.holdId),
  );
}

export const without = (
  { holds, pendingHolds }: Declaration,
  holdId: string,
): Pick<Declaration, 'holds' | 'pendingHolds'> => ({
  holds: holds.filter((one) => one.holdId !== holdId),
  pendingHolds: pendingHolds.filter((one) => one.holdId !== holdId),
});

/** A hold counts through the whole of its last day in London; then people are told, once. It stands all the same. */
export function applyEscalation(work: Work, d: Declaration, s: StimulusOf<'escalate-holds'>): void {
  for (const hold of d.holds.filter((one) => isDue(one) && one.expiresOn! < s.today)) {
    const escalated = { ...hold, escalatedAt: work.context.now.toISOString() };
    const now = work.byId(d.declarationId)!;
    work.note(
      now,
      'escalate-hold',
      { actor: 'system', code: hold.code, reason: hold.reason ?? null },
      { holds: now.holds.map((one) => (one.holdId === hold.holdId ? escalated : one)) },
    );
  }
}

const isDue = (hold: Hold): boolean => Boolean(hold.expiresOn) && !hold.escalatedAt;

/** The first day on which one of its holds asks for a decision; null when none will. */
export const nextExpiryOf = (d: Declaration): string | null =>
  d.holds.reduce<string | null>(
    (first, hold) => (isDue(hold) && (first === null || hold.expiresOn! < first) ? hold.expiresOn! : first),
    null,
  );
