import type { LondonDate } from '@attest/calendar';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  DeclarationQueries,
  type DeclarationFilter,
  type FoundDeclaration,
  type HistoryRow,
  type ShownDeclaration,
  type ShownResult,
} from '../application/queries.js';
import { CALENDAR, NEW_DEADLINES, reaches } from './freeze.sql.js';
import { declarationOf, type DeclarationRow } from './declaration.columns.js';

/** Its provider or its commissioner is one of the scope, or lies below one. */
const IN_SCOPE = `('ENGLAND' = ANY($1) OR EXISTS (
  SELECT 1 FROM directory_organisation o WHERE o.code IN (d.organisation_code, d.commissioner_code)
    AND (o.code = ANY($1) OR o.ancestors && $1::text[])))`;

const LABEL = `(SELECT a.label FROM quality_service s JOIN agency a USING (agency_code)
  WHERE s.service_code = d.service_code) AS agency_label`;

@Injectable()
export class PgDeclarationQueries extends DeclarationQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async list(scope: readonly string[], filter: DeclarationFilter): Promise<FoundDeclaration[]> {
    const conditions: string[] = [IN_SCOPE];
    const values: unknown[] = [scope];
    const where = (column: string, operator: string, type: string, value: unknown): void => {
      if (value === undefined) return;
      values.push(value);
      conditions.push(`d.${column} ${operator} $${values.length}::${type}`);
    };
    where('service_code', '=', 'text', filter.serviceCode);
    where('achievement_date', '=', 'date', filter.achievementDate);
    where('organisation_code', '=', 'text', filter.organisationCode);
    where('commissioner_code', '=', 'text', filter.commissionerCode);
    where('payment_period', '=', 'text', filter.paymentPeriod);
    where('status', '=', 'text', filter.status);
    where('kind', '=', 'text', filter.kind);
    where('late', '=', 'boolean', filter.late);
    where('declaration_id', '>', 'uuid', filter.after);
    if (filter.reachedBy !== undefined) {
      values.push(filter.reachedBy);
      conditions.push(reaches(`$${values.length}::text`, 'd.commissioner_code'));
    }
    // As the index says it, so that the few that are held are found without looking at the others.
    if (filter.held === true) conditions.push('jsonb_array_length(d.holds) > 0');
    if (filter.held === false) conditions.push('jsonb_array_length(d.holds) = 0');
    values.push(filter.limit);
    const { rows } = await this.database.query<DeclarationRow & { agency_label: string | null }>(
      `SELECT d.*, ${LABEL} FROM declaration d WHERE ${conditions.join(' AND ')}
       ORDER BY d.declaration_id LIMIT $${values.length}`,
      values,
    );
    return rows.map((row) => ({ declaration: declarationOf(row), agencyLabel: row.agency_label }));
  }

  async one(
    scope: readonly string[],
    declarationId: string,
  ): Promise<(ShownDeclaration & { readonly visible: boolean }) | undefined> {
    const { rows } = await this.database.query<DeclarationRow & ShownColumns>(
      `SELECT d.*, ${LABEL}, ${IN_SCOPE} AS visible,
              ${CALENDAR},
              coalesce((SELECT jsonb_agg(to_jsonb(r)) FROM (
                SELECT figure_revision, pence::text, points, not_applicable, declared_values, inputs, arrived_at
                FROM achievement_result r
                WHERE r.organisation_code = d.organisation_code AND r.achievement_date = d.achievement_date
                  AND r.service_code = d.service_code
                ORDER BY figure_revision DESC LIMIT 2) r), '[]') AS results
       FROM declaration d
       LEFT JOIN calendar_entry c ON c.service_code = d.service_code AND c.achievement_date = d.achievement_date
       ${NEW_DEADLINES}
       WHERE d.declaration_id = $2`,
      [scope, declarationId],
    );
    const row = rows[0];
    return (
      row && {
        declaration: declarationOf(row),
        agencyLabel: row.agency_label,
        visible: row.visible,
        calendar: row.opens_on && {
          paymentPeriod: row.calendar_period!,
          opensOn: row.opens_on,
          providerDeadlineOn: row.provider_deadline_on!,
          cutOffAt: row.cut_off_at!,
        },
        results: row.results.map(resultOf),
      }
    );
  }

  async history(declarationId: string, afterRevision: number, limit: number): Promise<HistoryRow[]> {
    const { rows } = await this.database.query<
      Omit<HistoryRow, 'revision' | 'declarationVersion' | 'figureRevision'> & {
        revision: bigint;
        declarationVersion: bigint;
        figureRevision: bigint;
      }
    >(
      `SELECT revision, action, from_status AS "fromStatus", to_status AS "toStatus", actor, person_id AS "personId",
              for_organisation AS "forOrganisation", at, reason, code, approval_id AS "approvalId",
              declaration_version AS "declarationVersion", figure_revision AS "figureRevision", pence,
              previous_pence AS "previousPence", holds, run_id AS "runId", attempt, cause_event_id AS "causeEventId"
       FROM declaration_history WHERE declaration_id = $1 AND revision > $2 ORDER BY revision LIMIT $3`,
      [declarationId, afterRevision, limit],
    );
    return rows.map((row) => ({
      ...row,
      revision: Number(row.revision),
      declarationVersion: Number(row.declarationVersion),
      figureRevision: Number(row.figureRevision),
    }));
  }
}

interface ShownColumns {
  readonly agency_label: string | null;
  readonly visible: boolean;
  readonly calendar_period: string | null;
  readonly opens_on: LondonDate | null;
  readonly provider_deadline_on: LondonDate | null;
  readonly cut_off_at: Date | null;
  readonly results: readonly StoredResult[];
}

interface StoredResult {
  readonly figure_revision: number;
  readonly pence: string;
  readonly points: string | null;
  readonly not_applicable: string | null;
  readonly declared_values: unknown;
  readonly inputs: unknown;
  readonly arrived_at: string;
}

const resultOf = (row: StoredResult): ShownResult => ({
  figureRevision: row.figure_revision,
  pence: BigInt(row.pence),
  points: row.points,
  notApplicable: row.not_applicable,
  values: row.declared_values,
  inputs: row.inputs,
  arrivedAt: new Date(row.arrived_at),
});
