import type { Tx } from '@attest/persistence';
import type { NettedItem } from '../domain/fix-files.js';
import type { Netting, OpenDebt } from '../domain/net-debts.js';

/** Open debts of the providers and agencies of a run's confirmed items, oldest first, locked. */
export async function lockOpenDebts(tx: Tx, runId: string): Promise<OpenDebt[]> {
  const { rows } = await tx.query<OpenDebt>(
    {
      name: 'lock-open-debts',
      text: `SELECT declaration_id AS "declarationId", declaration_version AS "declarationVersion", attempt,
                    provider_code AS "providerCode", service_code AS "serviceCode", achievement_date AS "achievementDate",
                    agency_code AS "agencyCode", open_pence AS "openPence"
               FROM debt
              WHERE open_pence > 0 AND (provider_code, agency_code) IN (
                SELECT n.provider_code, n.agency_code FROM run_item i
                  JOIN instruction n USING (declaration_id, declaration_version, attempt)
                 WHERE i.run_id = $1 AND i.state = 'confirmed')
              ORDER BY recorded_at, declaration_id FOR UPDATE`,
    },
    [runId],
  );
  return rows;
}

export async function recordDebts(
  tx: Tx,
  runId: string,
  debts: readonly OpenDebt[],
  at: Date,
): Promise<void> {
  if (debts.length === 0) return;
  await tx.query(
    `INSERT INTO debt (declaration_id, declaration_version, attempt, provider_code, service_code, achievement_date, agency_code,
                       pence, open_pence, run_id, recorded_at)
     SELECT d.*, d.pence, $9, $10
       FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::text[], $5::text[], $6::date[], $7::text[], $8::bigint[])
              AS d(declaration_id, declaration_version, attempt, provider_code, service_code, achievement_date, agency_code, pence)`,
    [
      debts.map((d) => d.declarationId),
      debts.map((d) => d.declarationVersion),
      debts.map((d) => d.attempt),
      debts.map((d) => d.providerCode),
      debts.map((d) => d.serviceCode),
      debts.map((d) => d.achievementDate),
      debts.map((d) => d.agencyCode),
      debts.map((d) => d.openPence),
      runId,
      at,
    ],
  );
}

/** Two entries each, that cancel: what the line's account is not paid, the debt's account no longer owes. */
export async function recordNettings(
  tx: Tx,
  runId: string,
  nettings: readonly Netting[],
  at: Date,
): Promise<void> {
  if (nettings.length === 0) return;
  await tx.query(
    `WITH netting AS MATERIALIZED (
       SELECT * FROM unnest($2::uuid[], $3::bigint[], $4::int[], $5::uuid[], $6::bigint[])
         AS n(debt_id, debt_version, debt_attempt, line_id, pence)),
     taken AS (
       UPDATE debt d SET open_pence = d.open_pence - n.pence,
              settled_at = CASE WHEN d.open_pence = n.pence THEN $7::timestamptz END
         FROM (SELECT debt_id, debt_version, debt_attempt, sum(pence)::bigint AS pence FROM netting GROUP BY 1, 2, 3) n
        WHERE d.declaration_id = n.debt_id AND d.declaration_version = n.debt_version AND d.attempt = n.debt_attempt),
     side AS (
       SELECT n.debt_id AS declaration_id, n.debt_version AS declaration_version, n.debt_attempt AS attempt,
              n.line_id AS against, -n.pence AS pence FROM netting n
       UNION ALL
       SELECT i.declaration_id, i.declaration_version, i.attempt, n.debt_id, n.pence
         FROM netting n JOIN run_item i ON i.run_id = $1 AND i.declaration_id = n.line_id)
     INSERT INTO ledger_entry (provider_code, service_code, achievement_date, declaration_id, declaration_version, attempt, kind,
                               pence, against_declaration_id, run_id, entered_at)
     SELECT d.provider_code, d.service_code, d.achievement_date, s.declaration_id, s.declaration_version, s.attempt, 'netted',
            s.pence, s.against, $1, $7
       FROM side s JOIN declaration_state d USING (declaration_id)
      ORDER BY s.declaration_id, s.against`,
    [
      runId,
      nettings.map((n) => n.debt.declarationId),
      nettings.map((n) => n.debt.declarationVersion),
      nettings.map((n) => n.debt.attempt),
      nettings.map((n) => n.lineDeclarationId),
      nettings.map((n) => n.pence),
      at,
    ],
  );
}

/** What was netted of each item of the run; items that need no line have come to their end. */
export async function markNetted(
  tx: Tx,
  runId: string,
  netted: readonly NettedItem[],
  nettings: readonly Netting[],
): Promise<void> {
  if (nettings.length > 0)
    await tx.query(
      `UPDATE run_item i SET netted_pence = n.pence
         FROM (SELECT id, sum(pence)::bigint AS pence FROM unnest($2::uuid[], $3::bigint[]) AS u(id, pence) GROUP BY id) n
        WHERE i.run_id = $1 AND i.declaration_id = n.id`,
      [runId, nettings.map((n) => n.lineDeclarationId), nettings.map((n) => n.pence)],
    );
  if (netted.length === 0) return;
  await tx.query(
    `WITH ended AS (
       UPDATE run_item i SET state = 'netted', owed_pence = n.pence, netted_pence = n.pence, debt_pence = n.debt
         FROM unnest($2::uuid[], $3::bigint[], $4::bigint[]) AS n(declaration_id, pence, debt)
        WHERE i.run_id = $1 AND i.declaration_id = n.declaration_id
       RETURNING i.declaration_id, i.declaration_version, i.attempt)
     UPDATE instruction n SET state = 'netted' FROM ended e
      WHERE n.declaration_id = e.declaration_id AND n.declaration_version = e.declaration_version AND n.attempt = e.attempt`,
    [
      runId,
      netted.map((n) => n.declarationId),
      netted.map((n) => n.nettedPence),
      netted.map((n) => n.debtPence),
    ],
  );
}
