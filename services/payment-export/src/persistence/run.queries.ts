import { anyIsInScope } from '@attest/auth';
import { Injectable } from '@nestjs/common';
import { cursorValue, toPage, type Page } from '@attest/http';
import { Database } from '@attest/persistence';
import type { Paging } from '../application/queries.js';
import { RunQueries, type RunCounts, type RunItemView, type RunView } from '../application/run.queries.js';

// Who asks how far a run is asks every second: only items that were left out are looked up among the instructions.
const COUNTS = `count(*)::int AS listed,
  (count(*) FILTER (WHERE CASE WHEN i.state IN ('refused', 'not-included')
     THEN EXISTS (SELECT FROM instruction n WHERE n.declaration_id = i.declaration_id
                    AND n.declaration_version = i.declaration_version AND n.attempt = i.attempt AND n.run_id = i.run_id)
     ELSE i.state <> 'listed' END))::int AS requested,
  (count(*) FILTER (WHERE i.state = 'confirmed'))::int AS confirmed, (count(*) FILTER (WHERE i.state = 'included'))::int AS included,
  (count(*) FILTER (WHERE i.state = 'netted'))::int AS netted,
  (count(*) FILTER (WHERE i.state IN ('refused', 'not-included')))::int AS left_out`;
// An ended run was counted when it ended.
const RUN = `SELECT r.run_id AS "runId", r.payment_period AS "paymentPeriod", r.sequence, r.state, r.cut_off_at AS "cutOffAt",
    r.requested_by AS "requestedBy", r.requested_at AS "requestedAt", r.ended_at AS "endedAt", r.words,
    r.trouble_code AS "troubleCode", r.trouble_words AS "troubleWords", r.trouble_since AS "troubleSince",
    coalesce(r.listed, c.listed) AS listed, coalesce(r.requested, c.requested) AS requested, c.confirmed,
    coalesce(r.included, c.included) AS included, coalesce(r.netted, c.netted, 0) AS netted, coalesce(r.not_included, c.left_out) AS "notIncluded"
  FROM release_run r CROSS JOIN LATERAL (SELECT ${COUNTS} FROM run_item i WHERE i.run_id = r.run_id AND r.included IS NULL) c`;

@Injectable()
export class PgRunQueries extends RunQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async runs({ limit, cursor }: Paging): Promise<Page<RunView>> {
    const { rows } = await this.database.query<RunView>(
      `${RUN} WHERE ($1::uuid IS NULL OR r.run_id < $1) ORDER BY r.run_id DESC LIMIT $2`,
      [cursorValue(cursor, 'uuid') ?? null, limit + 1],
    );
    return toPage(
      rows,
      limit,
      (row) => [row.runId],
      (row) => row,
    );
  }

  async run(runId: string): Promise<RunView | undefined> {
    return (await this.database.query<RunView>(`${RUN} WHERE r.run_id = $1`, [runId])).rows[0];
  }

  async countsWithin(runId: string, scope: readonly string[]): Promise<RunCounts> {
    const { rows } = await this.database.query<RunCounts>(
      `SELECT listed, requested, confirmed, included, netted, left_out AS "notIncluded" FROM (
         SELECT ${COUNTS} FROM run_item i JOIN declaration_state d ON d.declaration_id = i.declaration_id
          WHERE i.run_id = $1 AND ${anyIsInScope('$2', 'd.provider_code', 'd.commissioner_code')}) counted`,
      [runId, scope],
    );
    return rows[0]!;
  }

  async items(
    runId: string,
    { scope, state, limit, cursor }: { scope: readonly string[]; state?: string | undefined } & Paging,
  ): Promise<Page<RunItemView>> {
    const { rows } = await this.database.query<RunItemView>(
      `SELECT i.declaration_id AS "declarationId", i.declaration_version AS "declarationVersion", i.attempt,
              d.provider_code AS "providerCode", d.commissioner_code AS "commissionerCode", d.service_code AS "serviceCode",
              d.achievement_date AS "achievementDate", i.state, i.code, i.owed_pence AS "owedPence",
              i.netted_pence AS "nettedPence", i.debt_pence AS "debtPence",
              l.file_name AS "fileName", l.line_number AS "lineNumber"
         FROM run_item i
         JOIN declaration_state d ON d.declaration_id = i.declaration_id
         LEFT JOIN sealed_line l ON i.state = 'included' AND l.declaration_id = i.declaration_id
                                AND l.declaration_version = i.declaration_version AND l.attempt = i.attempt
        WHERE i.run_id = $1 AND ($3::text IS NULL OR i.state = $3) AND ($4::uuid IS NULL OR i.declaration_id > $4)
          AND ${anyIsInScope('$2', 'd.provider_code', 'd.commissioner_code')}
        ORDER BY i.declaration_id LIMIT $5`,
      [runId, scope, state ?? null, cursorValue(cursor, 'uuid') ?? null, limit + 1],
    );
    return toPage(
      rows,
      limit,
      (row) => [row.declarationId],
      (row) => row,
    );
  }
}
