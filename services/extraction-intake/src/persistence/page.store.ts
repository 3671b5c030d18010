import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@attest/persistence';
import {
  PageStore,
  type NewPage,
  type PageToAmend,
  type PassedOver,
  type PeriodKey,
} from '../application/ports.js';
import type { PageView, PassedOverView } from '../application/views.js';
import type { CurrentPage } from '../domain/page-decision.js';

/** Any number of its own among this database's advisory locks. */
const PERIOD_LOCKS = 30_001;

interface VersionRow extends Omit<PageView, 'values' | 'firstLine' | 'lastLine'> {
  readonly raw: (bigint | null)[];
  readonly fields: { indicatorCode: string; fieldName: string }[];
  readonly firstLine: bigint;
  readonly lastLine: bigint;
}

interface CurrentRow extends Omit<CurrentPage, 'beforeAmendment'> {
  readonly practiceCode: string;
  readonly beforeFields: { indicatorCode: string; fieldName: string }[] | null;
  readonly beforeValues: (bigint | null)[] | null;
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
    const { rows } = await tx.query<CurrentRow>(
      {
        name: 'current-pages',
        // What an amended page was before is looked up for those alone: they are few.
        text: `SELECT c.*, b.fields AS "beforeFields", b."values" AS "beforeValues"
               FROM (SELECT DISTINCT ON (practice_code) practice_code AS "practiceCode", page_version AS "pageVersion",
                            rule_pack_version AS "rulePackVersion", "values", submitted_at AS "submittedAt",
                            amendment_id AS "amendmentId"
                     FROM page WHERE service_code = $1 AND achievement_date = $2
                     ORDER BY practice_code, page_version DESC) c
               LEFT JOIN LATERAL (
                 SELECT r.fields, p."values" FROM page p JOIN rule_pack r USING (service_code, rule_pack_version)
                 WHERE c."amendmentId" IS NOT NULL AND p.service_code = $1 AND p.achievement_date = $2
                   AND p.practice_code = c."practiceCode" AND p.amendment_id IS NULL
                 ORDER BY p.page_version DESC LIMIT 1) b ON true`,
      },
      [serviceCode, achievementDate],
    );
    return new Map(rows.map((row) => [row.practiceCode, currentPage(row)]));
  }

  async addPages(tx: Tx, period: PeriodKey, fileId: string, pages: readonly NewPage[]): Promise<void> {
    await tx.copyIn(
      'page',
      ['service_code', 'achievement_date', 'file_id', 'page_version', ...COLUMNS],
      rows(period, fileId, pages),
    );
  }

  async addSuperseded(
    tx: Tx,
    period: PeriodKey,
    fileId: string,
    pages: readonly (NewPage & PassedOver)[],
  ): Promise<void> {
    await tx.copyIn(
      'superseded_page',
      ['service_code', 'achievement_date', 'file_id', 'by_page_version', ...COLUMNS, 'why'],
      supersededRows(period, fileId, pages),
    );
  }

  async toAmend(
    tx: Tx,
    { serviceCode, achievementDate }: PeriodKey,
    practiceCode: string,
  ): Promise<PageToAmend | undefined> {
    const { rows: found } = await tx.query<
      Omit<PageToAmend, 'firstLine' | 'lastLine'> & { firstLine: bigint; lastLine: bigint }
    >(
      {
        name: 'page-to-amend',
        text: `SELECT p.page_version AS "pageVersion", p.rule_pack_version AS "rulePackVersion", r.fields, p."values",
                      p.file_id AS "fileId", f.file_name AS "fileName", f.sha256 AS "fileSha256",
                      p.first_line AS "firstLine", p.last_line AS "lastLine", p.defaults_used AS "defaultsUsed",
                      p.submitted_at AS "submittedAt"
               FROM page p
               JOIN rule_pack r ON r.service_code = p.service_code AND r.rule_pack_version = p.rule_pack_version
               JOIN extract_file f ON f.file_id = p.file_id
               WHERE p.service_code = $1 AND p.achievement_date = $2 AND p.practice_code = $3
               ORDER BY p.page_version DESC LIMIT 1`,
      },
      [serviceCode, achievementDate, practiceCode],
    );
    const [page] = found;
    return page && { ...page, firstLine: Number(page.firstLine), lastLine: Number(page.lastLine) };
  }

  async addAmended(
    tx: Tx,
    { serviceCode, achievementDate }: PeriodKey,
    page: Pick<NewPage, 'practiceCode' | 'pageVersion' | 'rulePackVersion' | 'values' | 'submittedAt'>,
    amendmentId: string,
  ): Promise<void> {
    await tx.query(
      {
        name: 'add-amended-page',
        text: `INSERT INTO page (service_code, achievement_date, practice_code, page_version, rule_pack_version, "values",
                                 file_id, first_line, last_line, defaults_used, submitted_at, amendment_id)
               SELECT p.service_code, p.achievement_date, p.practice_code, $4, $5, $6, p.file_id, p.first_line, p.last_line,
                      p.defaults_used, $7, $8
               FROM page p
               WHERE p.service_code = $1 AND p.achievement_date = $2 AND p.practice_code = $3 AND p.page_version = $4 - 1`,
      },
      [
        serviceCode,
        achievementDate,
        page.practiceCode,
        page.pageVersion,
        page.rulePackVersion,
        page.values,
        page.submittedAt,
        amendmentId,
      ],
    );
  }

  async passedOver(
    { serviceCode, achievementDate }: PeriodKey,
    practiceCode: string,
  ): Promise<PassedOverView[]> {
    const { rows: found } = await this.database.query<PassedOverView>(
      `SELECT s.file_id AS "fileId", f.file_name AS "fileName", s.submitted_at AS "submittedAt", s.why,
              s.by_page_version AS "byPageVersion"
       FROM superseded_page s JOIN extract_file f USING (file_id)
       WHERE s.service_code = $1 AND s.achievement_date = $2 AND s.practice_code = $3
       ORDER BY s.file_id DESC LIMIT 100`,
      [serviceCode, achievementDate, practiceCode],
    );
    return found;
  }

  async versions({ serviceCode, achievementDate }: PeriodKey, practiceCode: string): Promise<PageView[]> {
    const { rows: found } = await this.database.query<VersionRow>(
      `SELECT page_version AS "pageVersion", p.rule_pack_version AS "rulePackVersion", "values" AS raw, r.fields,
              p.file_id AS "fileId", f.file_name AS "fileName", f.sha256 AS "fileSha256", first_line AS "firstLine",
              last_line AS "lastLine", defaults_used AS "defaultsUsed", submitted_at AS "submittedAt",
              amendment_id AS "amendmentId"
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

function* supersededRows(
  period: PeriodKey,
  fileId: string,
  pages: readonly (NewPage & PassedOver)[],
): Generator<readonly unknown[]> {
  let place = 0;
  for (const row of rows(period, fileId, pages)) yield [...row, pages[place++]!.why];
}

const currentPage = ({ beforeFields, beforeValues, ...page }: CurrentRow): CurrentPage =>
  beforeFields === null || beforeValues === null
    ? page
    : { ...page, beforeAmendment: { fields: beforeFields, values: beforeValues } };

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
