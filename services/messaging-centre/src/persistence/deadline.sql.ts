/** Freezes `f` that reach a task `t`: its period, and its provider's commissioner or one above it. */
const REACHES = `f.service_code = t.service_code AND f.achievement_date = t.achievement_date
  AND (f.scope_code = 'ENGLAND' OR EXISTS (
    SELECT FROM directory_organisation o WHERE o.code = t.provider_code
       AND (f.scope_code = o.commissioner_code OR f.scope_code = ANY (o.ancestors))))`;

export const IS_FROZEN = `EXISTS (SELECT FROM period_freeze f WHERE f.frozen AND ${REACHES})`;

/** A task `t` that is to be done by the deadline of the calendar; an adjustment is declared at any time. */
export const HAS_DEADLINE = `(t.kind = 'DECLARE' AND t.declaration_kind = 'achievement')`;

/** The deadline of a task `t` with calendar entry `c`: what the last thaw set, else the calendar's. */
export const DEADLINE_ON = `coalesce(
  (SELECT f.provider_deadline_on FROM period_freeze f
    WHERE NOT f.frozen AND ${REACHES} ORDER BY f.version DESC LIMIT 1),
  c.provider_deadline_on)`;
