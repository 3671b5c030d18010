import { Injectable } from '@nestjs/common';
import { cursorValue, toPage, type Page } from '@attest/http';
import { Database } from '@attest/persistence';
import {
  PaymentQueries,
  type AccountView,
  type AchievementStandingView,
  type AcknowledgementLineView,
  type AcknowledgementView,
  type DebtView,
  type FileView,
  type LedgerEntryView,
  type Paging,
} from '../application/queries.js';
import { standingOf, wholeOf } from './standing.sql.js';

/** An account has a handful in its life. */
const DEBTS_SHOWN = 200;

const FILE = `f.file_name AS "fileName", f.run_id AS "runId", r.payment_period AS "paymentPeriod", f.agency_code AS "agencyCode", f.lines,
  f.pence::text AS "totalPence", f.sha256, f.pay_on AS "payOn", f.sealed_at AS "sealedAt"`;

@Injectable()
export class PgPaymentQueries extends PaymentQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async files(
    agencyCodes: readonly string[] | 'all',
    { runId, limit, cursor }: { runId?: string | undefined } & Paging,
  ): Promise<Page<FileView>> {
    const { rows } = await this.database.query<FileView>(
      `SELECT ${FILE} FROM sealed_file f JOIN release_run r USING (run_id)
        WHERE ($1::text[] IS NULL OR f.agency_code = ANY($1)) AND r.state = 'sealed'
          AND ($2::uuid IS NULL OR f.run_id = $2) AND ($3::text IS NULL OR f.file_name < $3)
        ORDER BY f.file_name DESC LIMIT $4`,
      [
        agencyCodes === 'all' ? null : agencyCodes,
        runId ?? null,
        cursorValue(cursor, 'name') ?? null,
        limit + 1,
      ],
    );
    return toPage(
      rows,
      limit,
      (row) => [row.fileName],
      (row) => row,
    );
  }

  async file(fileName: string): Promise<FileView | undefined> {
    const { rows } = await this.database.query<FileView>(
      `SELECT ${FILE} FROM sealed_file f JOIN release_run r USING (run_id) WHERE f.file_name = $1 AND r.state = 'sealed'`,
      [fileName],
    );
    return rows[0];
  }

  async acknowledgementFile(fileId: string): Promise<AcknowledgementView | undefined> {
    const { rows } = await this.database.query<AcknowledgementView>(
      `SELECT file_id AS "fileId", file_name AS "fileName", agency_code AS "agencyCode", received_at AS "receivedAt", lines, applied, repeated,
              quarantined, blank FROM acknowledgement_file WHERE file_id = $1`,
      [fileId],
    );
    return rows[0];
  }

  async acknowledgementLines(
    fileId: string,
    { state, limit, cursor }: { state?: string | undefined } & Paging,
  ): Promise<Page<AcknowledgementLineView>> {
    const { rows } = await this.database.query<AcknowledgementLineView>(
      `SELECT line, state, code, words, text FROM acknowledgement_line
        WHERE file_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::int IS NULL OR line > $3) ORDER BY line LIMIT $4`,
      [fileId, state ?? null, cursorValue(cursor, 'number') ?? null, limit + 1],
    );
    return toPage(
      rows,
      limit,
      (row) => [row.line],
      (row) => row,
    );
  }

  async account(
    providerCode: string,
    serviceCode: string,
    { limit, cursor }: Paging,
  ): Promise<AccountView | undefined> {
    const { rows: achievements } = await this.database.query<AchievementStandingView>(
      `SELECT achievement_date AS "achievementDate", entitlement, sealed, rejected, settled_outside AS "settledOutside", netted, paid,
              coalesce(d.debt, 0) AS debt,
              entitlement + coalesce(d.debt, 0) - (sealed - rejected + settled_outside + netted) AS owed
         FROM (${wholeOf(`(${standingOf('ledger_entry WHERE provider_code = $1 AND service_code = $2')}) own`)}) whole
         LEFT JOIN (SELECT achievement_date, sum(open_pence)::bigint AS debt FROM debt
                     WHERE provider_code = $1 AND service_code = $2 GROUP BY 1) d USING (achievement_date)
        ORDER BY achievement_date DESC`,
      [providerCode, serviceCode],
    );
    if (achievements.length === 0) return undefined;
    const { rows } = await this.database.query<LedgerEntryView>(
      `SELECT entry_id AS "entryId", achievement_date AS "achievementDate", declaration_id AS "declarationId",
              declaration_version AS "declarationVersion", attempt, kind, pence, file_name AS "fileName", line_number AS "lineNumber",
              against_declaration_id AS "againstDeclarationId", run_id AS "runId", entered_at AS "enteredAt"
         FROM ledger_entry WHERE provider_code = $1 AND service_code = $2 AND ($3::bigint IS NULL OR entry_id > $3)
        ORDER BY entry_id LIMIT $4`,
      [providerCode, serviceCode, cursorValue(cursor, 'bigint') ?? null, limit + 1],
    );
    const { rows: debts } = await this.database.query<DebtView>(
      `SELECT declaration_id AS "declarationId", achievement_date AS "achievementDate", agency_code AS "agencyCode", pence,
              open_pence AS "openPence", run_id AS "runId", recorded_at AS "recordedAt", settled_at AS "settledAt"
         FROM debt WHERE provider_code = $1 AND service_code = $2 ORDER BY recorded_at DESC, declaration_id LIMIT ${DEBTS_SHOWN}`,
      [providerCode, serviceCode],
    );
    return {
      providerCode,
      serviceCode,
      achievements,
      debts,
      entries: toPage(
        rows,
        limit,
        (row) => [row.entryId],
        (row) => row,
      ),
    };
  }
}
