import { Injectable } from '@nestjs/common';
import { versionAfter } from '@attest/messaging';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import {
  AcknowledgementStore,
  lineKey,
  type AcknowledgementReceipt,
  type AppliedAnswer,
  type LineResult,
  type LockedLine,
} from '../application/acknowledgement.ports.js';
import type { Acknowledgement } from '../domain/acknowledgement.js';

const STATE_AFTER = { ACCEPTED: 'acknowledged', REJECTED: 'rejected', RETURNED: 'returned' } as const;

@Injectable()
export class PgAcknowledgementStore extends AcknowledgementStore {
  async bySha256(tx: Tx, agencyCode: string, sha256: string): Promise<AcknowledgementReceipt | undefined> {
    // Two senders of one file at once: the second waits and then finds the first one's receipt.
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${agencyCode} ${sha256}`]);
    const { rows } = await tx.query<AcknowledgementReceipt>(
      `SELECT file_id AS "fileId", file_name AS "fileName", agency_code AS "agencyCode", received_at AS "receivedAt", lines, applied,
              repeated, quarantined, blank
         FROM acknowledgement_file WHERE agency_code = $1 AND sha256 = $2`,
      [agencyCode, sha256],
    );
    return rows[0];
  }

  async lockLines(
    tx: Tx,
    agencyCode: string,
    answers: readonly Acknowledgement[],
  ): Promise<Map<string, LockedLine>> {
    const { rows } = await tx.query<LockedLine>(
      `SELECT n.declaration_id AS "declarationId", n.declaration_version AS "declarationVersion", n.attempt, n.run_id AS "runId",
              l.file_name AS "fileName", l.line_number AS "lineNumber", n.agency_code AS "agencyCode", l.pence, n.state,
              (f.sealed_at AT TIME ZONE 'Europe/London')::date AS "sealedOn", n.returned_on AS "returnedOn",
              r.state <> 'sealed' AS early
         FROM unnest($2::text[], $3::int[], $4::uuid[], $5::int[]) AS a(file_name, line_number, declaration_id, attempt)
         JOIN sealed_line l ON l.file_name = a.file_name AND l.line_number = a.line_number AND l.declaration_id = a.declaration_id
                           AND l.attempt = a.attempt
         JOIN sealed_file f ON f.file_name = l.file_name AND f.agency_code = $1
         JOIN release_run r ON r.run_id = f.run_id
         JOIN instruction n ON n.declaration_id = l.declaration_id AND n.declaration_version = l.declaration_version AND n.attempt = l.attempt
        ORDER BY n.declaration_id FOR UPDATE OF n`,
      [
        agencyCode,
        textArray(answers.map((a) => a.fileName)),
        plainArray(answers.map((a) => a.lineNumber)),
        plainArray(answers.map((a) => a.declarationId)),
        plainArray(answers.map((a) => a.attempt)),
      ],
    );
    return new Map(rows.map((row) => [lineKey(row), row]));
  }

  async apply(tx: Tx, applied: readonly AppliedAnswer[], at: Date): Promise<Map<string, bigint>> {
    const { rows } = await tx.query<{ id: string; version: bigint }>(
      `WITH answered AS MATERIALIZED (
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::text[], $5::date[], $7::text[], $8::text[])
           AS a(declaration_id, declaration_version, attempt, state, returned_on, reason_code, reason)),
       moved AS (
         UPDATE instruction n SET state = a.state, returned_on = a.returned_on, reason_code = a.reason_code, reason = a.reason
           FROM answered a
          WHERE n.declaration_id = a.declaration_id AND n.declaration_version = a.declaration_version AND n.attempt = a.attempt
         RETURNING n.provider_code, n.service_code, n.achievement_date, n.declaration_id, n.declaration_version, n.attempt, n.pence, a.state),
       entered AS (
         INSERT INTO ledger_entry (provider_code, service_code, achievement_date, declaration_id, declaration_version, attempt, kind, pence, entered_at)
         SELECT provider_code, service_code, achievement_date, declaration_id, declaration_version, attempt,
                CASE state WHEN 'acknowledged' THEN 'paid' ELSE state END, pence, $6 FROM moved)
       UPDATE declaration_state d SET payment_version = ${versionAfter('d.payment_version')} FROM answered a
        WHERE d.declaration_id = a.declaration_id RETURNING d.declaration_id AS id, d.payment_version AS version`,
      [
        plainArray(applied.map(({ line }) => line.declarationId)),
        plainArray(applied.map(({ line }) => line.declarationVersion)),
        plainArray(applied.map(({ line }) => line.attempt)),
        textArray(applied.map(({ answer }) => STATE_AFTER[answer.outcome])),
        plainArray(applied.map(({ answer }) => answer.returnedOn)),
        at,
        textArray(applied.map(({ answer }) => (answer.outcome === 'ACCEPTED' ? null : answer.reasonCode))),
        textArray(applied.map(({ answer }) => (answer.outcome === 'ACCEPTED' ? null : answer.reason))),
      ],
    );
    return new Map(rows.map((row) => [row.id, row.version]));
  }

  async record(
    tx: Tx,
    receipt: AcknowledgementReceipt,
    sha256: string,
    personId: string,
    lines: readonly LineResult[],
  ): Promise<void> {
    await tx.query(
      `INSERT INTO acknowledgement_file (file_id, agency_code, file_name, sha256, received_by, received_at, lines, applied, repeated, quarantined, blank)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        receipt.fileId,
        receipt.agencyCode,
        receipt.fileName,
        sha256,
        personId,
        receipt.receivedAt,
        receipt.lines,
        receipt.applied,
        receipt.repeated,
        receipt.quarantined,
        receipt.blank,
      ],
    );
    await tx.copyIn(
      'acknowledgement_line',
      ['file_id', 'line', 'state', 'code', 'words', 'text'],
      lines.map((l) => [receipt.fileId, l.line, l.state, l.code, l.words, l.text]),
    );
    const aside = lines.filter(({ state }) => state === 'quarantined');
    if (aside.length === 0) return;
    await tx.copyIn(
      'quarantined_answer',
      [
        ...['file_id', 'line', 'named_file', 'named_line', 'declaration_id', 'attempt', 'pence', 'outcome'],
        ...['reason_code', 'answer_reason', 'returned_on'],
      ],
      aside.map(({ line, stated: s }) => [
        ...[receipt.fileId, line, s.fileName, s.lineNumber, s.declarationId, s.attempt, s.pence, s.outcome],
        ...[s.reasonCode || null, s.reason || null, s.returnedOn],
      ]),
    );
  }
}
