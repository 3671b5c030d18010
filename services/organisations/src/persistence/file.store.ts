import type { LondonDate } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  FileStore,
  type FileEffect,
  type FileStep,
  type KeptFile,
  type NewFile,
  type Reading,
} from '../application/ports.js';
import type { Layout } from '../domain/files/layouts.js';
import type { NamedCode } from '../domain/files/named-codes.js';
import type { RejectedRow } from '../domain/files/rejected-row.js';
import type { EffectCounts, Touched } from '../domain/register/effect.js';
import { Standing, type TakenFile } from '../domain/register/standing.js';

/** Any fixed number; nothing else in this database takes advisory locks by it. */
const FILE_LOCK = 7_302_651_010;

const COUNTS = `('TAKEN', 'AWAITING_WITHDRAWAL')`;

/** Files that came before steps were kept have none: then whoever sent it decided. */
export const FILES = `(SELECT f.file_id AS "fileId", f.received, f.layout, f.as_at AS "asAt", f.file_name AS "fileName", f.sha256,
    f.bytes, f.rows, f.accepted, f.rejected, f.skipped, f.changed, f.notes, f.status, f.effect,
    f.received_at AS "receivedAt", f.received_by AS "receivedBy", coalesce(h.person_id, f.received_by) AS "decidedBy",
    coalesce(h.at, f.received_at) AS "decidedAt", h.reason
  FROM organisation_file f LEFT JOIN LATERAL (
    SELECT person_id, at, reason FROM organisation_file_history h WHERE h.file_id = f.file_id
    ORDER BY h.audit_id DESC LIMIT 1) h ON true) f`;

export type FileRow = Omit<KeptFile, 'bytes'> & { readonly bytes: bigint; readonly received: bigint };
export const fileOf = ({ received: _, ...row }: FileRow): KeptFile => ({ ...row, bytes: Number(row.bytes) });

@Injectable()
export class PgFileStore extends FileStore {
  override async lockForFile(tx: Tx): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock($1)`, [FILE_LOCK]);
  }

  override async lockForChange(tx: Tx): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock_shared($1)`, [FILE_LOCK]);
  }

  override async byId(where: Reading, fileId: string): Promise<KeptFile | null> {
    const { rows } = await where.query<FileRow>(`SELECT * FROM ${FILES} WHERE f."fileId" = $1`, [fileId]);
    return rows[0] ? fileOf(rows[0]) : null;
  }

  override async ofDate(tx: Tx, layout: Layout, asAt: LondonDate): Promise<readonly KeptFile[]> {
    const { rows } = await tx.query<FileRow>(
      `SELECT * FROM ${FILES} WHERE f.layout = $1 AND f."asAt" = $2 AND (
         f.status = 'AWAITING_CONFIRMATION' OR f.received = (
           SELECT max(received) FROM organisation_file WHERE layout = $1 AND as_at = $2 AND status IN ${COUNTS}))`,
      [layout, asAt],
    );
    return rows.map(fileOf);
  }

  override async standing(tx: Tx, without?: string): Promise<Standing> {
    const { rows } = await tx.query<TakenFile>(
      `SELECT f.file_id AS "fileId", f.layout, f.as_at AS "asAt", f.received,
              coalesce(jsonb_agg(jsonb_build_object('kind', u.kind, 'code', u.code)) FILTER (WHERE u.kind IS NOT NULL), '[]') AS unread
       FROM organisation_file f LEFT JOIN unread_code u USING (file_id)
       WHERE f.status IN ${COUNTS} AND f.layout <> 'people' AND f.file_id IS DISTINCT FROM $1::uuid
       GROUP BY f.file_id`,
      [without ?? null],
    );
    return new Standing(rows);
  }

  override async add(
    tx: Tx,
    file: NewFile,
    rejected: readonly RejectedRow[],
    unread: readonly NamedCode[],
  ): Promise<void> {
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
    await tx.copyIn(
      'unread_code',
      ['file_id', 'kind', 'code'],
      unread.map(({ kind, code }) => [file.fileId, kind, code]),
    );
  }

  override async step(tx: Tx, fileId: string, { status, personId, at, reason }: FileStep): Promise<void> {
    await tx.query(
      `UPDATE organisation_file SET status = $2,
         received = CASE WHEN status = 'AWAITING_CONFIRMATION' AND $2 = 'TAKEN' THEN nextval('received') ELSE received END
       WHERE file_id = $1`,
      [fileId, status],
    );
    await tx.query(
      `INSERT INTO organisation_file_history (file_id, status, at, person_id, reason) VALUES ($1, $2, $3, $4, $5)`,
      [fileId, status, at, personId, reason],
    );
  }

  override async keepEffect(
    tx: Tx,
    fileId: string,
    counts: EffectCounts | null,
    touched: readonly Touched[],
  ): Promise<void> {
    await tx.query(`UPDATE organisation_file SET effect = $2 WHERE file_id = $1`, [
      fileId,
      JSON.stringify(counts),
    ]);
    await tx.query(`DELETE FROM file_effect WHERE file_id = $1`, [fileId]);
    await tx.copyIn(
      'file_effect',
      ['file_id', 'place', 'code', 'name', 'kind', 'before', 'after'],
      touched.map((one, place) => [fileId, place, one.code, one.name, one.kind, one.before, one.after]),
    );
  }

  override async effects(where: Reading, fileId: string): Promise<readonly Touched[]> {
    const { rows } = await where.query<Touched>(
      `SELECT code, name, kind, before, after FROM file_effect WHERE file_id = $1 ORDER BY place`,
      [fileId],
    );
    return rows;
  }

  override async complete(tx: Tx, fileId: string, effect: FileEffect): Promise<KeptFile> {
    await tx.query(`UPDATE organisation_file SET changed = $2, notes = $3 WHERE file_id = $1`, [
      fileId,
      effect.changed,
      JSON.stringify(effect.notes),
    ]);
    return (await this.byId(tx, fileId))!;
  }
}
