import { codesInScope } from '@attest/auth';
import {
  BulkCandidates,
  declarationFacts,
  narrowedBy,
  type FoundItems,
  type NewBulkPreview,
} from '@attest/bulk';
import type { Parameters } from '@attest/persistence';
import type { DeclarationBulk } from '../../application/bulk/declaration-bulk.js';
import type { BulkAction } from '../../domain/bulk/bulk.js';
import { isInLateQueue } from '../core/status.sql.js';

/** As its index says it, word for word: a partial index is used only then. */
const ON_HOLD = 'jsonb_array_length(d.holds) > 0';

const DECLARATIONS = `
  SELECT d.declaration_id, d.revision, d.pence, d.held, NULL::uuid AS hold_id, 1 AS nth,
         d.awaiting IS NOT NULL OR d.blocked IS NOT NULL OR d.required <> '{}' AS awaiting_aggregation
  FROM declaration d`;

/** A row for each hold; its declaration's pence count once. `awaitsFigures` of the rules. */
const HOLDS = `
  SELECT d.declaration_id, d.revision, d.pence, d.held, (h.hold ->> 'holdId')::uuid AS hold_id,
         row_number() OVER (PARTITION BY d.declaration_id ORDER BY h.place) AS nth,
         coalesce(h.hold ->> 'waitsFor' = 'REAGGREGATION'
                  AND coalesce((d.memberships ->> (h.hold ->> 'pcnCode'))::bigint, 0)
                        < (h.hold ->> 'membershipVersion')::bigint, false) AS awaiting_aggregation
  FROM declaration d CROSS JOIN LATERAL jsonb_array_elements(d.holds) WITH ORDINALITY AS h(hold, place)`;

/** What an action would act on, of what the person may act on. */
export class DeclarationCandidates extends BulkCandidates<DeclarationBulk> {
  readonly facts = {
    columns: `${declarationFacts('d')}, d.revision <> i.revision AS changed`,
    join: 'JOIN declaration d USING (declaration_id)',
  };

  find(
    { purpose: { action }, filter }: NewBulkPreview<DeclarationBulk>,
    scope: readonly string[],
    p: Parameters,
  ): FoundItems<DeclarationBulk> {
    const status = filter.status === undefined ? [] : [`d.status = ${p.add(filter.status)}`];
    const wanted = [...may(action, scope, p), ...status, ...narrowedBy(filter, 'd', p)];
    if (action !== 'release-holds') {
      const late = action === 'admit-late' ? [isInLateQueue('d')] : [];
      return { sql: where(DECLARATIONS, [...late, ...wanted]), without: ['holdId'] };
    }
    const code = filter.holdCode === undefined ? [] : [`h.hold ->> 'code' = ${p.add(filter.holdCode)}`];
    return { sql: where(HOLDS, [ON_HOLD, ...code, ...wanted]) };
  }
}

const where = (select: string, conditions: readonly string[]): string =>
  `${select} ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}`;

/** Whoever may do it at an organisation may for everything below it, as where the item is done. */
function may(action: BulkAction, scope: readonly string[], p: Parameters): string[] {
  if (scope.includes('ENGLAND')) return [];
  const at = action === 'declare' ? 'organisation_code' : 'commissioner_code';
  return [`d.${at} IN (${codesInScope(p.add(scope))})`];
}
