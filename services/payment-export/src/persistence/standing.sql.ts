/**
 * What the ledger says of each declaration among these entries. The newest approved version counts, and nothing does once
 * it lapsed: nothing opens it again, and who tells it may have forgotten the newest version since (a restore).
 * @param entries a FROM item with columns of ledger_entry
 */
export const standingOf = (entries: string): string => `
  SELECT provider_code, service_code, achievement_date, declaration_id,
         coalesce((array_agg(pence ORDER BY (kind = 'lapsed') DESC, declaration_version DESC)
                   FILTER (WHERE kind IN ('entitlement', 'lapsed')))[1], 0)::bigint AS entitlement,
         coalesce(sum(pence) FILTER (WHERE kind = 'sealed'), 0)::bigint AS sealed,
         -- A credit that came back is no more paid than a line that was rejected at once.
         coalesce(sum(pence) FILTER (WHERE kind IN ('rejected', 'returned')), 0)::bigint AS rejected,
         coalesce(sum(CASE kind WHEN 'paid' THEN pence WHEN 'returned' THEN -pence END), 0)::bigint AS paid,
         coalesce(sum(pence) FILTER (WHERE kind = 'settled-outside'), 0)::bigint AS settled_outside,
         coalesce(sum(pence) FILTER (WHERE kind = 'netted'), 0)::bigint AS netted
    FROM ${entries}
   GROUP BY provider_code, service_code, achievement_date, declaration_id`;

/** The same of each achievement, its declarations together: an adjustment settles against what its achievement was paid. */
export const wholeOf = (standing: string): string => `
  SELECT provider_code, service_code, achievement_date, sum(entitlement)::bigint AS entitlement, sum(sealed)::bigint AS sealed,
         sum(rejected)::bigint AS rejected, sum(paid)::bigint AS paid, sum(settled_outside)::bigint AS settled_outside,
         sum(netted)::bigint AS netted
    FROM ${standing} GROUP BY provider_code, service_code, achievement_date`;
