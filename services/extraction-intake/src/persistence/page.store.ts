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
import { passedOverOf, versionsOf } from './page.queries.js';

/** Any number of its own among this database's advisory locks. */
const PERIOD_LOCKS = 30_001;

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
        // What an amended page was before is looked up for those alone: they are few. A submission that said the
        // same later makes the page newer, and says which of its values could be read.
        text: `SELECT c."practiceCode", c."pageVersion", c."nothingStands", c."rulePackVersion", c."values",
                      greatest(c."submittedAt", s."submittedAt", o."submittedAt") AS "submittedAt",
                      CASE WHEN s."submittedAt" IS NULL THEN c."left" ELSE s."left" END AS "left",
                      b.fields AS "beforeFields", b."values" AS "beforeValues"
               FROM (SELECT DISTINCT ON (practice_code) practice_code AS "practiceCode", page_version AS "pageVersion",
                            rule_pack_version AS "rulePackVersion", "values", submitted_at AS "submittedAt",
                            amendment_id AS "amendmentId", left_values AS "left",
                            nothing_stands AS "nothingStands"
                     FROM page WHERE service_code = $1 AND achievement_date = $2
                     ORDER BY practice_code, page_version DESC) c
               LEFT JOIN LATERAL (
                 SELECT r.submitted_at AS "submittedAt", r.left_values AS "left" FROM repeated_page r
                 JOIN extract_file f ON f.file_id = r.file_id AND f.withdrawn_at IS NULL
                 WHERE r.service_code = $1 AND r.achievement_date = $2 AND r.practice_code = c."practiceCode"
                   AND r.page_version = c."pageVersion"
                 ORDER BY r.submitted_at DESC, r.file_id DESC LIMIT 1) s ON true
               LEFT JOIN LATERAL (
                 SELECT max(x.submitted_at) AS "submittedAt" FROM superseded_page x
                 JOIN extract_file f ON f.file_id = x.file_id AND f.withdrawn_at IS NULL
                 WHERE c."amendmentId" IS NOT NULL AND x.service_code = $1 AND x.achievement_date = $2
                   AND x.practice_code = c."practiceCode" AND x.by_page_version = c."pageVersion"
                   AND x.why = 'AMENDMENT_STANDS') o ON true
               LEFT JOIN LATERAL (
                 SELECT r.fields, p."values" FROM page p JOIN rule_pack r USING (service_code, rule_pack_version)
                 JOIN extract_file f ON f.file_id = p.file_id AND f.withdrawn_at IS NULL
                 WHERE c."amendmentId" IS NOT NULL AND p.service_code = $1 AND p.achievement_date = $2
                   AND p.practice_code = c."practiceCode" AND p.amendment_id IS NULL
                 ORDER BY p.page_version DESC LIMIT 1) b ON true`,
      },
      [serviceCode, achievementDate],
    );
    const { rows: packs } = await tx.query<{ version: number; fields: NonNullable<CurrentPage['fields']> }>(
      {
        name: 'fields-of-packs',
        text: 'SELECT rule_pack_version AS version, fields FROM rule_pack WHERE service_code = $1',
      },
      [serviceCode],
    );
    const fields = new Map(packs.map((pack) => [pack.version, pack.fields]));
    return new Map(rows.map((row) => [row.practiceCode, currentPage(row, fields.get(row.rulePackVersion))]));
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

  async addRepeated(tx: Tx, period: PeriodKey, fileId: string, pages: readonly NewPage[]): Promise<void> {
    await tx.copyIn(
      'repeated_page',
      [
        'service_code',
        'achievement_date',
        'file_id',
        'page_version',
        ...COLUMNS.filter((column) => !OF_VALUES.has(column)),
      ],
      repeatedRows(period, fileId, pages),
    );
  }

  async toAmend(
    tx: Tx,
    { serviceCode, achievementDate }: PeriodKey,
    practiceCode: string,
  ): Promise<PageToAmend | undefined> {
    const { rows: found } = await tx.query<
      Omit<PageToAmend, 'firstLine' | 'lastLine'> & {
        firstLine: bigint;
        lastLine: bigint;
        nothingStands: boolean;
      }
    >(
      {
        name: 'page-to-amend',
        text: `SELECT p.page_version AS "pageVersion", p.rule_pack_version AS "rulePackVersion", r.fields, p."values",
                      p.file_id AS "fileId", f.file_name AS "fileName", f.sha256 AS "fileSha256",
                      p.first_line AS "firstLine", p.last_line AS "lastLine", p.defaults_used AS "defaultsUsed",
                      p.submitted_at AS "submittedAt", p.nothing_stands AS "nothingStands"
               FROM page p
               JOIN rule_pack r ON r.service_code = p.service_code AND r.rule_pack_version = p.rule_pack_version
               JOIN extract_file f ON f.file_id = p.file_id
               WHERE p.service_code = $1 AND p.achievement_date = $2 AND p.practice_code = $3
               ORDER BY p.page_version DESC LIMIT 1`,
      },
      [serviceCode, achievementDate, practiceCode],
    );
    const page = found.find((one) => !one.nothingStands);
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
               WHERE p.service_code = $1 AND p.achievement_date = $2 AND p.practice_code = $3
               ORDER BY p.page_version DESC LIMIT 1`,
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

  passedOver(period: PeriodKey, practiceCode: string): Promise<PassedOverView[]> {
    return passedOverOf(this.database, period, practiceCode);
  }

  versions(period: PeriodKey, practiceCode: string): Promise<PageView[]> {
    return versionsOf(this.database, period, practiceCode);
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
  'left_values',
] as const;

/** What a page that says the same need not repeat. */
const OF_VALUES: ReadonlySet<string> = new Set(['rule_pack_version', 'values']);

function* repeatedRows(
  { serviceCode, achievementDate }: PeriodKey,
  fileId: string,
  pages: readonly NewPage[],
): Generator<readonly unknown[]> {
  for (const page of pages)
    yield [
      serviceCode,
      achievementDate,
      fileId,
      page.pageVersion,
      page.practiceCode,
      page.firstLine,
      page.lastLine,
      page.defaultsUsed,
      page.submittedAt,
      leftOf(page),
    ];
}

const leftOf = ({ left }: NewPage): string | null => (left === null ? null : JSON.stringify(left));

function* supersededRows(
  period: PeriodKey,
  fileId: string,
  pages: readonly (NewPage & PassedOver)[],
): Generator<readonly unknown[]> {
  let place = 0;
  for (const row of rows(period, fileId, pages)) yield [...row, pages[place++]!.why];
}

const currentPage = (
  { beforeFields, beforeValues, ...page }: CurrentRow,
  fields: CurrentPage['fields'],
): CurrentPage =>
  beforeFields === null || beforeValues === null
    ? { ...page, fields }
    : { ...page, fields, beforeAmendment: { fields: beforeFields, values: beforeValues } };

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
      leftOf(page),
    ];
}
