/** Later than every file of these specs, whatever the day on which they run. */
export const WINTER_2026 = { now: '2026-11-30T12:00:00.000Z' };
