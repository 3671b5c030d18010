import { Injectable } from '@nestjs/common';
import { decodeCursor, toPage, type Page } from '@attest/http';
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
  type RunView,
} from '../application/queries.js';

const RUN = `r.run_id AS "runId", r.payment_period AS "paymentPeriod", r.sequence, r.state, r.cut_off_at AS "cutOffAt",
  r.requested_by AS "requestedBy", r.requested_at AS "requestedAt", r.ended_at AS "endedAt", r.words,
  (SELECT count(*)::int FROM run_item i WHERE i.run_id = r.run_id) AS requested,
  (SELECT count(*)::int FROM run_item i WHERE i.run_id = r.run_id AND i.state = 'confirmed') AS confirmed,
  (SELECT count(*)::int FROM run_item i WHERE i.run_id = r.run_id AND i.state = 'included') AS included,
  (SELECT count(*)::int FROM run_item i WHERE i.run_id = r.run_id AND i.state IN ('refused', 'not-included')) AS "notIncluded"`;

const FILE = `f.file_name AS "fileName", f.run_id AS "runId", r.payment_period AS "paymentPeriod", f.agency_code AS "agencyCode", f.lines,
  f.pence::text AS "totalPence", f.sha256, f.pay_on AS "payOn", f.sealed_at AS "sealedAt"`;

const after = (cursor: string | undefined): string | null =>
  cursor === undefined ? null : decodeCursor(cursor, 1)[0]!;

@Injectable()
export class PgPaymentQueries extends PaymentQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async runs({ limit, cursor }: Paging): Promise<Page<RunView>> {
    const { rows } = await this.database.query<RunView>(
      `SELECT ${RUN} FROM release_run r WHERE ($1::uuid IS NULL OR r.run_id < $1) ORDER BY r.run_id DESC LIMIT $2`,
      [after(cursor), limit + 1],
    );
    return toPage(
      rows,
      limit,
      (row) => [row.runId],
      (row) => row,
    );
  }

  async run(runId: string): Promise<RunView | undefined> {
    return (
      await this.database.query<RunView>(`SELECT ${RUN} FROM release_run r WHERE r.run_id = $1`, [runId])
    ).rows[0];
  }

  async files(
    agencyCodes: readonly string[] | 'all',
    { runId, limit, cursor }: { runId?: string | undefined } & Paging,
  ): Promise<Page<FileView>> {
    const { rows } = await this.database.query<FileView>(
      `SELECT ${FILE} FROM sealed_file f JOIN release_run r USING (run_id)
        WHERE ($1::text[] IS NULL OR f.agency_code = ANY($1)) AND f.stored_at IS NOT NULL
          AND ($2::uuid IS NULL OR f.run_id = $2) AND ($3::text IS NULL OR f.file_name < $3)
        ORDER BY f.file_name DESC LIMIT $4`,
      [agencyCodes === 'all' ? null : agencyCodes, runId ?? null, after(cursor), limit + 1],
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
      `SELECT ${FILE} FROM sealed_file f JOIN release_run r USING (run_id) WHERE f.file_name = $1 AND f.stored_at IS NOT NULL`,
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
      [fileId, state ?? null, after(cursor), limit + 1],
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
      `WITH entry AS (SELECT * FROM ledger_entry WHERE provider_code = $1 AND service_code = $2),
       entitled AS (
         SELECT achievement_date, sum(pence)::bigint AS pence FROM (
           SELECT DISTINCT ON (declaration_id) declaration_id, achievement_date, pence FROM entry WHERE kind = 'entitlement'
            ORDER BY declaration_id, declaration_version DESC) newest GROUP BY achievement_date),
       moved AS (
         SELECT achievement_date, coalesce(sum(pence) FILTER (WHERE kind = 'sealed'), 0)::bigint AS sealed,
                coalesce(sum(pence) FILTER (WHERE kind = 'rejected'), 0)::bigint AS rejected,
                coalesce(sum(pence) FILTER (WHERE kind = 'paid'), 0)::bigint AS paid FROM entry GROUP BY achievement_date)
       SELECT achievement_date AS "achievementDate", coalesce(e.pence, 0) AS entitlement, m.sealed, m.rejected, m.paid,
              coalesce(e.pence, 0) - (m.sealed - m.rejected) AS owed
         FROM moved m LEFT JOIN entitled e USING (achievement_date) ORDER BY achievement_date DESC`,
      [providerCode, serviceCode],
    );
    if (achievements.length === 0) return undefined;
    const { rows } = await this.database.query<LedgerEntryView>(
      `SELECT entry_id AS "entryId", achievement_date AS "achievementDate", declaration_id AS "declarationId",
              declaration_version AS "declarationVersion", attempt, kind, pence, file_name AS "fileName", line_number AS "lineNumber",
              entered_at AS "enteredAt"
         FROM ledger_entry WHERE provider_code = $1 AND service_code = $2 AND ($3::bigint IS NULL OR entry_id > $3)
        ORDER BY entry_id LIMIT $4`,
      [providerCode, serviceCode, after(cursor), limit + 1],
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
