import {
  BulkCandidates,
  declarationFacts,
  narrowedBy,
  type FoundItems,
  type NewBulkPreview,
} from '@attest/bulk';
import type { Parameters } from '@attest/persistence';
import type { ApprovalBulk, SignsAt } from '../../application/bulk/approval-bulk.js';
import { isParked } from '../parked.sql.js';

/** Of the tasks of a stage that the person may sign, those that fit. */
export class TaskCandidates extends BulkCandidates<ApprovalBulk> {
  readonly facts = {
    columns: `${declarationFacts('t')},
      t.declaration_version <> i.declaration_version OR t.stage IS DISTINCT FROM i.filter ->> 'stage' AS changed,
      ${isParked('t')} AS parked`,
    join: 'JOIN approval_task t USING (declaration_id)',
  };

  find(
    { personId, filter }: NewBulkPreview<ApprovalBulk>,
    signs: readonly SignsAt[],
    p: Parameters,
  ): FoundItems<ApprovalBulk> {
    const person = `${p.add(personId)}::text`;
    const signing = `unnest(${p.add(signs.map(({ code }) => code))}::text[],
                            ${p.add(signs.map(({ role }) => role))}::text[]) AS s(code, role)`;
    return {
      sql: `
        SELECT t.declaration_id, t.declaration_version, t.pence, 1 AS nth, t.held, t.awaiting_aggregation,
               coalesce(${person} IN (t.declared_by, t.commissioner_signed_by), false) OR t.signed_by ? ${person}
                 AS your_own,
               ${isParked('t')} AS parked
        FROM approval_task t
        WHERE t.pending_approval_id IS NULL
          -- The role of its stage or tier, held at its commissioner or above, as where the item is signed.
          AND (t.commissioner_code, CASE WHEN t.stage = 'finance' THEN 'FINANCE_MANAGEMENT'
                                         ELSE coalesce(t.tier_role, 'APPROVAL_MANAGEMENT') END) IN (
            SELECT s.code, s.role FROM ${signing}
            UNION ALL
            SELECT o.code, s.role FROM ${signing}
            JOIN directory_organisation o ON s.code = 'ENGLAND' OR s.code = ANY(o.ancestors))
          AND ${[`t.stage = ${p.add(filter.stage)}`, ...narrowedBy(filter, 't', p)].join(' AND ')}`,
    };
  }
}
