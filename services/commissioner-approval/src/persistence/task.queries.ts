import { Injectable } from '@nestjs/common';
import type { ApprovalStage } from '@attest/contracts';
import { Database } from '@attest/persistence';

export interface TaskFilter {
  readonly stage?: ApprovalStage | undefined;
  readonly serviceCode?: string | undefined;
  readonly achievementDate?: string | undefined;
  readonly organisationCode?: string | undefined;
  readonly commissionerCode?: string | undefined;
  readonly held?: boolean | undefined;
  readonly pending?: boolean | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface TaskView {
  declarationId: string;
  kind: string;
  serviceCode: string;
  achievementDate: string;
  organisationCode: string;
  commissionerCode: string;
  paymentPeriod: string;
  status: string;
  stage: string | null;
  held: boolean;
  awaitingAggregation: boolean;
  late: boolean;
  pence: bigint;
  declarationVersion: bigint;
  signaturePending: boolean;
  since: Date;
}

const VIEW = `declaration_id AS "declarationId", kind, service_code AS "serviceCode", achievement_date AS "achievementDate",
  organisation_code AS "organisationCode", commissioner_code AS "commissionerCode", payment_period AS "paymentPeriod",
  status, stage, held, awaiting_aggregation AS "awaitingAggregation", late, pence,
  declaration_version AS "declarationVersion", pending_approval_id IS NOT NULL AS "signaturePending", since`;

/** What waits for a signature at the commissioners where the caller holds a role. */
@Injectable()
export class TaskQueries {
  constructor(private readonly database: Database) {}

  /** `scope`: codes at which the caller holds a role; each reaches its descendants. */
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
      ],
    );
    return rows;
  }
}
