import type { TopicName } from '@attest/contracts';
import type { DeadLetterFilter, Settler } from '../dead-letters/dead-letter-store.js';

export interface ReplayRequest extends DeadLetterFilter, Settler {
  /** Does all of it and undoes it: the answer says what would happen. */
  readonly dryRun?: boolean | undefined;
  /** Gives the dead letters up instead of applying them; what is parked behind them is applied. */
  readonly discard?: boolean | undefined;
  readonly ratePerSecond?: number | undefined;
}

export interface ReplayFailure {
  readonly topic: TopicName;
  readonly key: string;
  readonly code: string;
  readonly message: string;
}

/** What became of one key. */
export interface KeyOutcome {
  readonly topic: TopicName;
  readonly key: string;
  /** Dead letters that were given up, by their ids. */
  readonly discarded: readonly string[];
  /** Dead letters that were applied, by their ids. */
  readonly replayed: readonly string[];
  /** Events that had waited behind them and were applied, by their ids. */
  readonly applied: readonly string[];
  readonly failure: Pick<ReplayFailure, 'code' | 'message'> | null;
  /** What waits under the key now. It is open when nothing dead does. */
  readonly stillDead: number;
  readonly stillParked: number;
}

export interface ReplayResult {
  readonly replayId: string;
  /** Then nothing was changed, and the rest says what would be. */
  readonly dryRun: boolean;
  /** Keys of the dead letters that the filter names. */
  readonly keys: number;
  /** Events applied: dead letters and what was parked. */
  readonly applied: number;
  readonly discarded: number;
  readonly failed: readonly ReplayFailure[];
  /** Key by key, which ones. */
  readonly outcomes: readonly KeyOutcome[];
}

export function resultOf(replayId: string, dryRun: boolean, outcomes: readonly KeyOutcome[]): ReplayResult {
  const sum = (count: (outcome: KeyOutcome) => number): number =>
    outcomes.reduce((total, outcome) => total + count(outcome), 0);
  return {
    replayId,
    dryRun,
    keys: outcomes.length,
    applied: sum(({ replayed, applied }) => replayed.length + applied.length),
    discarded: sum(({ discarded }) => discarded.length),
    failed: outcomes.flatMap(({ topic, key, failure }) => (failure ? [{ topic, key, ...failure }] : [])),
    outcomes,
  };
}
