import { anyIsInScope } from '@attest/auth';
import { Injectable } from '@nestjs/common';
import type { LondonDate } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import type { Acknowledgement } from '../domain/acknowledgement.js';
import type { AnswerState } from '../domain/quarantine.js';
import {
  QuarantineStore,
  type AnswerKey,
  type LockedAnswer,
  type TakenStep,
} from '../application/quarantine.ports.js';
import { answerCells } from './answer-cells.sql.js';

type Stored = { readonly [K in keyof Acknowledgement]: string | number | null };
const read = ({ pence, returnedOn, ...rest }: Stored) =>
  ({
    ...rest,
    pence: pence === null ? null : BigInt(pence),
    returnedOn: returnedOn as LondonDate | null,
  }) as LockedAnswer['stated'];

@Injectable()
export class PgQuarantineStore extends QuarantineStore {
  async lock(
    tx: Tx,
    { fileId, line }: AnswerKey,
    scope: readonly string[],
  ): Promise<LockedAnswer | undefined> {
    const { rows } = await tx.query<{
      state: AnswerState;
      version: bigint;
      agencyCode: string;
      stated: Stored;
      repairId: string | null;
      proposedBy: string | null;
      repair: Stored;
    }>(
      `SELECT q.state, q.version, f.agency_code AS "agencyCode", ${answerCells('q')} AS stated,
              s.repair_id AS "repairId", s.person_id AS "proposedBy", ${answerCells('s')} AS repair
         FROM quarantined_answer q
         JOIN acknowledgement_file f USING (file_id)
         LEFT JOIN declaration_state d USING (declaration_id)
         LEFT JOIN quarantine_step s ON q.state = 'proposed' AND s.file_id = q.file_id AND s.line = q.line AND s.version = q.version
        WHERE q.file_id = $1 AND q.line = $2 AND ${anyIsInScope('$3', 'd.provider_code', 'd.commissioner_code')} FOR UPDATE OF q`,
      [fileId, line, scope],
    );
    const [row] = rows;
    if (!row) return undefined;
    const { state, version, agencyCode, stated, repairId, proposedBy, repair } = row;
    return {
      ...{ state, version, agencyCode, stated: read(stated) },
      repair:
        repairId === null
          ? null
          : { repairId, proposedBy: proposedBy!, answer: read(repair) as Acknowledgement },
    };
  }

  async isWithin(tx: Tx, declarationId: string, scope: readonly string[]): Promise<boolean> {
    const { rows } = await tx.query(
      `SELECT 1 FROM declaration_state d WHERE d.declaration_id = $1 AND ${anyIsInScope('$2', 'd.provider_code', 'd.commissioner_code')}`,
      [declarationId, scope],
    );
    return rows.length > 0;
  }

  async step(tx: Tx, { fileId, line }: AnswerKey, taken: TakenStep): Promise<void> {
    const { state, version, step, personId, at, repairId, reason, answer } = taken;
    await tx.query(
      `WITH moved AS (
         UPDATE quarantined_answer SET state = $3, version = $4,
                settled_at = CASE WHEN $3 IN ('applied', 'dismissed') THEN $7::timestamptz END
          WHERE file_id = $1 AND line = $2)
       INSERT INTO quarantine_step (file_id, line, version, step, person_id, at, repair_id, reason, named_file, named_line,
                                    declaration_id, attempt, pence, outcome, reason_code, answer_reason, returned_on)
       VALUES ($1, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
      [
        ...[fileId, line, state, version, step, personId, at, repairId, reason],
        ...[answer?.fileName, answer?.lineNumber, answer?.declarationId, answer?.attempt, answer?.pence],
        ...[answer?.outcome, answer?.reasonCode, answer?.reason, answer?.returnedOn],
      ].map((value) => value ?? null),
    );
  }
}
