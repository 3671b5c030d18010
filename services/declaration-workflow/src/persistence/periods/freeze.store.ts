import { anyIsInScope } from '@attest/auth';
import type { LondonDate } from '@attest/calendar';
import { versionAfter } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  FreezeStore,
  type FreezeFilter,
  type PeriodOfService,
} from '../../application/periods/freeze.ports.js';
import type { Declaration } from '../../domain/core/declaration.js';
import type { Freeze, NewDeadlines, PeriodDeadlines } from '../../domain/periods/freeze.js';
import { declarationOf, type DeclarationRow } from '../core/declaration.columns.js';
import { isRevertable } from '../core/status.sql.js';
import { reaches } from './freeze.sql.js';

interface FreezeRow {
  readonly freeze_id: string;
  readonly service_code: string;
  readonly achievement_date: LondonDate;
  readonly scope_code: string;
  readonly version: bigint;
  readonly reason: string;
  readonly frozen_by: string;
  readonly frozen_for: string;
  readonly frozen_at: Date;
  readonly revert_reason: string | null;
  readonly revert_asked_by: string | null;
  readonly revert_asked_for: string | null;
  readonly revert_asked_at: Date | null;
  readonly reverted: number;
  readonly revert_done_at: Date | null;
  readonly thawed_by: string | null;
  readonly thawed_at: Date | null;
  readonly provider_deadline_on: LondonDate | null;
  readonly cut_off_at: Date | null;
}

/** In the scope of the caller: theirs, one below them, or one above that reaches them. */
const VISIBLE = `(f.scope_code = 'ENGLAND' OR f.scope_code = ANY($1) OR ${anyIsInScope('$1', 'f.scope_code')}
  OR EXISTS (SELECT FROM directory_organisation o
             WHERE o.code = ANY($1) AND (o.commissioner_code = f.scope_code OR f.scope_code = ANY(o.ancestors))))`;

@Injectable()
export class PgFreezeStore extends FreezeStore {
  constructor(private readonly database: Database) {
    super();
  }

  async deadlinesOf(tx: Tx, period: PeriodOfService): Promise<PeriodDeadlines | undefined> {
    const { rows } = await tx.query<PeriodDeadlines>(
      `SELECT provider_deadline_on AS "providerDeadlineOn", cut_off_at AS "cutOffAt" FROM calendar_entry
       WHERE service_code = $1 AND achievement_date = $2`,
      [period.serviceCode, period.achievementDate],
    );
    return rows[0];
  }

  async isScope(tx: Tx, code: string): Promise<boolean> {
    const { rows } = await tx.query(
      `SELECT 1 WHERE $1 = 'ENGLAND' OR EXISTS (
         SELECT FROM directory_organisation WHERE code = $1 AND kind IN ('commissioner', 'region', 'national'))`,
      [code],
    );
    return rows.length === 1;
  }

  async nextVersion(tx: Tx, period: PeriodOfService): Promise<number> {
    const { rows } = await tx.query<{ next: bigint }>(
      `SELECT ${versionAfter('coalesce(max(version), 0)')} AS next FROM period_freeze
       WHERE service_code = $1 AND achievement_date = $2`,
      [period.serviceCode, period.achievementDate],
    );
    return Number(rows[0]!.next);
  }

  async add(tx: Tx, f: Freeze): Promise<boolean> {
    const { rowCount } = await tx.query(
      `INSERT INTO period_freeze (freeze_id, service_code, achievement_date, scope_code, version, reason, frozen_by, frozen_for, frozen_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (service_code, achievement_date, scope_code) WHERE thawed_at IS NULL DO NOTHING`,
      [
        f.freezeId,
        f.serviceCode,
        f.achievementDate,
        f.scopeCode,
        f.version,
        f.reason,
        f.frozenBy,
        f.frozenFor,
        f.frozenAt,
      ],
    );
    return rowCount === 1;
  }

  async lock(tx: Tx, freezeId: string): Promise<Freeze | undefined> {
    const { rows } = await tx.query<FreezeRow>(
      'SELECT * FROM period_freeze WHERE freeze_id = $1 FOR UPDATE',
      [freezeId],
    );
    return rows[0] && freezeOf(rows[0]);
  }

  async thaw(
    tx: Tx,
    freezeId: string,
    by: { personId: string; at: Date; version: number } & NewDeadlines,
  ): Promise<void> {
    await tx.query(
      `UPDATE period_freeze SET thawed_by = $2, thawed_at = $3, version = $4, provider_deadline_on = $5, cut_off_at = $6
       WHERE freeze_id = $1 AND thawed_at IS NULL`,
      [freezeId, by.personId, by.at, by.version, by.providerDeadlineOn, by.cutOffAt],
    );
  }

  async askRevert(
    tx: Tx,
    freezeId: string,
    by: { reason: string; personId: string; forOrganisation: string; at: Date },
  ): Promise<void> {
    await tx.query(
      `UPDATE period_freeze SET revert_reason = $2, revert_asked_by = $3, revert_asked_for = $4, revert_asked_at = $5
       WHERE freeze_id = $1 AND revert_asked_at IS NULL`,
      [freezeId, by.reason, by.personId, by.forOrganisation, by.at],
    );
  }

  async reverting(): Promise<string[]> {
    const { rows } = await this.database.query<{ freeze_id: string }>({
      name: 'reverting-freezes',
      text: `SELECT freeze_id FROM period_freeze
             WHERE thawed_at IS NULL AND revert_asked_at IS NOT NULL AND revert_done_at IS NULL ORDER BY freeze_id`,
    });
    return rows.map((row) => row.freeze_id);
  }

  async lockRevertable(tx: Tx, freeze: Freeze, limit: number): Promise<Declaration[]> {
    const { rows } = await tx.query<DeclarationRow>(
      {
        name: 'lock-revertable',
        text: `SELECT d.* FROM declaration d WHERE d.declaration_id IN (
                 SELECT t.declaration_id FROM declaration t
                 WHERE t.service_code = $1 AND t.achievement_date = $2
                   AND ${isRevertable('t')}
                   AND ${reaches('$3::text', 't.commissioner_code')}
                 ORDER BY t.declaration_id LIMIT $4)
               ORDER BY d.kind, d.declaration_id FOR UPDATE OF d`,
      },
      [freeze.serviceCode, freeze.achievementDate, freeze.scopeCode, limit],
    );
    return rows.map(declarationOf);
  }

  async countReverted(tx: Tx, freezeId: string, more: number): Promise<void> {
    await tx.query('UPDATE period_freeze SET reverted = reverted + $2 WHERE freeze_id = $1', [
      freezeId,
      more,
    ]);
  }

  async endRevert(tx: Tx, freeze: Freeze, at: Date): Promise<boolean> {
    // Since the last look a run may have left out what it held, and that is signed: one statement sees it as one of both.
    const { rowCount } = await tx.query(
      `UPDATE period_freeze SET revert_done_at = $5 WHERE freeze_id = $1 AND NOT EXISTS (
         SELECT FROM declaration t
         WHERE t.service_code = $2 AND t.achievement_date = $3 AND ${isRevertable('t', 'RELEASING')}
           AND ${reaches('$4::text', 't.commissioner_code')})`,
      [freeze.freezeId, freeze.serviceCode, freeze.achievementDate, freeze.scopeCode, at],
    );
    return rowCount === 1;
  }

  async list(scope: readonly string[], filter: FreezeFilter): Promise<Freeze[]> {
    const { rows } = await this.database.query<FreezeRow>(
      `SELECT f.* FROM period_freeze f
       WHERE ${VISIBLE} AND ($2::text IS NULL OR f.service_code = $2)
         AND ($3::date IS NULL OR f.achievement_date = $3)
         AND ($4::boolean IS NULL OR (f.thawed_at IS NULL) = $4) AND ($5::uuid IS NULL OR f.freeze_id > $5)
       ORDER BY f.freeze_id LIMIT $6`,
      [
        scope,
        filter.serviceCode ?? null,
        filter.achievementDate ?? null,
        filter.standing ?? null,
        filter.after ?? null,
        filter.limit,
      ],
    );
    return rows.map(freezeOf);
  }

  async one(scope: readonly string[], freezeId: string): Promise<Freeze | undefined> {
    const { rows } = await this.database.query<FreezeRow>(
      `SELECT f.* FROM period_freeze f WHERE ${VISIBLE} AND f.freeze_id = $2`,
      [scope, freezeId],
    );
    return rows[0] && freezeOf(rows[0]);
  }
}

const freezeOf = (row: FreezeRow): Freeze => ({
  freezeId: row.freeze_id,
  serviceCode: row.service_code,
  achievementDate: row.achievement_date,
  scopeCode: row.scope_code,
  version: Number(row.version),
  reason: row.reason,
  frozenBy: row.frozen_by,
  frozenFor: row.frozen_for,
  frozenAt: row.frozen_at,
  revert:
    row.revert_asked_at === null
      ? null
      : {
          reason: row.revert_reason!,
          askedBy: row.revert_asked_by!,
          askedFor: row.revert_asked_for!,
          askedAt: row.revert_asked_at,
          reverted: row.reverted,
          doneAt: row.revert_done_at,
        },
  thawedBy: row.thawed_by,
  thawedAt: row.thawed_at,
  providerDeadlineOn: row.provider_deadline_on,
  cutOffAt: row.cut_off_at,
});
