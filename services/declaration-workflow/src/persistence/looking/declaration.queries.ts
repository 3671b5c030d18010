import { anyIsInScope, codesInScope } from '@attest/auth';
import type { LondonDate } from '@attest/calendar';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Correction, OutsideSettlement } from '../../application/signing/proposal.ports.js';
import {
  DeclarationQueries,
  type DeclarationFilter,
  type FoundDeclaration,
  type HistoryRow,
  type ProviderHistoryFilter,
  type ProviderHistoryRow,
  type ShownDeclaration,
  type ShownResult,
} from '../../application/looking/queries.js';
import { CALENDAR, NEW_DEADLINES, reaches } from '../periods/freeze.sql.js';
import { isInLateQueue } from '../core/status.sql.js';
import { declarationOf, type DeclarationRow } from '../core/declaration.columns.js';

/** Its provider or its commissioner is within the scope. */
const IN_SCOPE = anyIsInScope('$1', 'd.organisation_code', 'd.commissioner_code');

const LABEL = `(SELECT a.label FROM quality_service s JOIN agency a USING (agency_code)
  WHERE s.service_code = d.service_code) AS agency_label`;

@Injectable()
export class PgDeclarationQueries extends DeclarationQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async list(scope: readonly string[], filter: DeclarationFilter): Promise<FoundDeclaration[]> {
    const conditions: string[] = ['true'];
    const values: unknown[] = [];
    if (!scope.includes('ENGLAND')) {
      // Told as codes, so that an index finds what a practice may see among everything of England.
      values.push(await this.codesWithin(scope));
      conditions.push('(d.organisation_code = ANY($1::text[]) OR d.commissioner_code = ANY($1::text[]))');
    }
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
    if (filter.lateQueue) conditions.push(isInLateQueue('d'));
    values.push(filter.limit);
    const { rows } = await this.database.query<DeclarationRow & { agency_label: string | null }>(
      `SELECT d.*, ${LABEL} FROM declaration d WHERE ${conditions.join(' AND ')}
       ORDER BY d.declaration_id LIMIT $${values.length}`,
      values,
    );
    return rows.map((row) => ({ declaration: declarationOf(row), agencyLabel: row.agency_label }));
  }

  private async codesWithin(scope: readonly string[]): Promise<string[]> {
    const { rows } = await this.database.query<{ code: string }>(codesInScope('$1'), [scope]);
    return rows.map((row) => row.code);
  }

  async one(scope: readonly string[], declarationId: string): Promise<ShownDeclaration | undefined> {
    const { rows } = await this.database.query<DeclarationRow & ShownColumns>(
      `SELECT d.*, ${LABEL},
              ${CALENDAR},
              (SELECT to_jsonb(p) FROM declaration_correction p
               WHERE p.declaration_id = d.declaration_id AND p.attempt = d.attempt AND p.withdrawn_at IS NULL
                 AND p.confirmed_at IS NULL AND d.status = 'REJECTED_BY_AGENCY') AS correction,
              (SELECT to_jsonb(p) || jsonb_build_object('pence', p.pence::text) FROM outside_settlement p
               WHERE p.declaration_id = d.declaration_id AND p.declaration_version = d.declaration_version
                 AND p.withdrawn_at IS NULL AND p.confirmed_at IS NULL
                 AND d.status LIKE 'AWAITING%') AS outside_settlement,
              coalesce((SELECT jsonb_agg(to_jsonb(r)) FROM (
                SELECT figure_revision, pence::text, points, not_applicable, declared_values, inputs, arrived_at
                FROM achievement_result r
                WHERE r.organisation_code = d.organisation_code AND r.achievement_date = d.achievement_date
                  AND r.service_code = d.service_code
                ORDER BY figure_revision DESC LIMIT 2) r), '[]') AS results
       FROM declaration d
       LEFT JOIN calendar_entry c ON c.service_code = d.service_code AND c.achievement_date = d.achievement_date
       ${NEW_DEADLINES}
       WHERE d.declaration_id = $2 AND ${IN_SCOPE}`,
      [scope, declarationId],
    );
    const row = rows[0];
    return (
      row && {
        declaration: declarationOf(row),
        agencyLabel: row.agency_label,
        calendar: row.opens_on && {
          paymentPeriod: row.calendar_period!,
          opensOn: row.opens_on,
          providerDeadlineOn: row.provider_deadline_on!,
          cutOffAt: row.cut_off_at!,
        },
        correction: row.correction && correctionOf(row.correction),
        outsideSettlement: row.outside_settlement && outsideSettlementOf(row.outside_settlement),
        results: row.results.map(resultOf),
      }
    );
  }

  async history(declarationId: string, afterRevision: number, limit: number): Promise<HistoryRow[]> {
    const { rows } = await this.database.query<StoredHistory<HistoryRow>>(
      `SELECT ${HISTORY} FROM declaration_history h
       WHERE h.declaration_id = $1 AND h.revision > $2 ORDER BY h.revision LIMIT $3`,
      [declarationId, afterRevision, limit],
    );
    return rows.map(historyOf);
  }

  async providerVisible(scope: readonly string[], organisationCode: string): Promise<boolean> {
    const { rows } = await this.database.query<{ visible: boolean }>(
      `SELECT ${anyIsInScope('$1', '$2')}
           OR EXISTS (SELECT 1 FROM declaration d WHERE d.organisation_code = $2 AND ${IN_SCOPE}) AS visible`,
      [scope, organisationCode],
    );
    return rows[0]!.visible;
  }

  async providerHistory(
    scope: readonly string[],
    { organisationCode, serviceCode, achievementDate, after, limit }: ProviderHistoryFilter,
  ): Promise<ProviderHistoryRow[]> {
    const { rows } = await this.database.query<StoredHistory<ProviderHistoryRow>>(
      `SELECT ${HISTORY}, d.declaration_id AS "declarationId", d.kind, d.service_code AS "serviceCode",
              d.achievement_date AS "achievementDate", d.commissioner_code AS "commissionerCode",
              d.payment_period AS "paymentPeriod"
       FROM declaration d JOIN declaration_history h USING (declaration_id)
       WHERE d.organisation_code = $2 AND ${IN_SCOPE}
         AND ($3::text IS NULL OR d.service_code = $3) AND ($4::date IS NULL OR d.achievement_date = $4)
         AND ($5::timestamptz IS NULL OR (h.at, h.declaration_id, h.revision) < ($5, $6::uuid, $7::bigint))
       ORDER BY h.at DESC, h.declaration_id DESC, h.revision DESC LIMIT $8`,
      [
        scope,
        organisationCode,
        serviceCode ?? null,
        achievementDate ?? null,
        after?.at ?? null,
        after?.declarationId ?? null,
        after?.revision ?? null,
        limit,
      ],
    );
    return rows.map(historyOf);
  }
}

const HISTORY = `h.revision, h.action, h.from_status AS "fromStatus", h.to_status AS "toStatus", h.actor,
  h.person_id AS "personId", h.for_organisation AS "forOrganisation", h.at, h.reason, h.code,
  h.approval_id AS "approvalId", h.declaration_version AS "declarationVersion", h.figure_revision AS "figureRevision",
  h.pence, h.previous_pence AS "previousPence", h.holds, h.run_id AS "runId", h.attempt,
  h.cause_event_id AS "causeEventId"`;

type StoredHistory<Row extends HistoryRow> = Omit<
  Row,
  'revision' | 'declarationVersion' | 'figureRevision'
> & {
  readonly revision: bigint;
  readonly declarationVersion: bigint;
  readonly figureRevision: bigint;
};

const historyOf = <Row extends HistoryRow>(row: StoredHistory<Row>): Row =>
  ({
    ...row,
    revision: Number(row.revision),
    declarationVersion: Number(row.declarationVersion),
    figureRevision: Number(row.figureRevision),
  }) as unknown as Row;

interface ShownColumns {
  readonly agency_label: string | null;
  readonly calendar_period: string | null;
  readonly opens_on: LondonDate | null;
  readonly provider_deadline_on: LondonDate | null;
  readonly cut_off_at: Date | null;
  readonly correction: StoredCorrection | null;
  readonly outside_settlement: StoredOutsideSettlement | null;
  readonly results: readonly StoredResult[];
}

interface StoredProposal {
  readonly declaration_id: string;
  readonly proposed_by: string;
  readonly proposed_for: string;
  readonly proposed_at: string;
}

interface StoredCorrection extends StoredProposal {
  readonly correction_id: string;
  readonly attempt: number;
  readonly what: Correction['what'];
  readonly reason: string;
}

interface StoredOutsideSettlement extends StoredProposal {
  readonly settlement_id: string;
  readonly declaration_version: number;
  readonly pence: string;
  readonly note: string;
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

const proposedOf = (row: StoredProposal) => ({
  declarationId: row.declaration_id,
  proposedBy: row.proposed_by,
  proposedFor: row.proposed_for,
  proposedAt: new Date(row.proposed_at),
});

const correctionOf = (row: StoredCorrection): Correction => ({
  ...proposedOf(row),
  correctionId: row.correction_id,
  attempt: row.attempt,
  what: row.what,
  reason: row.reason,
});

const outsideSettlementOf = (row: StoredOutsideSettlement): OutsideSettlement => ({
  ...proposedOf(row),
  settlementId: row.settlement_id,
  declarationVersion: row.declaration_version,
  pence: BigInt(row.pence),
  note: row.note,
});

const resultOf = (row: StoredResult): ShownResult => ({
  figureRevision: row.figure_revision,
  pence: BigInt(row.pence),
  points: row.points,
  notApplicable: row.not_applicable,
  values: row.declared_values,
  inputs: row.inputs,
  arrivedAt: new Date(row.arrived_at),
});
