import type { Database } from '@attest/persistence';
import type { PeriodKey } from '../application/ports.js';
import type { PageView, PassedOverView } from '../application/views.js';
import type { LeftValue } from '../domain/page-decision.js';
import { ROW_FAULTS } from '../domain/row-faults.js';

interface VersionRow extends Omit<PageView, 'values' | 'firstLine' | 'lastLine'> {
  readonly raw: (bigint | null)[];
  readonly fields: { indicatorCode: string; fieldName: string }[];
  readonly firstLine: bigint;
  readonly lastLine: bigint;
  readonly left: LeftValue[] | null;
  readonly leftFileId: string;
  readonly leftFileName: string;
  readonly leftSubmittedAt: Date;
}

/** Submissions that did not become the page; a withdrawn file counts as if it had not come. */
export async function passedOverOf(
  database: Database,
  { serviceCode, achievementDate }: PeriodKey,
  practiceCode: string,
): Promise<PassedOverView[]> {
  const { rows: found } = await database.query<PassedOverView>(
    `SELECT s.file_id AS "fileId", f.file_name AS "fileName", s.submitted_at AS "submittedAt", s.why,
            s.by_page_version AS "byPageVersion"
     FROM superseded_page s JOIN extract_file f USING (file_id)
     WHERE s.service_code = $1 AND s.achievement_date = $2 AND s.practice_code = $3 AND f.withdrawn_at IS NULL
     ORDER BY s.file_id DESC LIMIT 100`,
    [serviceCode, achievementDate, practiceCode],
  );
  return found;
}

/** Every version of a page, with what could not be read of each. */
export async function versionsOf(
  database: Database,
  { serviceCode, achievementDate }: PeriodKey,
  practiceCode: string,
): Promise<PageView[]> {
  const { rows: found } = await database.query<VersionRow>(
    `SELECT p.page_version AS "pageVersion", p.rule_pack_version AS "rulePackVersion", p."values" AS raw, r.fields,
            p.file_id AS "fileId", f.file_name AS "fileName", f.sha256 AS "fileSha256", p.first_line AS "firstLine",
            p.last_line AS "lastLine", p.defaults_used AS "defaultsUsed", p.submitted_at AS "submittedAt",
            p.amendment_id AS "amendmentId", p.withdrawal_id AS "withdrawalId",
            p.filled_by_file_id AS "filledByFileId",
            p.nothing_stands AS "nothingStands", l.left_values AS "left", l.file_id AS "leftFileId",
            l.file_name AS "leftFileName", l.submitted_at AS "leftSubmittedAt"
     FROM page p
     JOIN rule_pack r ON r.service_code = p.service_code AND r.rule_pack_version = p.rule_pack_version
     JOIN extract_file f ON f.file_id = p.file_id
     -- What was last said while this version stood: a later file may have sent it again, whole.
     CROSS JOIN LATERAL (
       SELECT said.*, g.file_name FROM (
         SELECT p.left_values, p.file_id, p.submitted_at
         UNION ALL
         SELECT s.left_values, s.file_id, s.submitted_at FROM repeated_page s
         JOIN extract_file h ON h.file_id = s.file_id AND h.withdrawn_at IS NULL
         WHERE s.service_code = p.service_code AND s.achievement_date = p.achievement_date
           AND s.practice_code = p.practice_code AND s.page_version = p.page_version) said
       JOIN extract_file g ON g.file_id = said.file_id
       ORDER BY said.submitted_at DESC, said.file_id DESC LIMIT 1) l
     WHERE p.service_code = $1 AND p.achievement_date = $2 AND p.practice_code = $3
     ORDER BY p.page_version DESC`,
    [serviceCode, achievementDate, practiceCode],
  );
  return found.map(
    ({ raw, fields, firstLine, lastLine, left, leftFileId, leftFileName, leftSubmittedAt, ...row }) => ({
      ...row,
      firstLine: Number(firstLine),
      lastLine: Number(lastLine),
      values: fields.map(({ indicatorCode, fieldName }, place) => {
        const notRead = left?.find(
          (one) => one.indicatorCode === indicatorCode && one.fieldName === fieldName,
        );
        return {
          indicatorCode,
          fieldName,
          value: raw[place] === null || raw[place] === undefined ? null : Number(raw[place]),
          notRead: notRead
            ? {
                code: notRead.code,
                reason: ROW_FAULTS[notRead.code],
                fileId: notRead.saidBy?.fileId ?? leftFileId,
                fileName: notRead.saidBy?.fileName ?? leftFileName,
                line: notRead.line,
                submittedAt: notRead.saidBy ? new Date(notRead.saidBy.submittedAt) : leftSubmittedAt,
                fromPageVersion: notRead.fromPageVersion,
              }
            : null,
        };
      }),
    }),
  );
}
