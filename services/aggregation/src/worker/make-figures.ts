import type { MadeFigure } from '../application/figure-worker.js';
import type { Facts } from '../domain/facts.js';
import { makeFigure } from '../domain/make-figure.js';
import type { Identity, KnownService } from '../domain/service.js';
import { writeFigure } from '../domain/written-figure.js';

/** The figures of these achievements, in their order. */
export function makeFigures(
  service: KnownService,
  identities: readonly Identity[],
  facts: readonly Facts[],
  firstPlace: number,
): MadeFigure[] {
  return identities.map((identity, i) => {
    const figure = makeFigure(service, identity, facts[i]!);
    return { place: firstPlace + i, figure, written: writeFigure(figure) };
  });
}
