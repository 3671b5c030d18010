import type { LondonDate } from '@attest/calendar';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  FreezeGuard,
  NOTHING_FROZEN,
  type FrozenNow,
  type PeriodOfService,
  type StandingFreezes,
} from '../../application/periods/freeze.ports.js';

/** An advisory lock per service and date: a row would be written by each of thousands who share it. */
const lockOf = (period: string): string =>
  `hashtextextended('freeze ' || ${period}.service_code || '|' || ${period}.achievement_date::text, 0)`;

interface StandingRow {
  readonly service_code: string;
  readonly achievement_date: LondonDate;
  readonly reason: string;
  readonly frozen_at: Date;
  readonly frozen_for: string;
  /** Null: all commissioners. */
  readonly commissioners: readonly string[] | null;
}

@Injectable()
export class PgFreezeGuard extends FreezeGuard {
  async share(tx: Tx, declarationIds: readonly string[]): Promise<void> {
    if (declarationIds.length === 0) return;
    await tx.query(
      {
        name: 'share-periods-of-declarations',
        // What identifies an achievement never changes, so it can be read before anything is locked. In one order.
        text: `SELECT pg_advisory_xact_lock_shared(one.lock)
               FROM (SELECT DISTINCT ${lockOf('d')} AS lock FROM declaration d
                     WHERE d.declaration_id = ANY($1::uuid[]) ORDER BY 1) one`,
      },
      [plainArray(declarationIds)],
    );
  }

  async shareNow(tx: Tx, periods: readonly PeriodOfService[]): Promise<FrozenNow> {
    if (periods.length === 0) return { has: () => false };
    const { rows } = await tx.query<{
      service_code: string;
      achievement_date: LondonDate;
      shared: boolean;
    }>(
      {
        name: 'share-periods-now',
        text: `SELECT p.service_code, p.achievement_date, pg_try_advisory_xact_lock_shared(${lockOf('p')}) AS shared
               FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::date[]) AS u(service_code, achievement_date)) p`,
      },
      [textArray(periods.map((p) => p.serviceCode)), plainArray(periods.map((p) => p.achievementDate))],
    );
    const taken = new Set(
      rows.filter((row) => !row.shared).map((row) => `${row.service_code}|${row.achievement_date}`),
    );
    const standing = await this.standing(tx);
    return {
      has: (d) => taken.has(`${d.serviceCode}|${d.achievementDate}`) || standing.of(d) !== null,
    };
  }

  async alone(tx: Tx, period: PeriodOfService): Promise<void> {
    await tx.query(
      `SELECT pg_advisory_xact_lock(${lockOf('p')})
       FROM (SELECT $1::text AS service_code, $2::date AS achievement_date) p`,
      [period.serviceCode, period.achievementDate],
    );
  }

  async standing(tx: Pick<Tx, 'query'>): Promise<StandingFreezes> {
    const { rows } = await tx.query<StandingRow>({
      name: 'standing-freezes',
      text: `SELECT f.service_code, f.achievement_date, f.reason, f.frozen_at, f.frozen_for,
                    CASE WHEN f.scope_code <> 'ENGLAND' THEN
                      ARRAY(SELECT f.scope_code UNION ALL
                            SELECT o.code FROM directory_organisation o
                            WHERE o.kind IN ('commissioner', 'region') AND f.scope_code = ANY(o.ancestors)) END AS commissioners
             FROM period_freeze f WHERE f.thawed_at IS NULL ORDER BY f.frozen_at`,
    });
    if (rows.length === 0) return NOTHING_FROZEN;
    return {
      of: (d) => {
        const row = rows.find(
          (one) =>
            one.service_code === d.serviceCode &&
            one.achievement_date === d.achievementDate &&
            (one.commissioners === null || one.commissioners.includes(d.commissionerCode)),
        );
        return row ? { since: row.frozen_at, reason: row.reason, frozenFor: row.frozen_for } : null;
      },
    };
  }
}
