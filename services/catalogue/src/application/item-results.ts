import type { ItemOutcome, ParticipationStatus } from '../domain/participation/participation.js';
import type { ParticipationChange } from './ports.js';

/** What became of one item of a bulk request. */
export interface ItemResult {
  readonly serviceCode: string;
  readonly providerCode: string;
  readonly outcome: ItemOutcome['outcome'];
  readonly status: ParticipationStatus | null;
  readonly code: string | null;
  readonly detail: string | null;
}

export interface BulkResult {
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly items: readonly ItemResult[];
}

export interface DecidedItem {
  readonly serviceCode: string;
  readonly providerCode: string;
  readonly outcome: ItemOutcome;
}

export const changesOf = (items: readonly DecidedItem[]): ParticipationChange[] =>
  items.flatMap(({ outcome }) =>
    outcome.outcome === 'changed' ? [{ participation: outcome.participation, reason: outcome.reason }] : [],
  );

export function resultOf(items: readonly DecidedItem[]): BulkResult {
  const counts = { changed: 0, unchanged: 0, refused: 0 };
  for (const { outcome } of items) counts[outcome.outcome]++;
  return {
    ...counts,
    items: items.map(({ serviceCode, providerCode, outcome }) => ({
      serviceCode,
      providerCode,
      outcome: outcome.outcome,
      status: outcome.outcome === 'refused' ? null : outcome.participation.status,
      code: outcome.outcome === 'refused' ? outcome.code : null,
      detail: outcome.outcome === 'refused' ? outcome.detail : null,
    })),
  };
}
