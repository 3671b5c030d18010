import type { DeadLetterFilter, Settler } from '../dead-letters/dead-letter-store.js';

export interface ReplayRequest extends DeadLetterFilter, Settler {
  /** Only says what would be replayed. */
  readonly dryRun?: boolean | undefined;
  /** Gives the dead letters up instead of applying them; what is parked behind them is applied. */
  readonly discard?: boolean | undefined;
  readonly ratePerSecond?: number | undefined;
}

export interface ReplayFailure {
  readonly topic: string;
  readonly key: string;
  readonly code: string;
  readonly message: string;
}

export interface ReplayResult {
  readonly replayId: string;
  readonly dryRun: boolean;
  /** Blocked keys that the filter names. */
  readonly keys: number;
  /** Events applied; in a dry run, those that would be tried. */
  readonly applied: number;
  readonly discarded: number;
  readonly failed: readonly ReplayFailure[];
}
