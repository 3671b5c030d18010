// @ts-nocheck
// Who commissions a practice, by the rule that the organisations service keeps: people are needed for all of them.

/**
 * The ICB that the newest file names; else whoever now holds the practice's sub-ICB; else the board it had, though
 * abolished since.
 * @param {Record<string, string>[]} july rows of the practice-pcn-icb layout
 * @param {Record<string, string>[]} register rows of the practices layout
 * @returns {(practiceCode: string) => string | undefined}
 */
export function commissionerOf(july, register) {
  const listed = new Map(july.map((row) => [row.practice_code, row.icb_code]));
  const registered = new Map(register.map((row) => [row.practice_code, row]));
  const holders = holdersOf(july);
  return (practiceCode) => {
    const row = registered.get(practiceCode);
    return listed.get(practiceCode) ?? holders.get(row?.sub_icb_code) ?? row?.icb_code;
  };
}

/** Most of a sub-ICB's practices decide; of equals the first by name. */
function holdersOf(july) {
  const counts = new Map();
  for (const { sub_icb_code: place, icb_code: icb } of july) {
    const of = counts.get(place) ?? new Map();
    counts.set(place, of.set(icb, (of.get(icb) ?? 0) + 1));
  }
  const most = (of) => [...of].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0][0];
  return new Map([...counts].map(([place, of]) => [place, most(of)]));
}
