import { Injectable } from '@nestjs/common';
import { Database } from '@attest/persistence';
import { TaskQueries, type TaskFilter, type TaskView } from '../application/queries.js';

const VIEW = `declaration_id AS "declarationId", kind, service_code AS "serviceCode", achievement_date AS "achievementDate",
  organisation_code AS "organisationCode", commissioner_code AS "commissionerCode", payment_period AS "paymentPeriod",
  status, stage, held, awaiting_aggregation AS "awaitingAggregation", late, pence,
  declaration_version AS "declarationVersion", pending_approval_id IS NOT NULL AS "signaturePending", since, tier, tier_role AS "tierRole"`;

@Injectable()
export class PgTaskQueries extends TaskQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async list(scope: readonly string[], filter: TaskFilter): Promise<TaskView[]> {
    const { rows } = await this.database.query<TaskView>(
      `SELECT ${VIEW} FROM approval_task t
        WHERE stage IS NOT NULL
          AND EXISTS (SELECT 1 FROM directory_organisation o WHERE o.code = t.commissioner_code
                         AND (o.code = ANY($1) OR o.ancestors && $1::text[]))
          AND ($2::text IS NULL OR stage = $2) AND ($3::text IS NULL OR service_code = $3)
          AND ($4::date IS NULL OR achievement_date = $4) AND ($5::text IS NULL OR organisation_code = $5)
          AND ($6::text IS NULL OR commissioner_code = $6) AND ($7::boolean IS NULL OR held = $7)
          AND ($8::boolean IS NULL OR (pending_approval_id IS NOT NULL) = $8)
          AND ($9::uuid IS NULL OR declaration_id > $9)
          AND ($11::text IS NULL OR (stage = 'commissioner' AND coalesce(tier_role, 'APPROVAL_MANAGEMENT') = $11))
        ORDER BY declaration_id LIMIT $10`,
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
    return rows;
  }
}
