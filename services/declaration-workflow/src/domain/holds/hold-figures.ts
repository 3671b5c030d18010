import type { Hold } from '@attest/contracts';
import { madeWith, type Declaration, type Figures } from '../core/declaration.js';

export interface ShownFigure {
  readonly figureRevision: number;
  readonly pence: bigint;
}

/** The figure from before the cause of a hold and the one made with it; null where there is none (yet). */
export interface HoldFigures {
  readonly earlier: ShownFigure | null;
  readonly latest: ShownFigure | null;
}

/** @param results of its achievement, newest first */
export function figuresOf(d: Declaration, hold: Hold, results: readonly Figures[]): HoldFigures {
  const newest = d.override?.instead ?? d.latest;
  const latest = { figureRevision: newest.revision, pence: newest.pence };
  const { pcnCode, membershipVersion } = hold;
  // By hand: nothing has to arrive, so what is shown is the newest result and the one before it.
  if (pcnCode === null || membershipVersion === null) return { earlier: shown(results[1]), latest };
  const earlier = shown(earlierThan(results, pcnCode, membershipVersion));
  return madeWith(d.latest, pcnCode, membershipVersion) ? { earlier, latest } : { earlier, latest: null };
}

/** The newest result that was made without this membership change. */
export const earlierThan = (
  results: readonly Figures[],
  pcnCode: string,
  membershipVersion: number,
): Figures | undefined => results.find((result) => !madeWith(result, pcnCode, membershipVersion));

const shown = (figure: Figures | undefined): ShownFigure | null =>
  figure ? { figureRevision: figure.revision, pence: figure.pence } : null;
