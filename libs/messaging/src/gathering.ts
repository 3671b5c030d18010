const REST_PER_WORK = 4;
const LONGEST_REST_MS = 250;

/**
 * How long to rest after a little work, so that what comes meanwhile is done in one transaction instead of ten. Whoever
 * was idle works at once; whoever is always asked for a little works a fifth of the time, on lots that are five times as
 * large. Measured over a national month: most of what small chunks cost was begin, fence, inbox and commit.
 */
export const restAfterMs = (workedMs: number): number => Math.min(LONGEST_REST_MS, REST_PER_WORK * workedMs);
