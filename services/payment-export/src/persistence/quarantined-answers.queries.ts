import { anyIsInScope } from '@attest/auth';
import { Injectable } from '@nestjs/common';
import { cursorValues, toPage, type Page } from '@attest/http';
import { Database } from '@attest/persistence';
import type { Paging } from '../application/queries.js';
import type { AnswerKey } from '../application/quarantine.ports.js';
import {
  QuarantinedAnswers,
  type AnswerFilter,
  type AnswerStepView,
  type AttemptView,
  type QuarantinedAnswerDetail,
  type QuarantinedAnswerView,
} from '../application/quarantined-answers.js';
import { answerCells } from './answer-cells.sql.js';

const STATES = `'{"sealed":"unanswered","acknowledged":"acknowledged","rejected":"rejected","returned":"returned"}'::jsonb`;

/** The last of these instructions that was sealed. */
const newest = (which: string): string => `
  SELECT i.attempt, ${STATES} ->> i.state AS state FROM instruction i WHERE ${which} AND ${STATES} ? i.state
   ORDER BY i.attempt DESC, i.declaration_version DESC LIMIT 1`;

const COLUMNS = `q.file_id AS "fileId", f.file_name AS "fileName", f.agency_code AS "agencyCode", f.received_at AS "receivedAt",
  q.line, l.code, l.words, l.text, q.state, q.declaration_id AS "declarationId", d.provider_code AS "providerCode",
  d.commissioner_code AS "commissionerCode", d.service_code AS "serviceCode", d.achievement_date AS "achievementDate",
  q.attempt, n.state AS "lineState", m.attempt AS "newestAttempt", m.state AS "newestLineState"`;

const FROM = `quarantined_answer q
  JOIN acknowledgement_line l USING (file_id, line)
  JOIN acknowledgement_file f USING (file_id)
  LEFT JOIN declaration_state d USING (declaration_id)
  LEFT JOIN LATERAL (${newest('i.declaration_id = q.declaration_id AND i.attempt = q.attempt')}) n ON true
  LEFT JOIN LATERAL (${newest('i.declaration_id = q.declaration_id')}) m ON true`;

@Injectable()
export class PgQuarantinedAnswers extends QuarantinedAnswers {
  constructor(private readonly database: Database) {
    super();
  }

  async list(
    scope: readonly string[],
    { code, lineState, standing, limit, cursor }: AnswerFilter & Paging,
  ): Promise<Page<QuarantinedAnswerView>> {
    const [fileId, line] = cursorValues(cursor, 'uuid', 'number') ?? [null, null];
    const { rows } = await this.database.query<QuarantinedAnswerView>(
      `SELECT ${COLUMNS} FROM ${FROM}
        WHERE ${anyIsInScope('$1', 'd.provider_code', 'd.commissioner_code')}
          AND ($2::text IS NULL OR l.code = $2) AND ($3::text IS NULL OR n.state = $3)
          AND ($4::uuid IS NULL OR q.file_id < $4 OR (q.file_id = $4 AND q.line > $5::int))
          AND ($7::text IS NULL OR (q.settled_at IS NULL) = ($7 = 'open'))
        ORDER BY q.file_id DESC, q.line LIMIT $6`,
      [scope, code ?? null, lineState ?? null, fileId, line, limit + 1, standing ?? null],
    );
    return toPage(
      rows,
      limit,
      (row) => [row.fileId, row.line],
      (row) => row,
    );
  }

  async one(
    { fileId, line }: AnswerKey,
    scope: readonly string[],
  ): Promise<QuarantinedAnswerDetail | undefined> {
    const { rows } = await this.database.query<Omit<QuarantinedAnswerDetail, 'attempts' | 'steps'>>(
      `SELECT ${COLUMNS}, q.version, ${answerCells('q')} AS stated FROM ${FROM}
        WHERE q.file_id = $1 AND q.line = $2 AND ${anyIsInScope('$3', 'd.provider_code', 'd.commissioner_code')}`,
      [fileId, line, scope],
    );
    const [answer] = rows;
    if (!answer) return undefined;
    const { rows: attempts } = await this.database.query<AttemptView>(
      `SELECT l.file_name AS "fileName", l.line_number AS "lineNumber", f.agency_code AS "agencyCode", l.attempt,
              l.pence::text AS pence, f.sealed_at AS "sealedAt", ${STATES} ->> i.state AS "lineState", i.returned_on AS "returnedOn"
         FROM sealed_line l
         JOIN sealed_file f USING (file_name)
         JOIN instruction i USING (declaration_id, declaration_version, attempt)
        WHERE l.declaration_id = $1 ORDER BY l.attempt, l.declaration_version`,
      [answer.declarationId],
    );
    const { rows: steps } = await this.database.query<AnswerStepView>(
      `SELECT step, person_id AS "personId", at, reason, repair_id AS "repairId",
              CASE WHEN declaration_id IS NOT NULL THEN ${answerCells('s')} END AS answer
         FROM quarantine_step s WHERE file_id = $1 AND line = $2 ORDER BY version`,
      [fileId, line],
    );
    return { ...answer, attempts, steps };
  }
}
