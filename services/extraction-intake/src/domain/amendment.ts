import type { AmendmentOutcome, AmendmentPoundsCode } from '@attest/contracts';
import { AmendmentRefusedError } from './amendment.errors.js';

export const AMENDMENT_STATES = ['requested', 'accepted', 'refused', 'withdrawn', 'superseded'] as const;
export type AmendmentState = (typeof AMENDMENT_STATES)[number];

/** As people read it. */
export const AMENDMENT_STATE_LABELS: Readonly<Record<AmendmentState, string>> = {
  requested: 'Awaiting Commissioning Organisation Decision',
  accepted: 'Accepted',
  refused: 'Refused',
  withdrawn: 'Withdrawn by Service Provider',
  superseded: 'Overtaken by New Data',
};

export type AmendmentActor = 'provider' | 'commissioner' | 'system';
export type AmendmentStep = 'accept' | 'refuse' | 'withdraw' | 'supersede';

interface AmendmentTransition {
  readonly from: AmendmentState;
  readonly on: AmendmentStep;
  readonly to: AmendmentOutcome;
  readonly by: AmendmentActor;
}

/** Everything that can become of a request. Decided is decided: whoever thinks otherwise asks anew. */
export const AMENDMENT_TRANSITIONS: readonly AmendmentTransition[] = [
  { from: 'requested', on: 'accept', to: 'accepted', by: 'commissioner' },
  { from: 'requested', on: 'refuse', to: 'refused', by: 'commissioner' },
  { from: 'requested', on: 'withdraw', to: 'withdrawn', by: 'provider' },
  // Its old values are no longer those that count, so nobody may decide on them.
  { from: 'requested', on: 'supersede', to: 'superseded', by: 'system' },
];

/** @throws AmendmentRefusedError PAGE_CHANGED_SINCE, AMENDMENT_ALREADY_DECIDED */
export function amendmentTransition(from: AmendmentState, on: AmendmentStep): AmendmentTransition {
  const row = AMENDMENT_TRANSITIONS.find((t) => t.from === from && t.on === on);
  if (row) return row;
  throw from === 'superseded'
    ? new AmendmentRefusedError('PAGE_CHANGED_SINCE', { state: from })
    : new AmendmentRefusedError('AMENDMENT_ALREADY_DECIDED', { state: from });
}

/** Four-eyes. @throws AmendmentRefusedError SAME_PERSON */
export function refuseOwnDecision(requestedBy: string, personId: string): void {
  if (requestedBy === personId) throw new AmendmentRefusedError('SAME_PERSON');
}

/** One value, old and new. */
export interface AmendedValue {
  readonly indicatorCode: string;
  readonly fieldName: string;
  /** Null was not sent, which is not 0. */
  readonly oldValue: number | null;
  readonly newValue: number;
}

/** What the page alone is worth, before and after. Null where `code` says that more than the page decides it. */
export interface AmendmentPounds {
  readonly oldPence: bigint | null;
  readonly newPence: bigint | null;
  readonly oldPoints: string | null;
  readonly newPoints: string | null;
  readonly code: AmendmentPoundsCode | null;
}
