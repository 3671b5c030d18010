const REST_PER_WORK = 4;
export const GATHER_AT_MOST_MS = 250;

/**
 * How long to rest after a little work, so that what comes meanwhile is done in one transaction instead of ten. Whoever
 * was idle works at once. Whoever is always asked for a little rests four times as long as it works.
 */
export const restAfterMs = (workedMs: number, atMostMs: number): number =>
  Math.min(atMostMs, REST_PER_WORK * workedMs);
