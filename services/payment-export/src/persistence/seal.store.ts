import { Injectable } from '@nestjs/common';
import type { PaymentFileManifest } from '@attest/contracts';
import { EVERY_KEY } from '@attest/messaging';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { SealStore } from '../application/ports.js';
import type { FixedRun, Payable } from '../domain/fix-files.js';
import type { Standing } from '../domain/ledger.js';
import type { OpenDebt } from '../domain/net-debts.js';
import type { SealedLine } from '../domain/payment-file.js';
import { REACHED_BY_FREEZE } from './freeze.sql.js';
import { lockOpenDebts, markNetted, recordDebts, recordNettings } from './netting.sql.js';
import { standingOf, wholeOf } from './standing.sql.js';

/** Entitlement, sealed, rejected, settled outside, netted; nulls where the ledger knows nothing. */
type Figures = readonly (bigint | null)[];
type ConfirmedRow = Omit<Payable, 'own' | 'whole'> & { readonly own: Figures; readonly whole: Figures };

const standingFrom = ([entitlement, sealed, rejected, settledOutside, netted]: Figures): Standing => ({
  entitlement: entitlement ?? 0n,
  sealed: sealed ?? 0n,
  rejected: rejected ?? 0n,
  settledOutside: settledOutside ?? 0n,
  netted: netted ?? 0n,
});

@Injectable()
export class PgSealStore extends SealStore {
  async confirmed(tx: Tx, runId: string): Promise<Payable[]> {
    await tx.query(
      `WITH touched AS (
         SELECT DISTINCT n.provider_code, n.service_code FROM run_item i
           JOIN instruction n USING (declaration_id, declaration_version, attempt)
          WHERE i.run_id = $1 AND i.state = 'confirmed')
       INSERT INTO account SELECT * FROM touched ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
      [runId],
    );
    await tx.query(
      `SELECT 1 FROM account a WHERE (a.provider_code, a.service_code) IN (
         SELECT n.provider_code, n.service_code FROM run_item i JOIN instruction n USING (declaration_id, declaration_version, attempt)
          WHERE i.run_id = $1 AND i.state = 'confirmed')
        ORDER BY a.provider_code, a.service_code FOR UPDATE`,
      [runId],
    );
    const { rows } = await tx.query<ConfirmedRow>(
      `WITH item AS MATERIALIZED (
         SELECT n.* FROM run_item i JOIN instruction n USING (declaration_id, declaration_version, attempt)
          WHERE i.run_id = $1 AND i.state = 'confirmed'),
       achievement AS (SELECT DISTINCT provider_code, service_code, achievement_date FROM item),
       own AS MATERIALIZED (${standingOf('ledger_entry JOIN achievement USING (provider_code, service_code, achievement_date)')}),
       whole AS (${wholeOf('own WHERE entitlement >= 0')})
       SELECT i.declaration_id AS "declarationId", i.declaration_version AS "declarationVersion", i.attempt,
              i.agency_code AS "agencyCode", i.provider_code AS "providerCode", i.payee_code AS "payeeCode",
              i.account_reference AS "accountReference", i.service_code AS "serviceCode",
              i.achievement_date AS "achievementDate", i.pay_on AS "payOn", i.pence AS "signedPence",
              -- Read behind the lock of the accounts: a freeze that has arrived by now is never paid over, nor is one
              -- that arrived and could not be read.
              EXISTS (SELECT FROM declaration_state d JOIN period_freeze f ON f.frozen AND ${REACHED_BY_FREEZE}
                       WHERE d.declaration_id = i.declaration_id) AS frozen,
              EXISTS (SELECT FROM blocked_key b WHERE b.topic = 'declarations'
                         AND b.key IN (i.service_code || '|' || i.achievement_date::text, '${EVERY_KEY}')) AS parked,
              -- Taken over, or settled outside, before its declaration was forgotten and said to have ended: what is
              -- opened in its place is that.
              i.pence < 0 AND (
                EXISTS (SELECT FROM debt b JOIN ledger_entry l ON l.declaration_id = b.declaration_id AND l.kind = 'lapsed'
                         WHERE b.provider_code = i.provider_code AND b.service_code = i.service_code
                           AND b.achievement_date = i.achievement_date)
                OR EXISTS (SELECT FROM ledger_entry s JOIN ledger_entry l ON l.declaration_id = s.declaration_id AND l.kind = 'lapsed'
                            WHERE s.kind = 'settled-outside' AND s.pence < 0 AND s.provider_code = i.provider_code
                              AND s.service_code = i.service_code AND s.achievement_date = i.achievement_date)
              ) AS "recoveredBefore",
              ARRAY[o.entitlement, o.sealed, o.rejected, o.settled_outside, o.netted] AS own,
              ARRAY[w.entitlement, w.sealed, w.rejected, w.settled_outside, w.netted] AS whole
         FROM item i
         LEFT JOIN own o USING (provider_code, service_code, achievement_date, declaration_id)
         LEFT JOIN whole w USING (provider_code, service_code, achievement_date)
        ORDER BY i.agency_code COLLATE "C", i.provider_code COLLATE "C", i.service_code COLLATE "C", i.achievement_date, i.declaration_id`,
      [runId],
    );
    return rows.map((row) => ({ ...row, own: standingFrom(row.own), whole: standingFrom(row.whole) }));
  }

  openDebts(tx: Tx, runId: string): Promise<OpenDebt[]> {
    return lockOpenDebts(tx, runId);
  }

  async unknownOf(
    tx: Pick<Tx, 'query'>,
    names: readonly string[],
  ): Promise<{ first: string | null; count: number }> {
    const { rows } = await tx.query<{ first: string | null; count: number }>(
      `SELECT min(name) AS first, count(*)::int AS count FROM unnest($1::text[]) AS name
        WHERE NOT EXISTS (SELECT 1 FROM sealed_file f WHERE f.file_name = regexp_replace(name, '[.]manifest[.]json$', ''))`,
      [names],
    );
    return rows[0]!;
  }

  async fix(
    tx: Tx,
    runId: string,
    { files, notIncluded, netted, debts, nettings }: FixedRun,
    at: Date,
  ): Promise<void> {
    await recordDebts(tx, runId, debts, at);
    await recordNettings(tx, runId, nettings, at);
    await markNetted(tx, runId, netted, nettings);
    for (const { manifest, lines } of files) {
      await tx.query(
        `INSERT INTO sealed_file (file_name, run_id, agency_code, lines, pence, sha256, pay_on, sealed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          manifest.fileName,
          runId,
          manifest.agencyCode,
          manifest.lines,
          manifest.totalPence,
          manifest.sha256,
          manifest.payOn,
          at,
        ],
      );
      const text = (of: (line: SealedLine) => string): string => textArray(lines.map(of));
      const plain = (of: (line: SealedLine) => string | number | bigint): string => plainArray(lines.map(of));
      await tx.query(
        `WITH line AS MATERIALIZED (
           SELECT * FROM unnest($3::int[], $4::uuid[], $5::bigint[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[],
                                $11::date[], $12::bigint[])
             AS l(line_number, declaration_id, declaration_version, attempt, provider_code, payee_code, account_reference,
                  service_code, achievement_date, pence)),
         sealed AS (
           INSERT INTO sealed_line (file_name, line_number, declaration_id, declaration_version, attempt, provider_code, payee_code,
                                    account_reference, service_code, achievement_date, pence)
           SELECT $2, line.* FROM line),
         entered AS (
           INSERT INTO ledger_entry (provider_code, service_code, achievement_date, declaration_id, declaration_version, attempt,
                                     kind, pence, file_name, line_number, entered_at)
           SELECT provider_code, service_code, achievement_date, declaration_id, declaration_version, attempt, 'sealed', pence,
                  $2, line_number, $13 FROM line),
         included AS (
           UPDATE run_item i SET state = 'included', owed_pence = line.pence + i.netted_pence
             FROM line WHERE i.run_id = $1 AND i.declaration_id = line.declaration_id)
         UPDATE instruction n SET state = 'sealed', pence = line.pence FROM line
          WHERE n.declaration_id = line.declaration_id AND n.declaration_version = line.declaration_version AND n.attempt = line.attempt`,
        [
          runId,
          manifest.fileName,
          plain((l) => l.lineNumber),
          plain((l) => l.declarationId),
          plain((l) => l.declarationVersion),
          plain((l) => l.attempt),
          text((l) => l.providerCode),
          text((l) => l.payeeCode),
          text((l) => l.accountReference),
          text((l) => l.serviceCode),
          plain((l) => l.achievementDate),
          plain((l) => l.pence),
          at,
        ],
      );
    }
    if (notIncluded.length === 0) return;
    await tx.query(
      `WITH left_out AS (
         UPDATE run_item i SET state = 'not-included', code = n.code, owed_pence = n.owed_pence
           FROM unnest($2::uuid[], $3::text[], $4::bigint[]) AS n(declaration_id, code, owed_pence)
          WHERE i.run_id = $1 AND i.declaration_id = n.declaration_id
         RETURNING i.declaration_id, i.declaration_version, i.attempt)
       UPDATE instruction n SET state = 'not-included' FROM left_out l
        WHERE n.declaration_id = l.declaration_id AND n.declaration_version = l.declaration_version AND n.attempt = l.attempt`,
      [
        runId,
        plainArray(notIncluded.map((n) => n.declarationId)),
        textArray(notIncluded.map((n) => n.code)),
        plainArray(notIncluded.map((n) => n.owedPence)),
      ],
    );
  }

  async files(tx: Pick<Tx, 'query'>, runId: string): Promise<(PaymentFileManifest & { stored: boolean })[]> {
    const { rows } = await tx.query<PaymentFileManifest & { stored: boolean }>(
      `SELECT f.file_name AS "fileName", f.run_id AS "runId", r.payment_period AS "paymentPeriod", f.agency_code AS "agencyCode",
              f.lines, f.pence::text AS "totalPence", f.sha256, f.pay_on AS "payOn", f.stored_at IS NOT NULL AS stored
         FROM sealed_file f JOIN release_run r USING (run_id) WHERE f.run_id = $1 ORDER BY f.file_name`,
      [runId],
    );
    return rows;
  }

  async lines(tx: Pick<Tx, 'query'>, fileName: string): Promise<SealedLine[]> {
    const { rows } = await tx.query<SealedLine>(
      `SELECT line_number AS "lineNumber", declaration_id AS "declarationId", declaration_version AS "declarationVersion", attempt,
              provider_code AS "providerCode", payee_code AS "payeeCode", account_reference AS "accountReference",
              service_code AS "serviceCode", achievement_date AS "achievementDate", pence
         FROM sealed_line WHERE file_name = $1 ORDER BY line_number`,
      [fileName],
    );
    return rows;
  }

  async markStored(tx: Tx, fileName: string, at: Date): Promise<void> {
    await tx.query('UPDATE sealed_file SET stored_at = $2 WHERE file_name = $1 AND stored_at IS NULL', [
      fileName,
      at,
    ]);
  }
}
