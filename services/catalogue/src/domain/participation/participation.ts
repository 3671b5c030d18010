import type { LondonDate } from '@attest/calendar';
import type { PARTICIPATION_STATUSES } from '@attest/contracts';

export type ParticipationStatus = (typeof PARTICIPATION_STATUSES)[number];

/** One provider in one service, on the dates `[from, to)`. */
export interface Participation {
  readonly serviceCode: string;
  readonly providerCode: string;
  readonly status: ParticipationStatus;
  readonly from: LondonDate;
  readonly to: LondonDate | null;
  /** The last day on which the provider can answer. */
  readonly respondBy: LondonDate | null;
  /** As it is stored: 0 of one that was never offered before. */
  readonly version: bigint;
}

/** What became of one item of a request: a change, nothing to do, or a refusal with its code and words. */
export type ItemOutcome =
  | { readonly outcome: 'changed'; readonly participation: Participation; readonly reason: string | null }
  | { readonly outcome: 'unchanged'; readonly participation: Participation }
  | { readonly outcome: 'refused'; readonly code: string; readonly detail: string };

export const refusal = (code: string, detail: string): ItemOutcome => ({ outcome: 'refused', code, detail });
