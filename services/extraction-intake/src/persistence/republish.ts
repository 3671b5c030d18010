import { BusinessClock } from '@attest/calendar';
import {
  AmendmentDecidedV1,
  AmendmentRequestedV1,
  newEvent,
  PageAmendedV1,
  PeriodCompletenessRecordedV1,
  type EventOf,
  type PageState,
} from '@attest/contracts';
import {
  pageOfRows,
  Republishes,
  type RepublishedPage,
  type Republishing,
  type RepublishSlice,
} from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { amendmentDecided, amendmentRequested } from '../application/amendment-events.js';
import { amendmentOf, SELECT_AMENDMENT, type AmendmentRow } from './amendment.rows.js';

type StoredPage = Omit<PageState, 'values' | 'firstLine' | 'lastLine' | 'submittedAt' | 'amendmentId'> & {
  readonly values: (bigint | null)[];
  readonly firstLine: bigint;
  readonly lastLine: bigint;
  readonly submittedAt: Date;
  readonly amendmentId: string | null;
  readonly nothingStands: boolean;
};

/** The newest version of each page: it is the whole page, and figures are made of no other. */
@Injectable()
@Republishes(PageAmendedV1)
export class RepublishPages implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    const { rows } = await tx.query<StoredPage>(
      `SELECT p.service_code AS "serviceCode", p.achievement_date AS "achievementDate", p.practice_code AS "practiceCode",
              p.page_version AS "pageVersion", p.rule_pack_version AS "rulePackVersion", p."values", p.file_id AS "fileId",
              f.file_name AS "fileName", f.sha256 AS "fileSha256", p.first_line AS "firstLine", p.last_line AS "lastLine",
              p.submitted_at AS "submittedAt", p.amendment_id AS "amendmentId", p.nothing_stands AS "nothingStands"
       FROM (SELECT DISTINCT ON (service_code, achievement_date, practice_code) * FROM page
             WHERE ($1::text IS NULL OR (service_code, achievement_date, practice_code) > ($1, $2::date, $3))
               AND ($4::text[] IS NULL OR practice_code = ANY ($4))
             ORDER BY service_code, achievement_date, practice_code, page_version DESC LIMIT $5) p
       JOIN extract_file f ON f.file_id = p.file_id
       ORDER BY p.service_code, p.achievement_date, p.practice_code`,
      [after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, keys, limit],
    );
    return pageOfRows(
      rows,
      limit,
      ({ serviceCode, achievementDate, practiceCode }) => [serviceCode, achievementDate, practiceCode],
      ({ amendmentId, nothingStands, ...page }) =>
        newEvent(PageAmendedV1, {
          ...page,
          values: page.values.map((value) => (value === null ? null : Number(value))),
          firstLine: Number(page.firstLine),
          lastLine: Number(page.lastLine),
          submittedAt: page.submittedAt.toISOString(),
          ...(amendmentId === null ? {} : { amendmentId }),
          ...(nothingStands ? { nothingStands } : {}),
        }),
    );
  }
}

type Completeness = EventOf<typeof PeriodCompletenessRecordedV1>;

/** Each as it was counted last. */
@Injectable()
@Republishes(PeriodCompletenessRecordedV1)
export class RepublishCompleteness implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    const { rows } = await tx.query<Completeness>(
      `SELECT service_code AS "serviceCode", achievement_date AS "achievementDate", expected, received, complete,
              completeness_version::int AS "completenessVersion"
       FROM period_completeness
       WHERE ($1::text IS NULL OR (service_code, achievement_date) > ($1, $2::date))
         AND ($3::text[] IS NULL OR service_code || '|' || achievement_date = ANY ($3))
       ORDER BY service_code, achievement_date LIMIT $4`,
      [after?.[0] ?? null, after?.[1] ?? null, keys, limit],
    );
    return pageOfRows(
      rows,
      limit,
      ({ serviceCode, achievementDate }) => [serviceCode, achievementDate],
      (row) => newEvent(PeriodCompletenessRecordedV1, row),
    );
  }
}

/** Each as it stands: asked for, or decided; the decision carries what was asked. */
@Injectable()
@Republishes(AmendmentRequestedV1, AmendmentDecidedV1)
export class RepublishAmendments implements Republishing {
  constructor(private readonly clock: BusinessClock) {}

  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    const { rows } = await tx.query<AmendmentRow>(
      `${SELECT_AMENDMENT}
       WHERE ($2::uuid IS NULL OR a.amendment_id > $2) AND ($3::text[] IS NULL OR a.practice_code = ANY ($3))
       ORDER BY a.amendment_id LIMIT $4`,
      [this.clock.now(), after?.[0] ?? null, keys, limit],
    );
    return pageOfRows(
      rows.map(amendmentOf),
      limit,
      ({ amendmentId }) => [amendmentId],
      (amendment) =>
        amendment.state === 'requested' ? amendmentRequested(amendment) : amendmentDecided(amendment),
    );
  }
}
