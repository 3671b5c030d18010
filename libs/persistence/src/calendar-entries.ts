import { plainArray, textArray } from './array-literals.js';
import type { Tx } from './tx.js';

export interface CalendarEntryKey {
  readonly serviceCode: string;
  readonly achievementDate: string;
}

/**
 * Deletes the entries of these services that are no longer published. Those on which something rests stay, whatever a
 * publication lacks, and are answered, so that the log can say so.
 * @param table has service_code and achievement_date
 * @param inUse a condition on an entry `c`
 */
export async function dropUnusedEntries(
  tx: Tx,
  table: string,
  inUse: string,
  serviceCodes: readonly string[],
  published: readonly CalendarEntryKey[],
): Promise<CalendarEntryKey[]> {
  const { rows } = await tx.query<CalendarEntryKey>(
    `WITH dropped AS MATERIALIZED (
       SELECT c.service_code, c.achievement_date, (${inUse}) AS in_use
         FROM ${table} c
        WHERE c.service_code = ANY($1)
          AND NOT EXISTS (SELECT FROM unnest($2::text[], $3::date[]) AS p(service_code, achievement_date)
                           WHERE p.service_code = c.service_code AND p.achievement_date = c.achievement_date)),
     gone AS (
       DELETE FROM ${table} c USING dropped d
        WHERE NOT d.in_use AND c.service_code = d.service_code AND c.achievement_date = d.achievement_date)
     SELECT service_code AS "serviceCode", achievement_date::text AS "achievementDate"
       FROM dropped WHERE in_use ORDER BY 1, 2`,
    [
      textArray(serviceCodes),
      textArray(published.map((entry) => entry.serviceCode)),
      plainArray(published.map((entry) => entry.achievementDate)),
    ],
  );
  return rows;
}

/** The same of services that keep their dates in one row: what stands there beyond the newest publication. */
export function entriesKept(
  stored: readonly { readonly serviceCode: string; readonly achievementDates: readonly string[] }[],
  published: readonly CalendarEntryKey[],
): CalendarEntryKey[] {
  const said = new Set(published.map((entry) => `${entry.serviceCode} ${entry.achievementDate}`));
  return stored.flatMap(({ serviceCode, achievementDates }) =>
    achievementDates
      .filter((achievementDate) => !said.has(`${serviceCode} ${achievementDate}`))
      .map((achievementDate) => ({ serviceCode, achievementDate })),
  );
}
