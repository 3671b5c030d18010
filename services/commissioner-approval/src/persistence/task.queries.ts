import { Injectable } from '@nestjs/common';
import { anyIsInScope } from '@attest/auth';
import { Database } from '@attest/persistence';
import { TaskQueries, type LastSignature, type TaskFilter, type TaskView } from '../application/queries.js';
import { isParked } from './parked.sql.js';

const VIEW = `t.declaration_id AS "declarationId", t.kind, t.service_code AS "serviceCode",
  t.achievement_date AS "achievementDate", t.organisation_code AS "organisationCode",
  t.commissioner_code AS "commissionerCode", t.payment_period AS "paymentPeriod", t.status, t.stage, t.held,
  t.awaiting_aggregation AS "awaitingAggregation", t.late, t.pence, t.declaration_version AS "declarationVersion",
  ${isParked('t')} AS parked,
  t.pending_approval_id IS NOT NULL AS "signaturePending", t.since, t.tier, t.tier_role AS "tierRole",
  s.approval_id, s.stage AS signed_stage, s.tier AS signed_tier, s.decision, s.declaration_version AS signed_version,
  s.person_id, s.bulk_id, s.signed_at, s.state, s.answer_code, s.answer_words, s.answered_at`;

const LAST_SIGNATURE = 'LEFT JOIN signature s ON s.approval_id = t.last_approval_id';

@Injectable()
export class PgTaskQueries extends TaskQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async list(scope: readonly string[], filter: TaskFilter): Promise<TaskView[]> {
    const { rows } = await this.database.query<TaskRow>(
      `SELECT ${VIEW} FROM (
         SELECT * FROM approval_task t
          WHERE stage IS NOT NULL
            AND ${anyIsInScope('$1', 't.commissioner_code')}
            AND ($2::text IS NULL OR stage = $2) AND ($3::text IS NULL OR service_code = $3)
            AND ($4::date IS NULL OR achievement_date = $4) AND ($5::text IS NULL OR organisation_code = $5)
            AND ($6::text IS NULL OR commissioner_code = $6) AND ($7::boolean IS NULL OR held = $7)
            AND ($8::boolean IS NULL OR (pending_approval_id IS NOT NULL) = $8)
            AND ($9::uuid IS NULL OR declaration_id > $9)
            AND ($11::text IS NULL OR (stage = 'commissioner' AND coalesce(tier_role, 'APPROVAL_MANAGEMENT') = $11))
          ORDER BY declaration_id LIMIT $10) t ${LAST_SIGNATURE}
       ORDER BY t.declaration_id`,
      [
        scope,
        filter.stage ?? null,
        filter.serviceCode ?? null,
        filter.achievementDate ?? null,
        filter.organisationCode ?? null,
        filter.commissionerCode ?? null,
        filter.held ?? null,
        filter.pending ?? null,
        filter.after ?? null,
        filter.limit,
        filter.tierRole ?? null,
      ],
    );
    return rows.map(toView);
  }

  async one(declarationId: string): Promise<TaskView | undefined> {
    const { rows } = await this.database.query<TaskRow>(
      `SELECT ${VIEW} FROM approval_task t ${LAST_SIGNATURE} WHERE t.declaration_id = $1`,
      [declarationId],
    );
    return rows[0] && toView(rows[0]);
  }
}

type TaskRow = Omit<TaskView, 'lastSignature'> & {
  readonly approval_id: string | null;
  readonly signed_stage: LastSignature['stage'];
  readonly signed_tier: string | null;
  readonly decision: LastSignature['decision'];
  readonly signed_version: bigint;
  readonly person_id: string;
  readonly bulk_id: string | null;
  readonly signed_at: Date;
  readonly state: LastSignature['state'];
  readonly answer_code: string | null;
  readonly answer_words: string | null;
  readonly answered_at: Date | null;
};

function toView({
  approval_id,
  signed_stage,
  signed_tier,
  decision,
  signed_version,
  person_id,
  bulk_id,
  signed_at,
  state,
  answer_code,
  answer_words,
  answered_at,
  ...task
}: TaskRow): TaskView {
  const lastSignature =
    approval_id === null
      ? null
      : {
          approvalId: approval_id,
          stage: signed_stage,
          tier: signed_tier,
          decision,
          declarationVersion: signed_version,
          personId: person_id,
          bulkId: bulk_id,
          signedAt: signed_at,
          state,
          code: answer_code,
          words: answer_words,
          answeredAt: answered_at,
        };
  return { ...task, lastSignature };
}
