// Who commissions a practice, by the rule that the organisations service keeps: people are needed for all of them.

import type { JulyRow, RegisterRow } from './published-files.js';

/**
 * The ICB that the newest file names; else whoever now holds the practice's sub-ICB; else the board it had, though
 * abolished since.
 */
export function commissionerOf(
  july: readonly JulyRow[],
  register: readonly RegisterRow[],
): (practiceCode: string) => string | undefined {
  const listed = new Map(july.map((row) => [row.practice_code, row.icb_code]));
  const registered = new Map(register.map((row) => [row.practice_code, row]));
  const holders = holdersOf(july);
  return (practiceCode) => {
    const row = registered.get(practiceCode);
    return listed.get(practiceCode) ?? (row && (holders.get(row.sub_icb_code) ?? row.icb_code));
  };
}

/** Most of a sub-ICB's practices decide; of equals the first by name. */
function holdersOf(july: readonly JulyRow[]): Map<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const { sub_icb_code: place, icb_code: icb } of july) {
    const of = counts.get(place) ?? new Map<string, number>();
    counts.set(place, of.set(icb, (of.get(icb) ?? 0) + 1));
  }
  const holders = new Map<string, string>();
  for (const [place, of] of counts) {
    const [most] = [...of].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    if (most) holders.set(place, most[0]);
  }
  return holders;
}
