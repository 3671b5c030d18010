/** Whether a freeze of this scope reaches declarations of this commissioner. Both are SQL expressions. */
export const reaches = (
  scope: string,
  commissioner: string,
): string => `(${scope} IN ('ENGLAND', ${commissioner})
  OR EXISTS (SELECT FROM directory_organisation reached
             WHERE reached.code = ${commissioner} AND ${scope} = ANY(reached.ancestors)))`;

/**
 * What the last thaw set in place of the calendar's dates, beside a declaration `d`. Each thaw sets both: where it names
 * none, the calendar stands, whatever an earlier one had set.
 */
export const NEW_DEADLINES = `
  LEFT JOIN LATERAL (
    SELECT f.provider_deadline_on, f.cut_off_at FROM period_freeze f
    WHERE f.service_code = d.service_code AND f.achievement_date = d.achievement_date
      AND f.thawed_at IS NOT NULL
      AND ${reaches('f.scope_code', 'd.commissioner_code')}
    ORDER BY f.thawed_at DESC LIMIT 1
  ) moved ON true`;

/** The calendar's dates of a declaration beside `NEW_DEADLINES`; `c` is its calendar entry. */
export const CALENDAR = `c.payment_period AS calendar_period, c.opens_on,
  coalesce(moved.provider_deadline_on, c.provider_deadline_on) AS provider_deadline_on,
  coalesce(moved.cut_off_at, c.cut_off_at) AS cut_off_at`;
