import type { Declaration } from '../../domain/core/declaration.js';
import type { Step } from '../../domain/core/work.js';
import type { KeptResult } from '../figures/figures.ports.js';

export interface CausedStep {
  readonly step: Step;
  readonly causeEventId: string | null;
}

/** As it is stored, and as it shall be. */
export interface ChangedDeclaration {
  readonly before: Declaration;
  readonly after: Declaration;
}

export interface WrittenBatch {
  readonly at: Date;
  readonly opened: readonly Declaration[];
  readonly changed: readonly ChangedDeclaration[];
  readonly steps: readonly CausedStep[];
  readonly results: readonly KeptResult[];
}
