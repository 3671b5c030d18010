import { Injectable } from '@nestjs/common';
import { textArray, plainArray, type Tx } from '@attest/persistence';
import type { LondonDate } from '@attest/calendar';
import {
  askedBy,
  DeclarationStore,
  type AskedDeclaration,
  type AskedByRun,
  type Asking,
  type GivenApproval,
} from '../../application/core/declaration.ports.js';
import type {
  MisaddressedDeclaration,
  Reach,
  ReferenceKind,
} from '../../application/references/reference.ports.js';
import type { WrittenBatch } from '../../application/core/written-batch.js';
import type { Declaration } from '../../domain/core/declaration.js';
import type { AchievementIdentity } from '../../domain/core/stimulus.js';
import { declarationOf, type DeclarationRow } from './declaration.columns.js';
import { CALENDAR, NEW_DEADLINES } from '../periods/freeze.sql.js';
import { columnsOf } from '../references/reference.store.js';
import { isEnded, isOpen } from './status.sql.js';
import { MISADDRESSED } from '../references/references-to-follow.store.js';
import { writeBatch } from './declaration.writer.js';

const misaddressed = (of: ReferenceKind): string => `
  FROM declaration d
  JOIN directory_organisation o ON o.code = d.organisation_code
  JOIN calendar_entry c ON c.service_code = d.service_code AND c.achievement_date = d.achievement_date
  WHERE d.${of}_code = ANY($1) AND ${isOpen('d')} AND ${MISADDRESSED}`;

const lockAchievementsSql = (columns: string, condition: string): string => `
  SELECT ${columns}
  FROM unnest($1::text[], $2::date[], $3::text[]) AS a(service_code, achievement_date, organisation_code)
  JOIN declaration d ON d.organisation_code = a.organisation_code AND d.achievement_date = a.achievement_date
    AND d.service_code = a.service_code ${condition}
  ORDER BY d.kind, d.declaration_id FOR UPDATE OF d`;

/**
 * Every statement that locks declarations does so by kind and id: an achievement's own declaration before its
 * adjustments, so that two of them never wait for each other in a circle.
 */
@Injectable()
export class PgDeclarationStore extends DeclarationStore {
  async lock(tx: Tx, declarationIds: readonly string[]): Promise<Declaration[]> {
    if (declarationIds.length === 0) return [];
    const { rows } = await tx.query<DeclarationRow>(
      {
        name: 'lock-declarations',
        text: `SELECT d.* FROM declaration d WHERE d.declaration_id = ANY($1::uuid[]) ORDER BY d.kind, d.declaration_id FOR UPDATE OF d`,
      },
      [plainArray(declarationIds)],
    );
    return rows.map(declarationOf);
  }

  async lockAsked(tx: Tx, declarationIds: readonly string[], asking: Asking): Promise<AskedDeclaration[]> {
    if (declarationIds.length === 0) return [];
    const { rows } = await tx.query<DeclarationRow & AskedColumns>(
      { name: `lock-asked-${asking.at}`, text: lockAskedSql(asking.at) },
      [plainArray(declarationIds), asking.personId, textArray(asking.roles), asking.today],
    );
    return rows.map((row) => ({
      declaration: declarationOf(row),
      anythingParked: row.anything_parked,
      anythingFrozen: row.anything_frozen,
      actsFor: row.acts_for,
      actsAs: row.acts_as,
      calendar: row.opens_on && {
        paymentPeriod: row.calendar_period!,
        opensOn: row.opens_on,
        providerDeadlineOn: row.provider_deadline_on!,
        cutOffAt: row.cut_off_at!,
      },
    }));
  }

  /**
   * In two statements: an adjustment is opened under the lock of its achievement's own declaration, so a statement
   * that begins after that lock is held sees every adjustment there is.
   */
  async lockAchievements(tx: Tx, achievements: readonly AchievementIdentity[]): Promise<Declaration[]> {
    const columns = columnsOf(achievements);
    const mains = await tx.query(
      {
        name: 'lock-achievements-main',
        text: lockAchievementsSql('d.declaration_id', `AND d.kind = 'achievement'`),
      },
      columns,
    );
    if (mains.rowCount === 0) return [];
    const { rows } = await tx.query<DeclarationRow>(
      {
        name: 'lock-achievements',
        text: lockAchievementsSql('d.*', ''),
      },
      columns,
    );
    return rows.map(declarationOf);
  }

  async lockFamilies(tx: Tx, declarationIds: readonly string[]): Promise<Declaration[]> {
    if (declarationIds.length === 0) return [];
    const { rows } = await tx.query<{
      serviceCode: string;
      achievementDate: LondonDate;
      organisationCode: string;
    }>(
      {
        name: 'achievements-of-declarations',
        // What identifies an achievement never changes, so it can be read before anything is locked.
        text: `SELECT DISTINCT service_code AS "serviceCode", achievement_date AS "achievementDate",
                      organisation_code AS "organisationCode"
               FROM declaration WHERE declaration_id = ANY($1::uuid[])`,
      },
      [plainArray(declarationIds)],
    );
    return rows.length === 0 ? [] : this.lockAchievements(tx, rows);
  }

  async lockReached(tx: Tx, reaches: readonly Reach[]): Promise<Declaration[]> {
    if (reaches.length === 0) return [];
    const { rows } = await tx.query<DeclarationRow>(
      {
        name: 'lock-reached',
        text: `SELECT d.* FROM declaration d
               WHERE d.declaration_id IN (
                 SELECT t.declaration_id
                 FROM unnest($1::text[], $2::date[], $3::date[]) AS r(organisation_code, changed_from, changed_to)
                 JOIN declaration t ON t.organisation_code = r.organisation_code
                   AND t.achievement_date >= r.changed_from
                   AND (r.changed_to IS NULL OR t.achievement_date < r.changed_to)
                 JOIN quality_service s ON s.service_code = t.service_code AND s.depends_on_membership
                   AND t.achievement_date >= s.oldest_open_on
                 WHERE NOT ${isEnded('t')})
               ORDER BY d.kind, d.declaration_id FOR UPDATE OF d`,
      },
      [
        textArray(reaches.map((r) => r.organisationCode)),
        plainArray(reaches.map((r) => r.change.changedFrom)),
        plainArray(reaches.map((r) => r.change.changedTo)),
      ],
    );
    return rows.map(declarationOf);
  }

  async lockExpired(tx: Tx, today: LondonDate, limit: number): Promise<Declaration[]> {
    const { rows } = await tx.query<DeclarationRow>(
      {
        name: 'lock-expired-holds',
        // What another replica has under its hands comes with the next firing.
        text: `SELECT d.* FROM declaration d WHERE d.declaration_id IN (
                 SELECT t.declaration_id FROM declaration t WHERE t.hold_expires_on < $1
                 ORDER BY t.declaration_id LIMIT $2)
               ORDER BY d.kind, d.declaration_id FOR UPDATE OF d SKIP LOCKED`,
      },
      [today, limit],
    );
    return rows.map(declarationOf);
  }

  async lockMisaddressed(
    tx: Tx,
    of: ReferenceKind,
    codes: readonly string[],
    limit: number,
  ): Promise<MisaddressedDeclaration[]> {
    if (codes.length === 0) return [];
    const { rows } = await tx.query<DeclarationRow & { new_commissioner: string; new_period: string }>(
      {
        name: `lock-misaddressed-${of}`,
        text: `SELECT d.*, coalesce(o.commissioner_code, 'ENGLAND') AS new_commissioner, c.payment_period AS new_period
               ${misaddressed(of)}
               ORDER BY d.kind, d.declaration_id LIMIT $2 FOR UPDATE OF d SKIP LOCKED`,
      },
      [textArray(codes), limit],
    );
    return rows.map((row) => ({
      declaration: declarationOf(row),
      address: { commissionerCode: row.new_commissioner, paymentPeriod: row.new_period },
    }));
  }

  async anyMisaddressed(tx: Tx, of: ReferenceKind, codes: readonly string[]): Promise<boolean> {
    const { rows } = await tx.query<{ any: boolean }>(
      { name: `any-misaddressed-${of}`, text: `SELECT EXISTS (SELECT ${misaddressed(of)}) AS any` },
      [textArray(codes)],
    );
    return rows[0]!.any;
  }

  async answeredApprovals(tx: Tx, approvals: readonly GivenApproval[]): Promise<ReadonlySet<string>> {
    if (approvals.length === 0) return new Set();
    const { rows } = await tx.query<{ approval_id: string }>(
      {
        name: 'answered-approvals',
        text: `WITH given AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS a(declaration_id, approval_id))
               SELECT approval_id FROM given JOIN declaration_history USING (declaration_id, approval_id)
               UNION SELECT approval_id FROM given JOIN refused_approval USING (approval_id)`,
      },
      approvalColumns(approvals),
    );
    return new Set(rows.map((row) => row.approval_id));
  }

  async answeredRuns(tx: Tx, asked: readonly AskedByRun[]): Promise<ReadonlySet<string>> {
    if (asked.length === 0) return new Set();
    const { rows } = await tx.query<AskedByRun>(
      {
        name: 'answered-runs',
        text: `SELECT DISTINCT declaration_id AS "declarationId", run_id AS "runId"
                 FROM unnest($1::uuid[], $2::uuid[]) AS a(declaration_id, run_id)
                 JOIN declaration_history USING (declaration_id, run_id)
                WHERE action IN ('confirm', 'refuse-confirm')`,
      },
      [plainArray(asked.map((one) => one.declarationId)), plainArray(asked.map((one) => one.runId))],
    );
    return new Set(rows.map(askedBy));
  }

  async keepRefused(tx: Tx, approvals: readonly GivenApproval[]): Promise<void> {
    if (approvals.length === 0) return;
    await tx.query(
      {
        name: 'keep-refused-approvals',
        text: `INSERT INTO refused_approval (declaration_id, approval_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])
               ON CONFLICT DO NOTHING`,
      },
      approvalColumns(approvals),
    );
  }

  write(tx: Tx, batch: WrittenBatch): Promise<void> {
    return writeBatch(tx, batch);
  }
}

interface AskedColumns {
  readonly anything_parked: boolean;
  readonly anything_frozen: boolean;
  readonly acts_for: string | null;
  readonly acts_as: 'provider' | 'commissioner';
  readonly calendar_period: string | null;
  readonly opens_on: LondonDate | null;
  readonly provider_deadline_on: LondonDate | null;
  readonly cut_off_at: Date | null;
}

/**
 * One statement decides about a whole request: it locks, and beside each row tells at which organisation the person
 * holds the role, nearest first. Somebody who holds it only above the provider acts on its behalf.
 */
const lockAskedSql = (at: Asking['at']): string => {
  const own = at === 'provider' ? 'd.organisation_code' : 'd.commissioner_code';
  return `
    SELECT d.*, acting.organisation_code AS acts_for, acting.acts_as,
           ${CALENDAR},
           EXISTS (SELECT FROM blocked_key) AS anything_parked,
           EXISTS (SELECT FROM period_freeze WHERE thawed_at IS NULL) AS anything_frozen
    FROM declaration d
    LEFT JOIN calendar_entry c ON c.service_code = d.service_code AND c.achievement_date = d.achievement_date
    ${NEW_DEADLINES}
    LEFT JOIN directory_organisation o ON o.code = ${own}
    LEFT JOIN LATERAL (
      SELECT r.organisation_code,
             CASE WHEN r.organisation_code = ${own} OR held_at.kind IN ('practice', 'pcn')
                  THEN '${at}' ELSE 'commissioner' END AS acts_as
      FROM directory_role r LEFT JOIN directory_organisation held_at ON held_at.code = r.organisation_code
      WHERE r.person_id = $2 AND r.role = ANY($3) AND r.valid_from <= $4::date
        AND (r.valid_to IS NULL OR r.valid_to > $4::date)
        AND (r.role <> 'NATIONAL_OPERATOR' OR r.organisation_code = 'ENGLAND')
        AND (r.organisation_code = ${own} OR r.organisation_code = 'ENGLAND' OR r.organisation_code = ANY(o.ancestors))
      ORDER BY r.organisation_code = ${own} DESC, array_position(o.ancestors, r.organisation_code) NULLS LAST
      LIMIT 1
    ) acting ON true
    WHERE d.declaration_id = ANY($1::uuid[])
    ORDER BY d.kind, d.declaration_id
    FOR UPDATE OF d`;
};

const approvalColumns = (approvals: readonly GivenApproval[]): string[] => [
  plainArray(approvals.map((one) => one.declarationId)),
  plainArray(approvals.map((one) => one.approvalId)),
];
