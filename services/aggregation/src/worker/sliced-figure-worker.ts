import { setImmediate as others } from 'node:timers/promises';
import { FigureWorker, type MadeFigure } from '../application/figure-worker.js';
import type { Facts } from '../domain/facts.js';
import type { Identity, KnownService } from '../domain/service.js';
import { makeFigures } from './make-figures.js';

/** About 5 ms of figures of three indicators, then everybody else has a turn. */
const SLICE = 200;

/** In this thread, slice by slice. */
export class SlicedFigureWorker extends FigureWorker {
  async make(
    service: KnownService,
    identities: readonly Identity[],
    facts: readonly Facts[],
    known: readonly (string | null)[],
  ): Promise<readonly MadeFigure[]> {
    const made: MadeFigure[] = [];
    for (let from = 0; from < identities.length; from += SLICE) {
      const to = from + SLICE;
      made.push(
        ...makeFigures(
          service,
          identities.slice(from, to),
          facts.slice(from, to),
          known.slice(from, to),
          from,
        ),
      );
      await others();
    }
    return made;
  }
}
