import type { Hold } from '@attest/contracts';
import { isHoldable, type Declaration } from '../core/declaration.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';
import { RELEASE_WAITS_FOR } from './release-hold.js';

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
    waitsFor: RELEASE_WAITS_FOR.BY_HAND,
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
