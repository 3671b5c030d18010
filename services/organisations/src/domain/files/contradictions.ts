/** What occurs in a file more than once, by the rows' own words and not by their order. */
export interface Repeats<R> {
  readonly once: readonly R[];
  /** They say what another row says. */
  readonly duplicates: readonly R[];
  /** They say something else of the same than another row: neither can be taken. */
  readonly contradictory: readonly R[];
}

/**
 * @param says what a row says, as text
 * @param identities each names what only one row may speak of
 */
export function findRepeats<R>(
  rows: readonly R[],
  says: (row: R) => string,
  identities: readonly ((row: R) => string)[],
): Repeats<R> {
  const firstToSay = new Map<string, R>();
  for (const row of rows) if (!firstToSay.has(says(row))) firstToSay.set(says(row), row);
  const disputed = new Set<string>();
  for (const identity of identities) {
    const spokenOf = new Map<string, string>();
    for (const [said, row] of firstToSay) {
      const other = spokenOf.get(identity(row));
      if (other === undefined) spokenOf.set(identity(row), said);
      else disputed.add(other).add(said);
    }
  }
  const isFirst = (row: R): boolean => firstToSay.get(says(row)) === row;
  return {
    once: rows.filter((row) => !disputed.has(says(row)) && isFirst(row)),
    duplicates: rows.filter((row) => !disputed.has(says(row)) && !isFirst(row)),
    contradictory: rows.filter((row) => disputed.has(says(row))),
  };
}

/**
 * Several rows of a file describe one organisation beside what they are about. What they agree in stands; what they
 * differ in is null, so that what was known of it before stands, whatever the order of the rows.
 */
export function agreed<T extends object>(
  items: readonly T[],
  codeOf: (item: T) => string,
  descriptions: readonly (keyof T)[],
): { items: T[]; disputed: number } {
  const merged = new Map<string, T>();
  const disputed = new Set<string>();
  for (const item of items) {
    const code = codeOf(item);
    const known = merged.get(code);
    if (known === undefined) {
      merged.set(code, item);
      continue;
    }
    for (const description of descriptions) {
      if (known[description] === item[description]) continue;
      disputed.add(code);
      merged.set(code, { ...merged.get(code)!, [description]: null });
    }
  }
  return { items: [...merged.values()], disputed: disputed.size };
}
