/** Freezes `f` that reach a declaration `d` of declaration_state: its period, and its commissioner or one above it. */
export const REACHED_BY_FREEZE = `f.service_code = d.service_code AND f.achievement_date = d.achievement_date
  AND (f.scope_code IN ('ENGLAND', d.commissioner_code)
       OR EXISTS (SELECT FROM directory_organisation o WHERE o.code = d.commissioner_code AND f.scope_code = ANY (o.ancestors)))`;

/** The cut-off that the last thaw set in place of the calendar's; null where that one named none. */
export const MOVED_CUT_OFF = `(SELECT f.cut_off_at FROM period_freeze f
  WHERE NOT f.frozen AND ${REACHED_BY_FREEZE} ORDER BY f.version DESC LIMIT 1)`;
