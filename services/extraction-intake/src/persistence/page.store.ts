import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@attest/persistence';
import { PageStore, type NewPage, type PeriodKey } from '../application/ports.js';
import type { PageView } from '../application/views.js';
import type { CurrentPage } from '../domain/page-decision.js';

/** Any number of its own among this database's advisory locks. */
const PERIOD_LOCKS = 30_001;

interface VersionRow extends Omit<PageView, 'values' | 'firstLine' | 'lastLine'> {
  readonly raw: (bigint | null)[];
  readonly fields: { indicatorCode: string; fieldName: string }[];
  readonly firstLine: bigint;
  readonly lastLine: bigint;
}

@Injectable()
export class PgPageStore extends PageStore {
  constructor(private readonly database: Database) {
    super();
  }

  async lockPeriods(tx: Tx, periods: readonly PeriodKey[]): Promise<void> {
    const keys = [...new Set(periods.map((p) => `${p.serviceCode}|${p.achievementDate}`))];
    if (keys.length === 0) return;
    await tx.query(
      {
        name: 'lock-periods',
        text: `SELECT pg_advisory_xact_lock($1, lock) FROM (
                 SELECT DISTINCT hashtext(key) AS lock FROM unnest($2::text[]) AS key ORDER BY 1 OFFSET 0) ordered`,
      },
      [PERIOD_LOCKS, keys],
    );
  }

  async currentPages(tx: Tx, { serviceCode, achievementDate }: PeriodKey): Promise<Map<string, CurrentPage>> {
    const { rows } = await tx.query<CurrentPage & { practiceCode: string }>(
      {
        name: 'current-pages',
        text: `SELECT DISTINCT ON (practice_code) practice_code AS "practiceCode", page_version AS "pageVersion",
                      rule_pack_version AS "rulePackVersion", "values", submitted_at AS "submittedAt"
               FROM page WHERE service_code = $1 AND achievement_date = $2
               ORDER BY practice_code, page_version DESC`,
      },
      [serviceCode, achievementDate],
    );
    return new Map(rows.map((row) => [row.practiceCode, row]));
  }

  async addPages(tx: Tx, period: PeriodKey, fileId: string, pages: readonly NewPage[]): Promise<void> {
    await tx.copyIn(
      'page',
      ['service_code', 'achievement_date', 'file_id', 'page_version', ...COLUMNS],
      rows(period, fileId, pages),
    );
  }

  async addSuperseded(tx: Tx, period: PeriodKey, fileId: string, pages: readonly NewPage[]): Promise<void> {
    await tx.copyIn(
      'superseded_page',
      ['service_code', 'achievement_date', 'file_id', 'by_page_version', ...COLUMNS],
      rows(period, fileId, pages),
    );
  }

  async versions({ serviceCode, achievementDate }: PeriodKey, practiceCode: string): Promise<PageView[]> {
    const { rows: found } = await this.database.query<VersionRow>(
      `SELECT page_version AS "pageVersion", p.rule_pack_version AS "rulePackVersion", "values" AS raw, r.fields,
              p.file_id AS "fileId", f.file_name AS "fileName", f.sha256 AS "fileSha256", first_line AS "firstLine",
              last_line AS "lastLine", defaults_used AS "defaultsUsed", submitted_at AS "submittedAt"
       FROM page p
       JOIN rule_pack r ON r.service_code = p.service_code AND r.rule_pack_version = p.rule_pack_version
       JOIN extract_file f ON f.file_id = p.file_id
       WHERE p.service_code = $1 AND p.achievement_date = $2 AND p.practice_code = $3
       ORDER BY page_version DESC`,
      [serviceCode, achievementDate, practiceCode],
    );
    return found.map(({ raw, fields, firstLine, lastLine, ...row }) => ({
      ...row,
      firstLine: Number(firstLine),
      lastLine: Number(lastLine),
      values: fields.map((field, place) => ({
        indicatorCode: field.indicatorCode,
        fieldName: field.fieldName,
        value: raw[place] === null || raw[place] === undefined ? null : Number(raw[place]),
      })),
    }));
  }
}

const COLUMNS = [
  'practice_code',
  'rule_pack_version',
  'values',
  'first_line',
  'last_line',
  'defaults_used',
  'submitted_at',
] as const;

function* rows(period: PeriodKey, fileId: string, pages: readonly NewPage[]): Generator<readonly unknown[]> {
  for (const page of pages)
    yield [
      period.serviceCode,
      period.achievementDate,
      fileId,
      page.pageVersion,
      page.practiceCode,
      page.rulePackVersion,
      page.values,
      page.firstLine,
      page.lastLine,
      page.defaultsUsed,
      page.submittedAt,
    ];
}
