import type { BulkFilter } from '../application/bulk.ports.js';
import type { BulkAction } from '../domain/bulk.js';
import { isInLateQueue } from './core/status.sql.js';
import type { Parameters } from './core/unnest.js';

/** As its index says it, word for word: a partial index is used only then. */
const ON_HOLD = 'jsonb_array_length(d.holds) > 0';

const DECLARATIONS = `
  SELECT d.declaration_id, d.revision, d.pence, d.held, NULL::uuid AS hold_id, 1 AS nth,
         d.awaiting IS NOT NULL OR d.blocked IS NOT NULL OR d.required <> '{}' AS waits
  FROM declaration d`;

/** A row for each hold; its declaration's pence count once. `awaitsFigures` of the rules. */
const HOLDS = `
  SELECT d.declaration_id, d.revision, d.pence, d.held, (h.hold ->> 'holdId')::uuid AS hold_id,
         row_number() OVER (PARTITION BY d.declaration_id ORDER BY h.place) AS nth,
         coalesce(h.hold ->> 'waitsFor' = 'REAGGREGATION'
                  AND coalesce((d.memberships ->> (h.hold ->> 'pcnCode'))::bigint, 0)
                        < (h.hold ->> 'membershipVersion')::bigint, false) AS waits
  FROM declaration d CROSS JOIN LATERAL jsonb_array_elements(d.holds) WITH ORDINALITY AS h(hold, place)`;

/** What an action would act on, of what the person may act on. */
export function foundSql(
  action: BulkAction,
  filter: BulkFilter,
  scope: readonly string[],
  p: Parameters,
): string {
  const wanted = [...may(action, scope, p), ...fitting(filter, p)];
  if (action === 'declare') return where(DECLARATIONS, wanted);
  if (action === 'admit-late') return where(DECLARATIONS, [isInLateQueue('d'), ...wanted]);
  const code = filter.holdCode === undefined ? [] : [`h.hold ->> 'code' = ${p.add(filter.holdCode)}`];
  return where(HOLDS, [ON_HOLD, ...code, ...wanted]);
}

const where = (select: string, conditions: readonly string[]): string =>
  `${select} ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}`;

/** Whoever may do it at an organisation may for everything below it, as where the item is done. */
function may(action: BulkAction, scope: readonly string[], p: Parameters): string[] {
  if (scope.includes('ENGLAND')) return [];
  const at = action === 'declare' ? 'organisation_code' : 'commissioner_code';
  const codes = p.add(scope);
  return [
    `d.${at} IN (SELECT o.code FROM directory_organisation o
      WHERE o.code = ANY(${codes}::text[]) OR o.ancestors && ${codes}::text[])`,
  ];
}

function fitting(filter: BulkFilter, p: Parameters): string[] {
  const found: string[] = [];
  const add = (column: string, operator: string, type: string, value: unknown): void => {
    if (value !== undefined) found.push(`d.${column} ${operator} ${p.add(value)}::${type}`);
  };
  add('status', '=', 'text', filter.status);
  add('service_code', '=', 'text', filter.serviceCode);
  add('payment_period', '=', 'text', filter.paymentPeriod);
  add('achievement_date', '=', 'date', filter.achievementDate);
  add('organisation_code', '=', 'text', filter.organisationCode);
  add('commissioner_code', '=', 'text', filter.commissionerCode);
  add('kind', '=', 'text', filter.kind);
  add('held', '=', 'boolean', filter.held);
  add('late', '=', 'boolean', filter.late);
  add('pence', '>=', 'bigint', filter.amountFromPence);
  add('pence', '<=', 'bigint', filter.amountToPence);
  return found;
}
