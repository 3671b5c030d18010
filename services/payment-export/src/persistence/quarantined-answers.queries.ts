import { Injectable } from '@nestjs/common';
import { cursorValues, toPage, type Page } from '@attest/http';
import { Database } from '@attest/persistence';
import type { Paging } from '../application/queries.js';
import {
  QuarantinedAnswers,
  type LineState,
  type QuarantinedAnswerView,
} from '../application/quarantined-answers.js';
import { within } from './within.sql.js';

const STATES = `'{"sealed":"unanswered","acknowledged":"acknowledged","rejected":"rejected"}'::jsonb`;

/** The last of these instructions that was sealed. */
const newest = (which: string): string => `
  SELECT i.attempt, ${STATES} ->> i.state AS state FROM instruction i WHERE ${which} AND ${STATES} ? i.state
   ORDER BY i.attempt DESC, i.declaration_version DESC LIMIT 1`;

@Injectable()
export class PgQuarantinedAnswers extends QuarantinedAnswers {
  constructor(private readonly database: Database) {
    super();
  }

  async list(
    scope: readonly string[],
    {
      code,
      lineState,
      limit,
      cursor,
    }: { code?: string | undefined; lineState?: LineState | undefined } & Paging,
  ): Promise<Page<QuarantinedAnswerView>> {
    const [fileId, line] = cursorValues(cursor, 'uuid', 'number') ?? [null, null];
    const { rows } = await this.database.query<QuarantinedAnswerView>(
      `SELECT l.file_id AS "fileId", f.file_name AS "fileName", f.agency_code AS "agencyCode", f.received_at AS "receivedAt",
              l.line, l.code, l.words, l.text, d.declaration_id AS "declarationId", d.provider_code AS "providerCode",
              d.commissioner_code AS "commissionerCode", d.service_code AS "serviceCode",
              d.achievement_date AS "achievementDate", q.attempt, n.state AS "lineState",
              m.attempt AS "newestAttempt", m.state AS "newestLineState"
         FROM acknowledgement_line l
         JOIN acknowledgement_file f USING (file_id)
         JOIN quarantined_answer q USING (file_id, line)
         LEFT JOIN declaration_state d USING (declaration_id)
         LEFT JOIN LATERAL (${newest('i.declaration_id = q.declaration_id AND i.attempt = q.attempt')}) n ON true
         LEFT JOIN LATERAL (${newest('i.declaration_id = q.declaration_id')}) m ON true
        WHERE l.state = 'quarantined' AND ${within('$1::text[]')}
          AND ($2::text IS NULL OR l.code = $2) AND ($3::text IS NULL OR n.state = $3)
          AND ($4::uuid IS NULL OR l.file_id < $4 OR (l.file_id = $4 AND l.line > $5::int))
        ORDER BY l.file_id DESC, l.line LIMIT $6`,
      [scope, code ?? null, lineState ?? null, fileId, line, limit + 1],
    );
    return toPage(
      rows,
      limit,
      (row) => [row.fileId, row.line],
      (row) => row,
    );
  }
}
