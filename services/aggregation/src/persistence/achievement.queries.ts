import { Injectable } from '@nestjs/common';
import { isInScope } from '@attest/auth';
import { cursorValues, toPage, type Page } from '@attest/http';
import { Database } from '@attest/persistence';
import {
  AchievementQueries,
  type AchievementSummary,
  type ListAchievements,
  type RecalculationView,
  type RevisionSummary,
  type RevisionView,
} from '../application/queries.js';
import type { Identity } from '../domain/service.js';

const SUMMARY = `a.service_code AS "serviceCode", a.achievement_date AS "achievementDate",
  a.organisation_code AS "organisationCode", a.figure_revision::int AS "figureRevision", a.state, a.code, a.pence, a.points,
  a.awaiting_revision::int AS "awaitingRevision", a.blocked_code AS "blockedCode", a.updated_at AS "updatedAt"`;
const REVISION = `figure_revision::int AS "figureRevision", state, code, pence, points, cause, calculated_at AS "calculatedAt"`;
const ONE = 'service_code = $1 AND achievement_date = $2::date AND organisation_code = $3';

@Injectable()
export class PgAchievementQueries extends AchievementQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async list(scope: readonly string[], query: ListAchievements): Promise<Page<AchievementSummary>> {
    const after = cursorValues(query.cursor, 'name', 'date', 'name') ?? [null, null, null];
    const { rows } = await this.database.query<AchievementSummary>(
      `SELECT ${SUMMARY}
       FROM achievement a LEFT JOIN directory_organisation o ON o.code = a.organisation_code
       WHERE ${isInScope('$1', 'a.organisation_code')}
         AND ($2::text IS NULL OR a.service_code = $2) AND ($3::date IS NULL OR a.achievement_date = $3::date)
         AND ($4::text IS NULL OR a.organisation_code = $4) AND ($5::text IS NULL OR o.commissioner_code = $5)
         AND ($6::text IS NULL OR a.state = $6)
         AND ($7::boolean IS NULL OR $7 = (a.awaiting_revision IS NOT NULL OR a.blocked_revision IS NOT NULL))
         AND ($8::text IS NULL OR (a.service_code, a.achievement_date, a.organisation_code) > ($8, $9::date, $10))
       ORDER BY a.service_code, a.achievement_date, a.organisation_code LIMIT $11`,
      [
        scope,
        query.serviceCode ?? null,
        query.achievementDate ?? null,
        query.organisationCode ?? null,
        query.commissionerCode ?? null,
        query.state ?? null,
        query.open ?? null,
        ...after,
        query.limit + 1,
      ],
    );
    return toPage(
      rows,
      query.limit,
      (row) => [row.serviceCode, row.achievementDate, row.organisationCode],
      (row) => row,
    );
  }

  async find(identity: Identity): Promise<AchievementSummary | undefined> {
    const { rows } = await this.database.query<AchievementSummary>(
      `SELECT ${SUMMARY} FROM achievement a WHERE ${ONE}`,
      keyOf(identity),
    );
    return rows[0];
  }

  async revision(identity: Identity, figureRevision: number): Promise<RevisionView | undefined> {
    const { rows } = await this.database.query<RevisionView>(
      `SELECT ${REVISION}, declared_values AS "values", inputs, explanation
       FROM achievement_revision WHERE ${ONE} AND figure_revision = $4`,
      [...keyOf(identity), figureRevision],
    );
    return rows[0];
  }

  async history(identity: Identity): Promise<RevisionSummary[]> {
    const { rows } = await this.database.query<RevisionSummary>(
      `SELECT ${REVISION} FROM achievement_revision WHERE ${ONE} ORDER BY achievement_revision.figure_revision DESC LIMIT 500`,
      keyOf(identity),
    );
    return rows;
  }

  async periodExists(serviceCode: string, achievementDate: string): Promise<boolean> {
    const { rowCount } = await this.database.query(
      `SELECT FROM quality_service WHERE service_code = $1 AND $2::date = ANY (achievement_dates)
       UNION ALL (SELECT FROM achievement WHERE service_code = $1 AND achievement_date = $2::date LIMIT 1)`,
      [serviceCode, achievementDate],
    );
    return rowCount > 0;
  }

  async recalculation(recalculationId: string): Promise<RecalculationView | undefined> {
    const { rows } = await this.database.query<RecalculationView>(
      `SELECT recalculation_id AS "recalculationId", service_code AS "serviceCode", achievement_date AS "achievementDate",
              state, requested_by AS "requestedBy", requested_at AS "requestedAt", finished_at AS "finishedAt", examined,
              published, newer
       FROM recalculation WHERE recalculation_id = $1`,
      [recalculationId],
    );
    return rows[0];
  }
}

const keyOf = ({ serviceCode, achievementDate, organisationCode }: Identity): string[] => [
  serviceCode,
  achievementDate,
  organisationCode,
];
