import type { Page } from '@attest/http';
import type { RunState } from '../domain/release-run.js';
import type { Paging } from './queries.js';

/** What became of a run's items so far. */
export interface RunCounts {
  /** Approved and payable when the run began to ask. */
  readonly listed: number;
  readonly requested: number;
  /** Confirmed and not sealed yet. */
  readonly confirmed: number;
  readonly included: number;
  /** Settled without a line: recoveries, and what they took whole. */
  readonly netted: number;
  readonly notIncluded: number;
}

export interface RunView extends RunCounts {
  readonly runId: string;
  readonly paymentPeriod: string;
  readonly sequence: number;
  readonly state: RunState;
  readonly cutOffAt: Date | null;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly endedAt: Date | null;
  readonly words: string | null;
  /** What keeps it from going on, until it does. */
  readonly troubleCode: string | null;
  readonly troubleWords: string | null;
  readonly troubleSince: Date | null;
}

export const RUN_ITEM_STATES = [
  'listed',
  'requested',
  'confirmed',
  'refused',
  'included',
  'netted',
  'not-included',
] as const;

export interface RunItemView {
  readonly declarationId: string;
  readonly declarationVersion: bigint;
  readonly attempt: number;
  readonly providerCode: string;
  readonly commissionerCode: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly state: (typeof RUN_ITEM_STATES)[number];
  readonly code: string | null;
  /** What is owed, where that decided about the line. */
  readonly owedPence: bigint | null;
  /** Taken off it by recoveries; of a recovery, below zero, what was taken over. */
  readonly nettedPence: bigint;
  /** Of a recovery: what stayed a debt. */
  readonly debtPence: bigint;
  readonly fileName: string | null;
  readonly lineNumber: number | null;
}

export abstract class RunQueries {
  abstract runs(paging: Paging): Promise<Page<RunView>>;
  abstract run(runId: string): Promise<RunView | undefined>;
  /** Counts of what lies within these organisations or below. */
  abstract countsWithin(runId: string, scope: readonly string[]): Promise<RunCounts>;
  /** Items within these organisations or below, by declaration id. */
  abstract items(
    runId: string,
    filter: { readonly scope: readonly string[]; readonly state?: string | undefined } & Paging,
  ): Promise<Page<RunItemView>>;
}
