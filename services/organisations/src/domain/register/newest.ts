import type { LondonDate } from '@attest/calendar';

interface Dated {
  readonly asAt: LondonDate;
  readonly source?: string;
}

/** Groups records by a code, those of one code oldest first. */
export function byCode<R extends Dated>(
  records: readonly R[],
  codeOf: (record: R) => string,
): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const record of records) {
    const list = groups.get(codeOf(record));
    if (list) list.push(record);
    else groups.set(codeOf(record), [record]);
  }
  for (const list of groups.values()) list.sort(byDate);
  return groups;
}

/** Of one date the register itself counts as the newest, whatever the order in which files came. */
const byDate = (a: Dated, b: Dated): number =>
  compare(a.asAt, b.asAt) || compare(a.source ?? '', b.source ?? '');
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What the newest record that tells it says; null when none does. */
export function newestOf<R extends Dated, V>(
  oldestFirst: readonly R[],
  value: (record: R) => V | null,
): V | null {
  for (let i = oldestFirst.length - 1; i >= 0; i--) {
    const found = value(oldestFirst[i]!);
    if (found !== null) return found;
  }
  return null;
}

/** The one with most; of equals the preferred one, else the first by name. Null when there are none. */
export function mostOf(counts: ReadonlyMap<string, number>, preferred: string | null = null): string | null {
  let best: string | null = null;
  for (const name of [...counts.keys()].sort()) {
    const difference = best === null ? 1 : counts.get(name)! - counts.get(best)!;
    if (difference > 0 || (difference === 0 && name === preferred)) best = name;
  }
  return best;
}

export function countBy<T>(
  items: Iterable<T>,
  nameOf: (item: T) => string | null | undefined,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const name = nameOf(item);
    if (name !== null && name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
