// One region of a made-up England: its boards with all that is theirs. What reaches over the border is cut at it.
import type { Cell } from '../csv.js';
import * as shape from './shape.js';

/** What lies in a region. */
interface Placed {
  readonly icb: { readonly region: string };
}

/** The code of the region that is played alone, by the practices of July 2026. */
export function chooseRegion(practices: readonly Placed[]): string | undefined {
  const sizes = new Map<string, number>();
  for (const { icb } of practices) sizes.set(icb.region, (sizes.get(icb.region) ?? 0) + 1);
  const distance = (size: number): number => Math.abs(size - shape.PRACTICES_OF_ONE_REGION);
  const [nearest] = [...sizes].sort(([a, m], [b, n]) => distance(m) - distance(n) || (a < b ? -1 : 1));
  return nearest?.[0];
}

/** What of an England is written. */
export interface Part {
  practice(practice: Placed): boolean;
  pcn(pcn: Placed): boolean;
  spell(spell: { readonly practice: Placed; readonly pcn: Placed }): boolean;
  result(result: { readonly practice: Placed }): boolean;
  /** A row whose first cell is the region's code. */
  payment(row: readonly Cell[]): boolean;
  /** A practice whose network belongs to another region is in none. */
  pcnOf<Pcn extends Placed>(practice: { readonly pcn: Pcn | null }): Pcn | null;
}

/** Without a region all of it is written. */
export function within(region: string | undefined): Part {
  const has = ({ icb }: Placed): boolean => region === undefined || icb.region === region;
  return {
    practice: has,
    pcn: has,
    spell: ({ practice, pcn }) => has(practice) && has(pcn),
    result: ({ practice }) => has(practice),
    payment: ([regionCode]) => region === undefined || regionCode === region,
    pcnOf: ({ pcn }) => (pcn && has(pcn) ? pcn : null),
  };
}
