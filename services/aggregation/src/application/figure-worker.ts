import type { Facts } from '../domain/facts.js';
import type { Figure } from '../domain/make-figure.js';
import type { Identity, KnownService } from '../domain/service.js';
import type { WrittenFigure } from '../domain/written-figure.js';

export interface MadeFigure {
  /** Place among the identities. */
  readonly place: number;
  readonly figure: Figure;
  readonly written: WrittenFigure;
}

/** Makes the figures of a whole period without holding up the event loop. */
export abstract class FigureWorker {
  /**
   * @param known fingerprints by place; what comes out equal is left out of the answer, and null leaves nothing out
   */
  abstract make(
    service: KnownService,
    identities: readonly Identity[],
    facts: readonly Facts[],
    known: readonly (string | null)[],
  ): Promise<readonly MadeFigure[]>;
}
