import type { LondonDate } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { FileStore, type FileEffect, type KeptFile, type NewFile } from '../application/ports.js';
import type { Layout } from '../domain/files/layouts.js';
import type { RejectedRow } from '../domain/files/rejected-row.js';

/** Any fixed number; nothing else in this database takes advisory locks by it. */
const FILE_LOCK = 7_302_651_010;

export const FILE_COLUMNS = `file_id AS "fileId", layout, as_at AS "asAt", file_name AS "fileName", sha256, bytes, rows,
  accepted, rejected, skipped, changed, notes, received_at AS "receivedAt", received_by AS "receivedBy"`;

export type FileRow = Omit<KeptFile, 'bytes'> & { readonly bytes: bigint };
export const fileOf = (row: FileRow): KeptFile => ({ ...row, bytes: Number(row.bytes) });

@Injectable()
export class PgFileStore extends FileStore {
  override async lockForFile(tx: Tx): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock($1)`, [FILE_LOCK]);
  }

  override async lockForChange(tx: Tx): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock_shared($1)`, [FILE_LOCK]);
  }

  override async newest(tx: Tx, layout: Layout, asAt: LondonDate): Promise<KeptFile | null> {
    const { rows } = await tx.query<FileRow>(
      `SELECT ${FILE_COLUMNS} FROM organisation_file WHERE layout = $1 AND as_at = $2 ORDER BY received DESC LIMIT 1`,
      [layout, asAt],
    );
    return rows[0] ? fileOf(rows[0]) : null;
  }

  override async add(tx: Tx, file: NewFile, rejected: readonly RejectedRow[]): Promise<void> {
    await tx.query(
      `INSERT INTO organisation_file (file_id, layout, as_at, file_name, sha256, bytes, rows, accepted, rejected, skipped, changed, notes, received_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '{}', $11)`,
      [
        file.fileId,
        file.layout,
        file.asAt,
        file.fileName,
        file.sha256,
        file.bytes,
        file.rows,
        file.accepted,
        file.rejected,
        file.skipped,
        file.receivedBy,
      ],
    );
    await tx.copyIn(
      'rejected_row',
      ['file_id', 'line', 'code', 'reason', 'original'],
      rejected.map((row) => [file.fileId, row.line, row.code, row.reason, row.original]),
    );
  }

  override async complete(tx: Tx, fileId: string, effect: FileEffect): Promise<KeptFile> {
    const { rows } = await tx.query<FileRow>(
      `UPDATE organisation_file SET changed = $2, notes = $3 WHERE file_id = $1 RETURNING ${FILE_COLUMNS}`,
      [fileId, effect.changed, JSON.stringify(effect.notes)],
    );
    return fileOf(rows[0]!);
  }
}
