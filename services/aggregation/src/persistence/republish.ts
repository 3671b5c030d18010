import {
  AchievementAwaitingV1,
  AchievementBlockedV1,
  AchievementCalculatedV1,
  achievementKey,
  AchievementNotApplicableV1,
  newEvent,
  type AchievementInput,
  type DeclaredValue,
  type NewEvent,
} from '@attest/contracts';
import { Republishes, type RepublishedPage, type Republishing, type RepublishSlice } from '@attest/messaging';
import { penceDigits } from '@attest/money';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';

interface StoredAchievement {
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly organisationCode: string;
  readonly figureRevision: bigint;
  readonly state: 'none' | 'calculated' | 'not-applicable';
  readonly code: string | null;
  readonly pence: bigint | null;
  readonly points: string | null;
  readonly awaitingRevision: bigint | null;
  readonly blockedRevision: bigint | null;
  readonly blockedCode: string | null;
  readonly values: DeclaredValue[] | null;
  readonly inputs: AchievementInput[] | null;
  readonly cause: { topic: string; key: string; version: number } | null;
  readonly calculatedAt: Date | null;
}

/**
 * The newest figures of each achievement, and the marker that is open behind them. Earlier revisions are not needed: a
 * figure is compared with the one that its reader knows. The rows are locked, so a figure that closes a marker comes
 * after it.
 */
@Injectable()
@Republishes(AchievementCalculatedV1, AchievementNotApplicableV1, AchievementAwaitingV1, AchievementBlockedV1)
export class RepublishAchievements implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    const wanted = keys?.map((key) => key.split('|'));
    const { rows } = await tx.query<StoredAchievement>(
      `SELECT a.service_code AS "serviceCode", a.achievement_date AS "achievementDate", a.organisation_code AS "organisationCode",
              a.figure_revision AS "figureRevision", a.state, a.code, a.pence, a.points,
              a.awaiting_revision AS "awaitingRevision", a.blocked_revision AS "blockedRevision", a.blocked_code AS "blockedCode",
              r.declared_values AS "values", r.inputs, r.cause, r.calculated_at AS "calculatedAt"
       FROM achievement a
       LEFT JOIN achievement_revision r USING (service_code, achievement_date, organisation_code, figure_revision)
       WHERE ($1::text IS NULL OR (a.service_code, a.achievement_date, a.organisation_code) > ($1, $2::date, $3))
         AND ($4::text[] IS NULL OR (a.service_code, a.achievement_date::text, a.organisation_code) IN (
               SELECT * FROM unnest($4::text[], $5::text[], $6::text[])))
       ORDER BY a.service_code, a.achievement_date, a.organisation_code LIMIT $7
       FOR SHARE OF a NOWAIT`,
      [
        after?.[0] ?? null,
        after?.[1] ?? null,
        after?.[2] ?? null,
        wanted?.map(([service]) => service) ?? null,
        wanted?.map(([, date]) => date) ?? null,
        wanted?.map(([, , organisation]) => organisation) ?? null,
        limit,
      ],
    );
    const last = rows.at(-1);
    return {
      events: rows.flatMap(eventsOf),
      next:
        !last || rows.length < limit ? null : [last.serviceCode, last.achievementDate, last.organisationCode],
    };
  }
}

function eventsOf(row: StoredAchievement): NewEvent[] {
  const { serviceCode, achievementDate, organisationCode, awaitingRevision, blockedRevision, cause } = row;
  const figureRevision = Number(row.figureRevision);
  const identity = { serviceCode, achievementDate, organisationCode, figureRevision };
  const events: NewEvent[] = [];
  if (row.state !== 'none' && !row.inputs)
    throw new Error(
      `The figures of ${achievementKey(identity)} at revision ${figureRevision} are not kept. Have them calculated anew.`,
    );
  if (row.state === 'calculated')
    events.push(
      newEvent(AchievementCalculatedV1, {
        ...identity,
        pence: penceDigits(row.pence!),
        points: row.points,
        values: row.values!,
        inputs: row.inputs!,
        cause,
        calculatedAt: row.calculatedAt!.toISOString(),
      }) as unknown as NewEvent,
    );
  if (row.state === 'not-applicable')
    events.push(
      newEvent(AchievementNotApplicableV1, {
        ...identity,
        code: row.code!,
        inputs: row.inputs!,
        cause,
      }) as unknown as NewEvent,
    );
  if (awaitingRevision !== null)
    events.push(
      newEvent(AchievementAwaitingV1, {
        ...identity,
        closesAtRevision: Number(awaitingRevision),
        cause: null,
      }) as unknown as NewEvent,
    );
  if (blockedRevision !== null)
    events.push(
      newEvent(AchievementBlockedV1, {
        ...identity,
        closesAtRevision: Number(blockedRevision),
        code: row.blockedCode!,
        cause: null,
      }) as unknown as NewEvent,
    );
  return events;
}
