import type { Amendment } from '../application/amendment-ports.js';
import type { AmendmentPounds } from '../domain/amendment.js';

/** $1 is now: an open request counts as a reconciliation from the moment at which its run is over. */
export const SELECT_AMENDMENT = `
  SELECT a.amendment_id AS "amendmentId", a.amendment_version AS "amendmentVersion", a.state,
         a.service_code AS "serviceCode", a.achievement_date AS "achievementDate", a.practice_code AS "practiceCode",
         o.name AS "practiceName", o.commissioner_code AS "commissionerCode", a.page_version AS "pageVersion",
         a.rule_pack_version AS "rulePackVersion", r.fields, a.old_values AS "oldValues", a.new_values AS "newValues",
         a.old_pence AS "oldPence", a.new_pence AS "newPence", a.old_points AS "oldPoints", a.new_points AS "newPoints",
         a.pounds_code AS code, a.reason, a.requested_by AS "requestedBy", a.requested_at AS "requestedAt",
         CASE WHEN a.state = 'requested'
              THEN coalesce((s.cut_offs ->> a.achievement_date::text)::timestamptz <= $1, a.reconciliation)
              ELSE a.reconciliation END AS reconciliation,
         a.decided_by AS "decidedBy", a.decided_for AS "decidedFor", a.decided_at AS "decidedAt",
         a.decision_reason AS "decisionReason", a.new_page_version AS "newPageVersion",
         (SELECT min(p.page_version) FROM page p
          WHERE p.service_code = a.service_code AND p.achievement_date = a.achievement_date
            AND p.practice_code = a.practice_code AND p.page_version > a.new_page_version
            AND p.amendment_id IS NULL
            -- Unless it stands again, since that file was withdrawn.
            AND NOT EXISTS (
              SELECT FROM page n WHERE n.service_code = p.service_code AND n.achievement_date = p.achievement_date
                AND n.practice_code = p.practice_code AND n.page_version > p.page_version
                AND n.amendment_id = a.amendment_id)) AS "overtakenByPageVersion"
  FROM amendment_request a
  JOIN rule_pack r ON r.service_code = a.service_code AND r.rule_pack_version = a.rule_pack_version
  LEFT JOIN quality_service s ON s.service_code = a.service_code
  LEFT JOIN directory_organisation o ON o.code = a.practice_code`;

export interface AmendmentRow extends Omit<Amendment, 'oldValues' | 'newValues' | 'pounds'>, AmendmentPounds {
  readonly oldValues: (bigint | null)[];
  readonly newValues: (bigint | null)[];
}

export function amendmentOf(row: AmendmentRow): Amendment {
  const { oldValues, newValues, oldPence, newPence, oldPoints, newPoints, code, ...rest } = row;
  return {
    ...rest,
    oldValues: oldValues.map(plain),
    newValues: newValues.map(plain),
    pounds: { oldPence, newPence, oldPoints, newPoints, code },
  };
}

const plain = (value: bigint | null): number | null => (value === null ? null : Number(value));
