import { versionAfter } from '@attest/messaging';
import { agencyOf } from './agency.sql.js';
import { MOVED_CUT_OFF } from './freeze.sql.js';

/**
 * Behind its barrier a run lists once what it will ask for. What came to be approved later goes into the next run, and
 * what lacks something to be paid with ends here, with its reason.
 */
export const LIST_ITEMS = {
  name: 'list-run-items',
  text: `
    WITH payable AS (
      SELECT d.declaration_id, d.declaration_version, d.attempt,
             CASE WHEN '*' = ANY ($4::text[] || $5::text[] || $6::text[]) OR d.provider_code = ANY ($4) OR d.service_code = ANY ($5)
                    OR r.agency_code = ANY ($5) OR d.declaration_id::text = ANY ($6)
                    -- A freeze or a thaw that could not be read.
                    OR d.service_code || '|' || d.achievement_date::text = ANY ($6) THEN 'UPSTREAM_EVENT_PARKED'
                  WHEN p.organisation_code IS NULL THEN 'PAYEE_MISSING'
                  WHEN r.service_code IS NULL THEN 'SERVICE_UNKNOWN'
                  WHEN g.agency_code IS NULL THEN 'AGENCY_UNKNOWN'
                  WHEN c.pay_on IS NULL THEN 'CALENDAR_MISSING' END AS code
        FROM declaration_state d
        LEFT JOIN payee p ON p.organisation_code = d.provider_code
        LEFT JOIN service_routing r ON r.service_code = d.service_code
        LEFT JOIN agency g ON g.agency_code = r.agency_code
        LEFT JOIN payment_calendar c ON c.service_code = d.service_code AND c.achievement_date = d.achievement_date
       WHERE d.payable AND d.payment_period <= $2
         -- What is approved at nothing has no line, unless recoveries took something off an earlier attempt.
         AND (d.pence <> 0 OR EXISTS (SELECT 1 FROM ledger_entry e WHERE e.declaration_id = d.declaration_id AND e.kind = 'netted'))
         -- The run of a cut-off leaves services alone whose own cut-off is still to come.
         AND ($3::timestamptz IS NULL OR c.cut_off_at IS NULL OR coalesce(${MOVED_CUT_OFF}, c.cut_off_at) <= $3))
    INSERT INTO run_item (run_id, declaration_id, declaration_version, attempt, state, code)
    SELECT $1, declaration_id, declaration_version, attempt, CASE WHEN code IS NULL THEN 'listed' ELSE 'not-included' END, code
      FROM payable ORDER BY declaration_id
    ON CONFLICT (run_id, declaration_id) DO NOTHING`,
};

/** The next listed items become instructions with payee, account and agency of this moment. One row per item looked at. */
export const REQUEST_ITEMS = {
  name: 'request-run-items',
  text: `
    WITH taken AS MATERIALIZED (
      SELECT declaration_id FROM run_item WHERE run_id = $1 AND state = 'listed' ORDER BY declaration_id LIMIT $2 FOR UPDATE),
    payable AS MATERIALIZED (
      SELECT d.declaration_id, d.declaration_version, d.attempt, ${agencyOf('d', 'r')} AS agency_code, d.provider_code, p.payee_code, p.account_reference,
             d.service_code, d.achievement_date, d.pence, d.payable AS approved,
             -- What a later run pays, an adjustment or a late one, is paid on that run's day.
             greatest(c.pay_on, (SELECT min(p.pay_on) FROM payment_calendar p JOIN release_run r USING (payment_period)
                                  WHERE r.run_id = $1)) AS pay_on
        FROM taken t
        JOIN declaration_state d ON d.declaration_id = t.declaration_id
        JOIN payee p ON p.organisation_code = d.provider_code
        JOIN service_routing r ON r.service_code = d.service_code
        JOIN payment_calendar c ON c.service_code = d.service_code AND c.achievement_date = d.achievement_date
       ORDER BY d.declaration_id FOR UPDATE OF d),
    -- A line that was sealed is never instructed again under the same attempt.
    instructed AS (
      INSERT INTO instruction AS n (declaration_id, declaration_version, attempt, agency_code, provider_code, payee_code,
             account_reference, service_code, achievement_date, pay_on, pence, state, run_id)
      SELECT declaration_id, declaration_version, attempt, agency_code, provider_code, payee_code, account_reference, service_code,
             achievement_date, pay_on, pence, 'requested', $1 FROM payable WHERE approved
      ON CONFLICT (declaration_id, declaration_version, attempt) DO UPDATE
         SET agency_code = excluded.agency_code, payee_code = excluded.payee_code, account_reference = excluded.account_reference,
             pay_on = excluded.pay_on, pence = excluded.pence, state = 'requested', run_id = excluded.run_id
       WHERE n.state IN ('requested', 'confirmed', 'not-included')
      RETURNING declaration_id),
    item AS (
      UPDATE run_item i
         SET state = CASE WHEN n.declaration_id IS NOT NULL THEN 'requested' WHEN p.approved THEN 'not-included' ELSE 'refused' END,
             code = CASE WHEN n.declaration_id IS NOT NULL THEN NULL WHEN p.approved THEN 'LINE_STANDS_ALREADY' ELSE 'NO_LONGER_APPROVED' END,
             declaration_version = coalesce(p.declaration_version, i.declaration_version), attempt = coalesce(p.attempt, i.attempt),
             -- Nobody was asked, so nobody waits to be told.
             told = n.declaration_id IS NULL AND p.approved IS NOT TRUE
        FROM taken t LEFT JOIN payable p USING (declaration_id) LEFT JOIN instructed n USING (declaration_id)
       WHERE i.run_id = $1 AND i.declaration_id = t.declaration_id
      RETURNING i.declaration_id, i.declaration_version, i.attempt, i.state),
    numbered AS (
      UPDATE declaration_state d SET payment_version = ${versionAfter('d.payment_version')}
        FROM instructed n WHERE d.declaration_id = n.declaration_id
      RETURNING d.declaration_id, d.payment_version)
    SELECT i.declaration_id AS "declarationId", i.declaration_version AS "declarationVersion", i.attempt,
           v.payment_version AS "paymentVersion"
      FROM item i LEFT JOIN numbered v USING (declaration_id) ORDER BY i.declaration_id`,
};

/** The next ends that nobody was told, numbered among their declaration's payment events. */
export const TAKE_UNTOLD = {
  name: 'take-untold',
  text: `
    WITH untold AS MATERIALIZED (
      SELECT declaration_id FROM run_item WHERE run_id = $1 AND NOT told ORDER BY declaration_id LIMIT $2 FOR UPDATE),
    told AS (
      UPDATE run_item i SET told = true FROM untold u WHERE i.run_id = $1 AND i.declaration_id = u.declaration_id
      RETURNING i.declaration_id, i.declaration_version, i.attempt, i.state, i.code, i.owed_pence, i.netted_pence, i.debt_pence),
    numbered AS (
      UPDATE declaration_state d SET payment_version = ${versionAfter('d.payment_version')}
        FROM told t WHERE d.declaration_id = t.declaration_id
      RETURNING d.declaration_id, d.payment_version)
    SELECT t.declaration_id AS "declarationId", t.declaration_version AS "declarationVersion", t.attempt,
           t.state, t.code, t.owed_pence AS "owedPence", t.netted_pence AS "nettedPence", t.debt_pence AS "debtPence", v.payment_version AS "paymentVersion",
           l.file_name AS "fileName", l.line_number AS "lineNumber", n.agency_code AS "agencyCode", l.pence, f.pay_on AS "payOn"
      FROM told t
      JOIN numbered v USING (declaration_id)
      LEFT JOIN instruction n ON n.declaration_id = t.declaration_id AND n.declaration_version = t.declaration_version
                             AND n.attempt = t.attempt
      LEFT JOIN sealed_line l ON t.state = 'included' AND l.declaration_id = t.declaration_id
                             AND l.declaration_version = t.declaration_version AND l.attempt = t.attempt
      LEFT JOIN sealed_file f ON f.file_name = l.file_name
     ORDER BY t.declaration_id`,
};
