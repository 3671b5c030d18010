import { Injectable } from '@nestjs/common';
import { cursorValue, cursorValues, toPage, type Page } from '@attest/http';
import { Database, type Tx } from '@attest/persistence';
import {
  ExtractFileStore,
  type FileBytes,
  type FileCounts,
  type NewExtractFile,
  type PeriodKey,
} from '../application/ports.js';
import type { ExtractFileView, RejectedRowView } from '../application/views.js';
import { ROW_FAULTS, type RowFault } from '../domain/row-faults.js';
import type { RejectedRow } from '../domain/row-reader.js';

/** Any number of its own among this database's advisory locks. */
const BYTES_LOCKS = 30_002;

const NO_COUNTS: FileCounts = {
  rows: 0,
  rowsTaken: 0,
  rowsRejected: 0,
  rowsIgnored: 0,
  rowsOlder: 0,
  rowsBlank: 0,
  pagesReceived: 0,
  pagesAmended: 0,
  pagesUnchanged: 0,
  pagesSuperseded: 0,
  pagesRejected: 0,
  valuesLeft: 0,
};

interface FileRow extends Omit<ExtractFileView, 'refusal' | 'bytes'> {
  readonly bytes: bigint;
  readonly refusalCode: string | null;
  readonly refusalDetail: string | null;
  readonly refusalLine: bigint | null;
}

const SELECT_FILE = `
  SELECT file_id AS "fileId", file_name AS "fileName", layout, service_code AS "serviceCode",
         achievement_date AS "achievementDate", status, refusal_code AS "refusalCode", refusal_detail AS "refusalDetail",
         refusal_line AS "refusalLine", sha256, bytes, gzip, reading, received_at AS "receivedAt", received_by AS "receivedBy",
         withdrawn_at AS "withdrawnAt", counts
  FROM extract_file`;

@Injectable()
export class PgExtractFileStore extends ExtractFileStore {
  constructor(private readonly database: Database) {
    super();
  }

  async findTaken(file: FileBytes, within: Pick<Tx, 'query'> = this.database): Promise<string | undefined> {
    const { rows } = await within.query<{ fileId: string | null }>(
      file.serviceCode === null
        ? // Their rows say when they were submitted, so most often the same bytes say nothing new.
          // Of equal times the file that came later counts: then they say what it had replaced.
          `SELECT f.file_id AS "fileId" FROM extract_file f
           WHERE f.status = 'taken' AND f.withdrawn_at IS NULL AND f.sha256 = $1 AND f.layout = $2
             AND $3::text IS NULL AND $4::date IS NULL
             AND NOT EXISTS (
               SELECT FROM extract_file_period e
               CROSS JOIN LATERAL (
                 SELECT practice_code, page_version, submitted_at FROM page
                 WHERE service_code = e.service_code AND achievement_date = e.achievement_date
                   AND file_id = f.file_id AND amendment_id IS NULL AND withdrawal_id IS NULL
                 UNION ALL
                 SELECT practice_code, page_version, submitted_at FROM repeated_page
                 WHERE service_code = e.service_code AND achievement_date = e.achievement_date
                   AND file_id = f.file_id
                 UNION ALL
                 SELECT practice_code, by_page_version, submitted_at FROM superseded_page
                 WHERE service_code = e.service_code AND achievement_date = e.achievement_date
                   AND file_id = f.file_id AND why <> 'PAGE_INCOMPLETE') said
               CROSS JOIN LATERAL (
                 SELECT p.page_version, p.file_id, p.submitted_at, p.amendment_id FROM page p
                 WHERE p.service_code = e.service_code AND p.achievement_date = e.achievement_date
                   AND p.practice_code = said.practice_code
                 ORDER BY p.page_version DESC LIMIT 1) now
               WHERE e.file_id = f.file_id AND now.amendment_id IS NULL AND now.file_id <> f.file_id
                 AND now.page_version > said.page_version AND now.submitted_at = said.submitted_at)
           ORDER BY f.received_at DESC, f.file_id DESC LIMIT 1`
        : // Whatever came last counts, in whatever layout: only that can be repeated.
          `SELECT CASE WHEN f.sha256 = $1 AND f.layout = $2 THEN f.file_id END AS "fileId"
           FROM extract_file_period p JOIN extract_file f USING (file_id)
           WHERE p.service_code = $3 AND p.achievement_date = $4::date AND f.status = 'taken'
             AND f.withdrawn_at IS NULL
           ORDER BY f.received_at DESC, f.file_id DESC LIMIT 1`,
      [file.sha256, file.layout, file.serviceCode, file.achievementDate],
    );
    return rows[0]?.fileId ?? undefined;
  }

  async isWithdrawn(fileId: string, within: Pick<Tx, 'query'>): Promise<boolean> {
    const { rowCount } = await within.query(
      'SELECT FROM extract_file WHERE file_id = $1 AND withdrawn_at IS NOT NULL',
      [fileId],
    );
    return rowCount === 1;
  }

  async readings(file: FileBytes, within: Pick<Tx, 'query'> = this.database): Promise<number> {
    const { rows } = await within.query<{ readings: number }>(
      `SELECT coalesce(max(reading), 0) AS readings FROM extract_file
       WHERE status = 'taken' AND sha256 = $1 AND layout = $2
         AND service_code IS NOT DISTINCT FROM $3 AND achievement_date IS NOT DISTINCT FROM $4::date`,
      [file.sha256, file.layout, file.serviceCode, file.achievementDate],
    );
    return rows[0]!.readings;
  }

  async lockBytes(tx: Tx, { sha256 }: FileBytes): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [BYTES_LOCKS, sha256]);
  }

  async addTaken(tx: Tx, file: NewExtractFile, periods: readonly PeriodKey[]): Promise<void> {
    await this.insert(tx, file, 'taken', { code: null, detail: null, line: null });
    await tx.query(
      `INSERT INTO extract_file_period (service_code, achievement_date, file_id)
       SELECT service, date, $3 FROM unnest($1::text[], $2::date[]) AS said (service, date)`,
      [periods.map((p) => p.serviceCode), periods.map((p) => p.achievementDate), file.fileId],
    );
  }

  async recordCounts(tx: Tx, fileId: string, counts: FileCounts): Promise<void> {
    await tx.query('UPDATE extract_file SET counts = $2 WHERE file_id = $1', [
      fileId,
      JSON.stringify(counts),
    ]);
  }

  async addRefused(
    file: NewExtractFile,
    refusal: { code: string; detail: string; line: number | null },
  ): Promise<void> {
    await this.database.whenRefused(async (tx) => {
      await this.insert(tx, file, 'refused', refusal);
    });
  }

  addRejectedRows(tx: Tx, fileId: string, rows: AsyncIterable<RejectedRow>): Promise<number> {
    return tx.copyIn(
      'rejected_row',
      ['file_id', 'ordinal', 'line', 'code', 'detail', 'text'],
      numbered(fileId, rows),
    );
  }

  async find(fileId: string): Promise<ExtractFileView | undefined> {
    const { rows } = await this.database.query<FileRow>(`${SELECT_FILE} WHERE file_id = $1`, [fileId]);
    return rows[0] && fileView(rows[0]);
  }

  async list(query: {
    status?: string | undefined;
    limit: number;
    cursor?: string | undefined;
  }): Promise<Page<ExtractFileView>> {
    const after = cursorValues(query.cursor, 'instant', 'uuid') ?? [null, null];
    const { rows } = await this.database.query<FileRow>(
      `${SELECT_FILE}
       WHERE ($1::text IS NULL OR status = $1)
         AND ($2::timestamptz IS NULL OR (received_at, file_id) < ($2::timestamptz, $3::uuid))
       ORDER BY received_at DESC, file_id DESC LIMIT $4`,
      [query.status ?? null, after[0], after[1], query.limit + 1],
    );
    return toPage(rows, query.limit, (row) => [row.receivedAt.toISOString(), row.fileId], fileView);
  }

  async rejectedRows(
    fileId: string,
    query: { code?: string | undefined; limit: number; cursor?: string | undefined },
  ): Promise<Page<RejectedRowView>> {
    const after = cursorValue(query.cursor, 'bigint') ?? '-1';
    const { rows } = await this.database.query<{
      ordinal: bigint;
      line: bigint;
      code: RowFault;
      detail: string | null;
      text: string;
    }>(
      `SELECT ordinal, line, code, detail, text FROM rejected_row
       WHERE file_id = $1 AND ordinal > $2::bigint AND ($3::text IS NULL OR code = $3)
       ORDER BY ordinal LIMIT $4`,
      [fileId, after, query.code ?? null, query.limit + 1],
    );
    return toPage(
      rows,
      query.limit,
      (row) => [row.ordinal],
      (row) => ({
        ...row,
        ordinal: Number(row.ordinal),
        line: Number(row.line),
        reason: ROW_FAULTS[row.code],
      }),
    );
  }

  private async insert(
    where: Pick<Tx, 'query'>,
    file: NewExtractFile,
    status: 'taken' | 'refused',
    refusal: { code: string | null; detail: string | null; line: number | null },
  ): Promise<void> {
    await where.query(
      `INSERT INTO extract_file (file_id, file_name, layout, service_code, achievement_date, status, refusal_code,
                                 refusal_detail, refusal_line, sha256, bytes, gzip, received_at, received_by, counts,
                                 reading)
       VALUES ($1, $2, $3, $4, $5::date, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [
        file.fileId,
        file.fileName,
        file.layout,
        file.serviceCode,
        file.achievementDate,
        status,
        refusal.code,
        refusal.detail,
        refusal.line,
        file.sha256,
        file.bytes,
        file.gzip,
        file.receivedAt,
        file.receivedBy,
        JSON.stringify(NO_COUNTS),
        file.reading,
      ],
    );
  }
}

async function* numbered(
  fileId: string,
  rows: AsyncIterable<RejectedRow>,
): AsyncGenerator<readonly unknown[]> {
  let ordinal = 0;
  for await (const row of rows) yield [fileId, ordinal++, row.line, row.code, row.detail, row.text];
}

function fileView({ refusalCode, refusalDetail, refusalLine, bytes, ...row }: FileRow): ExtractFileView {
  return {
    ...row,
    // Receipts of before know fewer counts.
    counts: { ...NO_COUNTS, ...row.counts },
    bytes: Number(bytes),
    refusal:
      refusalCode === null
        ? null
        : {
            code: refusalCode,
            detail: refusalDetail ?? '',
            line: refusalLine === null ? null : Number(refusalLine),
          },
  };
}
