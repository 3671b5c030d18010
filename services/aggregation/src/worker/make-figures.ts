import type { MadeFigure } from '../application/figure-worker.js';
import type { Facts } from '../domain/facts.js';
import { makeFigure } from '../domain/make-figure.js';
import type { Identity, KnownService } from '../domain/service.js';
import { writeFigure } from '../domain/written-figure.js';

/** Figures of some of a period's achievements; those equal to what is known already are left out. */
export function makeFigures(
  service: KnownService,
  identities: readonly Identity[],
  facts: readonly Facts[],
  known: readonly (string | null)[],
  firstPlace: number,
): MadeFigure[] {
  const made: MadeFigure[] = [];
  identities.forEach((identity, i) => {
    const figure = makeFigure(service, identity, facts[i]!);
    const written = writeFigure(figure);
    if (written.fingerprint !== known[i]) made.push({ place: firstPlace + i, figure, written });
  });
  return made;
}
