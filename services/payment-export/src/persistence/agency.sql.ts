/**
 * Which agency a declaration is for: the one that its service is routed to now, except where its run will take it over as
 * a debt. That is owed to the agency that paid too much, and no other agency's payments bear it
 * (docs/decisions/0008-adjustments-and-recoveries.md). Of an achievement that several have paid it is the last one; where
 * nothing was paid, the one that would pay.
 * @param d an alias of declaration_state
 * @param r an alias of service_routing
 */
export const agencyOf = (d: string, r: string): string => `
  CASE WHEN ${d}.pence < coalesce((SELECT sum(e.pence) FROM ledger_entry e
                                    WHERE e.declaration_id = ${d}.declaration_id AND e.kind = 'netted'), 0)
       THEN coalesce((
         SELECT n.agency_code FROM ledger_entry e JOIN instruction n USING (declaration_id, declaration_version, attempt)
          WHERE e.provider_code = ${d}.provider_code AND e.service_code = ${d}.service_code
            AND e.achievement_date = ${d}.achievement_date
            AND (e.kind = 'sealed' AND n.state IN ('sealed', 'acknowledged')
                 -- What recoveries took off a line stays taken when its rest is rejected.
                 OR e.kind = 'netted' AND e.pence > 0)
          ORDER BY e.entry_id DESC LIMIT 1), ${r}.agency_code)
       ELSE ${r}.agency_code END`;
