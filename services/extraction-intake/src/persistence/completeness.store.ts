import { isInScope } from '@attest/auth';
import { Injectable } from '@nestjs/common';
import { cursorValue, cursorValues, toPage, type Page } from '@attest/http';
import { versionAfter } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { CompletenessStore, type Completeness, type PeriodKey } from '../application/ports.js';
import type { CompletenessView } from '../application/views.js';

/** Participations that count at an achievement date: an ended one up to its end. */
export const COUNTS_AT = `x.status IN ('accepted', 'ended') AND x.from_on <= d.achievement_date
  AND (x.to_on > d.achievement_date OR (x.to_on IS NULL AND x.status = 'accepted'))`;

/** The newest version says that everything which was said of page p was withdrawn. */
const NOTHING_STANDS = `EXISTS (
  SELECT FROM page w WHERE w.service_code = p.service_code AND w.achievement_date = p.achievement_date
    AND w.practice_code = p.practice_code AND w.nothing_stands
    AND NOT EXISTS (SELECT FROM page n WHERE n.service_code = w.service_code
      AND n.achievement_date = w.achievement_date AND n.practice_code = w.practice_code
      AND n.page_version > w.page_version))`;

@Injectable()
export class PgCompletenessStore extends CompletenessStore {
  constructor(private readonly database: Database) {
    super();
  }

  async periodsOf(tx: Tx, serviceCodes: readonly string[]): Promise<PeriodKey[]> {
    const { rows } = await tx.query<PeriodKey>(
      {
        name: 'periods-of-services',
        text: `SELECT s.service_code AS "serviceCode", d AS "achievementDate"
               FROM quality_service s JOIN rule_pack r USING (service_code, rule_pack_version), unnest(s.achievement_dates) d
               WHERE s.service_code = ANY ($1) AND s.provider_kind = 'practice' AND r.takes_pages`,
      },
      [serviceCodes],
    );
    return rows;
  }

  async recount(tx: Tx, periods: readonly PeriodKey[]): Promise<Completeness[]> {
    if (periods.length === 0) return [];
    const { rows } = await tx.query<
      Omit<Completeness, 'completenessVersion'> & { completenessVersion: bigint }
    >(
      {
        name: 'recount-completeness',
        // One probe of the key tells whether there is any version of the page; unless all was withdrawn.
        text: `
          WITH counted AS (
            SELECT d.service_code, d.achievement_date, count(x.provider_code)::int AS expected,
                   count(p.practice_code)::int AS received
            FROM unnest($1::text[], $2::date[]) AS d (service_code, achievement_date)
            LEFT JOIN participation x ON x.service_code = d.service_code AND ${COUNTS_AT}
              AND EXISTS (SELECT 1 FROM quality_service s WHERE s.service_code = d.service_code AND s.provider_kind = 'practice')
            LEFT JOIN LATERAL (
              SELECT p.practice_code FROM page p WHERE p.service_code = d.service_code
                AND p.achievement_date = d.achievement_date AND p.practice_code = x.provider_code
                AND NOT ${NOTHING_STANDS} LIMIT 1) p ON true
            GROUP BY 1, 2)
          INSERT INTO period_completeness AS known
            (service_code, achievement_date, expected, received, complete, completeness_version, recorded_at)
          SELECT service_code, achievement_date, expected, received, expected > 0 AND received = expected, ${versionAfter('0')}, now()
          FROM counted ORDER BY 1, 2
          ON CONFLICT (service_code, achievement_date) DO UPDATE SET
            expected = excluded.expected, received = excluded.received, complete = excluded.complete,
            completeness_version = ${versionAfter('known.completeness_version')}, recorded_at = excluded.recorded_at
          WHERE (known.expected, known.received, known.complete)
            IS DISTINCT FROM (excluded.expected, excluded.received, excluded.complete)
          RETURNING service_code AS "serviceCode", achievement_date AS "achievementDate", expected, received, complete,
                    completeness_version AS "completenessVersion"`,
      },
      [periods.map((p) => p.serviceCode), periods.map((p) => p.achievementDate)],
    );
    return rows.map((row) => ({ ...row, completenessVersion: Number(row.completenessVersion) }));
  }

  async list(query: {
    serviceCode?: string | undefined;
    achievementDate?: string | undefined;
    limit: number;
    cursor?: string | undefined;
  }): Promise<Page<CompletenessView>> {
    const after = cursorValues(query.cursor, 'name', 'date') ?? [null, null];
    const { rows } = await this.database.query<
      Omit<CompletenessView, 'completenessVersion'> & { completenessVersion: bigint }
    >(
      `SELECT service_code AS "serviceCode", achievement_date AS "achievementDate", expected, received, complete,
              completeness_version AS "completenessVersion", recorded_at AS "recordedAt"
       FROM period_completeness
       WHERE ($1::text IS NULL OR service_code = $1) AND ($2::date IS NULL OR achievement_date = $2::date)
         AND ($3::text IS NULL OR (service_code, achievement_date) > ($3, $4::date))
       ORDER BY service_code, achievement_date LIMIT $5`,
      [query.serviceCode ?? null, query.achievementDate ?? null, after[0], after[1], query.limit + 1],
    );
    return toPage(
      rows,
      query.limit,
      (row) => [row.serviceCode, row.achievementDate],
      (row) => ({ ...row, completenessVersion: Number(row.completenessVersion) }),
    );
  }

  async missing(
    { serviceCode, achievementDate }: PeriodKey,
    scope: readonly string[],
    query: { limit: number; cursor?: string | undefined },
  ): Promise<Page<{ practiceCode: string }>> {
    const after = cursorValue(query.cursor, 'name') ?? '';
    const { rows } = await this.database.query<{ practiceCode: string }>(
      `SELECT x.provider_code AS "practiceCode"
       FROM (SELECT $1::text AS service_code, $2::date AS achievement_date) d
       JOIN quality_service s ON s.service_code = d.service_code AND s.provider_kind = 'practice'
       JOIN participation x ON x.service_code = d.service_code AND ${COUNTS_AT}
       LEFT JOIN directory_organisation o ON o.code = x.provider_code
       WHERE x.provider_code > $3 AND ${isInScope('$4', 'x.provider_code')}
         AND NOT EXISTS (SELECT 1 FROM page p WHERE p.service_code = d.service_code
           AND p.achievement_date = d.achievement_date AND p.practice_code = x.provider_code
           AND NOT ${NOTHING_STANDS})
       ORDER BY x.provider_code LIMIT $5`,
      [serviceCode, achievementDate, after, scope, query.limit + 1],
    );
    return toPage(
      rows,
      query.limit,
      (row) => [row.practiceCode],
      (row) => row,
    );
  }
}
