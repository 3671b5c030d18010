import type { World } from '../world.js';

export interface Totals {
  readonly n: number;
  readonly pence: string;
}

/** How many declarations there are of which this SQL condition holds, and what they come to. */
export async function totalsOf(world: World, condition: string): Promise<Totals> {
  const [totals] = await world.rows<Totals>(
    'declaration-workflow',
    `SELECT count(*)::int AS n, coalesce(sum(pence), 0)::text AS pence FROM declaration WHERE ${condition}`,
  );
  return totals ?? { n: 0, pence: '0' };
}
