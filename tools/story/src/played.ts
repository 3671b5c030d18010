// What is known of a month that was played: its scenes with their results, and the one JSON object of `--json`.
import type { Invariants } from '@attest/invariants/index';
import type { DatabaseSizes } from './database-size.js';
import type { PartName, Results } from './scenes/index.js';

export interface Played<Result> {
  readonly title: string;
  readonly seconds: number;
  readonly memoryMb: number;
  readonly result: Result;
}
/** A month may have ended before the others, or have been loaded alone. */
export type PlayedScenes = { [Name in PartName]?: Played<Results[Name]> };

/** In digits; what a month did not come to is left out. */
export interface PenceByStage {
  readonly calculated?: string | undefined;
  readonly declared?: string | undefined;
  readonly financiallyApproved?: string | undefined;
  readonly sealed?: string | undefined;
  readonly paid?: string | undefined;
  readonly adjustments?: AdjustedPence | undefined;
}

export interface AdjustedPence {
  readonly paid: string;
  readonly recovered: string;
  readonly net: string;
}

/** What stands at the head of the result. */
export interface Facts {
  readonly data?: 'made up' | 'published';
  readonly england?: string;
  readonly banner?: string;
  readonly readySeconds?: number;
  readonly versions?: {
    readonly attest: string;
    readonly node: string;
    readonly postgres: string;
    readonly kafka: string | undefined;
  };
  /** Of a month that was played to its end. */
  readonly databases?: DatabaseSizes;
}

export interface Summary extends Facts {
  readonly separate: boolean;
  readonly stateFolder: string;
  readonly storySeconds: number;
  readonly peakMemoryMb: number;
  readonly pence: PenceByStage;
  readonly scenes: Omit<PlayedScenes, 'invariants'>;
  readonly invariants: Partial<Invariants>;
  readonly passed: boolean;
  /** When, where it was played before. */
  readonly playedAt?: string;
}

/** A month that was played, or loaded, before. */
export interface FoundMonth {
  readonly playedAt: string;
  /** False: its organisations and services were loaded, and no month was played. */
  readonly played: boolean;
  /** In words. */
  readonly england: string;
  readonly summary: Summary;
}
