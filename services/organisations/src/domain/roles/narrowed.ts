import { addDays, intersectPeriods, type LondonDate, type Period } from '@attest/calendar';

/**
 * The dates of a role after a restore, when what was told and what the database knows differ: what both allow. A role
 * that was revoked in the lost hour stays revoked, and one that was given in it has to be given again. Where nothing
 * is left of it, it ends today.
 */
export function narrowed(told: Period, known: Period | undefined, today: LondonDate): Period {
  const both = known && intersectPeriods(told, known);
  if (both) return both;
  const { from } = known ?? told;
  return { from: from < today ? from : addDays(today, -1), to: today };
}
