/**
 * Of several versions of one thing in a batch, the highest: one upsert may touch a row once, and an older version that
 * is told again later counts for nothing. Of equal versions the last. In the order in which each key came first.
 */
export function newestOfEach<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  versionOf: (item: T) => number | bigint,
): T[] {
  const newest = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    const known = newest.get(key);
    if (known === undefined || versionOf(item) >= versionOf(known)) newest.set(key, item);
  }
  return [...newest.values()];
}
