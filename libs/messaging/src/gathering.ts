const REST_PER_WORK = 4;
const LONGEST_REST_MS = 250;

/**
 * How long to rest after a little work, so that what comes meanwhile is done in one transaction instead of ten. Whoever
 * was idle works at once. Whoever is always asked for a little rests four times as long as it works, a quarter of a
 * second at most.
 */
export const restAfterMs = (workedMs: number): number => Math.min(LONGEST_REST_MS, REST_PER_WORK * workedMs);
