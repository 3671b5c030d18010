import { Injectable } from '@nestjs/common';
import { toPage, type Page } from '@attest/http';
import { Database } from '@attest/persistence';
import {
  PaymentQueries,
  type AccountView,
  type AchievementStandingView,
  type AcknowledgementLineView,
  type AcknowledgementView,
  type FileView,
  type LedgerEntryView,
  type Paging,
} from '../application/queries.js';
import { after } from './cursor.js';
import { standingOf, wholeOf } from './standing.sql.js';

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
      [agencyCodes === 'all' ? null : agencyCodes, runId ?? null, after(cursor, 'name'), limit + 1],
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
              quarantined FROM acknowledgement_file WHERE file_id = $1`,
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
      [fileId, state ?? null, after(cursor, 'number'), limit + 1],
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
      `SELECT achievement_date AS "achievementDate", entitlement, sealed, rejected, settled_outside AS "settledOutside", paid,
              entitlement - (sealed - rejected + settled_outside) AS owed
         FROM (${wholeOf(`(${standingOf('ledger_entry WHERE provider_code = $1 AND service_code = $2')}) own`)}) whole
        ORDER BY achievement_date DESC`,
      [providerCode, serviceCode],
    );
    if (achievements.length === 0) return undefined;
    const { rows } = await this.database.query<LedgerEntryView>(
      `SELECT entry_id AS "entryId", achievement_date AS "achievementDate", declaration_id AS "declarationId",
              declaration_version AS "declarationVersion", attempt, kind, pence, file_name AS "fileName", line_number AS "lineNumber",
              entered_at AS "enteredAt"
         FROM ledger_entry WHERE provider_code = $1 AND service_code = $2 AND ($3::bigint IS NULL OR entry_id > $3)
        ORDER BY entry_id LIMIT $4`,
      [providerCode, serviceCode, after(cursor, 'bigint'), limit + 1],
    );
    return {
      providerCode,
      serviceCode,
      achievements,
      entries: toPage(
        rows,
        limit,
        (row) => [row.entryId],
        (row) => row,
      ),
    };
  }
}
