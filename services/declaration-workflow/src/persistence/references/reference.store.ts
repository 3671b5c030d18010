import type { LondonDate } from '@attest/calendar';
import { achievementKey, type HoldCode, type ReadonlyPolicy } from '@attest/contracts';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  ReferenceStore,
  type AchievementPlace,
  type Reach,
} from '../../application/references/reference.ports.js';
import type { AchievementIdentity, MembershipChange } from '../../domain/core/stimulus.js';
import type { PeriodDates } from '../../domain/periods/window.js';
import { policySql } from '../signing/policy.store.js';

interface PlaceRow {
  readonly service_code: string;
  readonly achievement_date: LondonDate;
  readonly organisation_code: string;
  readonly commissioner_code: string | null;
  readonly payment_period: string | null;
  readonly depends_on_membership: boolean | null;
  readonly in_open_year: boolean | null;
  readonly policy: ReadonlyPolicy | null;
}

interface RequirementRow {
  readonly organisation_code: string;
  readonly pcn_code: string;
  readonly membership_version: bigint;
  readonly code: HoldCode;
  readonly practice_codes: string[];
  readonly changed_from: LondonDate;
  readonly changed_to: LondonDate | null;
  readonly event_id: string;
}

@Injectable()
export class PgReferenceStore extends ReferenceStore {
  async places(tx: Tx, achievements: readonly AchievementIdentity[]): Promise<Map<string, AchievementPlace>> {
    if (achievements.length === 0) return new Map();
    const { rows } = await tx.query<PlaceRow>(
      {
        name: 'achievement-places',
        // An organisation without a commissioner is England's own business.
        text: `SELECT a.service_code, a.achievement_date, a.organisation_code,
                      CASE WHEN o.code IS NOT NULL THEN coalesce(o.commissioner_code, 'ENGLAND') END AS commissioner_code,
                      c.payment_period, s.depends_on_membership,
                      a.achievement_date >= s.oldest_open_on AS in_open_year,
                      ${policySql('a.service_code', 'a.achievement_date')} AS policy
               FROM unnest($1::text[], $2::date[], $3::text[]) AS a(service_code, achievement_date, organisation_code)
               LEFT JOIN directory_organisation o ON o.code = a.organisation_code
               LEFT JOIN quality_service s ON s.service_code = a.service_code
               LEFT JOIN calendar_entry c ON c.service_code = a.service_code AND c.achievement_date = a.achievement_date`,
      },
      columnsOf(achievements),
    );
    const changes = await this.requirements(
      tx,
      rows.filter((row) => row.depends_on_membership && row.in_open_year),
    );
    return new Map(
      rows.map((row) => [
        achievementKey(identityOf(row)),
        {
          address:
            row.commissioner_code !== null && row.payment_period !== null
              ? { commissionerCode: row.commissioner_code, paymentPeriod: row.payment_period }
              : null,
          memberships: row.depends_on_membership
            ? (changes.get(row.organisation_code) ?? []).filter((change) => reaches(change, row))
            : [],
          policy: row.policy,
        },
      ]),
    );
  }

  async periods(tx: Pick<Tx, 'query'>): Promise<PeriodDates[]> {
    const { rows } = await tx.query<PeriodDates>({
      name: 'payment-periods',
      text: `SELECT payment_period AS "paymentPeriod", max(provider_deadline_on) AS "providerDeadlineOn",
                    min(cut_off_at) AS "cutOffAt"
             FROM calendar_entry GROUP BY payment_period`,
    });
    return rows;
  }

  async periodsOf(
    tx: Pick<Tx, 'query'>,
    serviceCodes: readonly string[],
  ): Promise<ReadonlyMap<string, readonly PeriodDates[]>> {
    const found = new Map<string, PeriodDates[]>();
    if (serviceCodes.length === 0) return found;
    const { rows } = await tx.query<PeriodDates & { serviceCode: string }>(
      {
        name: 'payment-periods-of-services',
        text: `SELECT service_code AS "serviceCode", payment_period AS "paymentPeriod",
                      max(provider_deadline_on) AS "providerDeadlineOn", min(cut_off_at) AS "cutOffAt"
               FROM calendar_entry WHERE service_code = ANY($1) GROUP BY service_code, payment_period`,
      },
      [textArray(serviceCodes)],
    );
    for (const { serviceCode, ...period } of rows)
      found.set(serviceCode, [...(found.get(serviceCode) ?? []), period]);
    return found;
  }

  async addRequirements(tx: Tx, reached: readonly Reach[]): Promise<void> {
    if (reached.length === 0) return;
    await tx.query(
      {
        name: 'add-membership-requirements',
        text: `INSERT INTO membership_requirement
                 (organisation_code, pcn_code, membership_version, code, practice_codes, changed_from, changed_to, event_id)
               SELECT organisation_code, pcn_code, membership_version, code,
                      ARRAY(SELECT jsonb_array_elements_text(practice_codes)), changed_from, changed_to, event_id
               FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::jsonb[], $6::date[], $7::date[], $8::uuid[])
                    AS u(organisation_code, pcn_code, membership_version, code, practice_codes, changed_from, changed_to, event_id)
               ON CONFLICT DO NOTHING`,
      },
      [
        textArray(reached.map((r) => r.organisationCode)),
        textArray(reached.map((r) => r.change.pcnCode)),
        plainArray(reached.map((r) => r.change.version)),
        plainArray(reached.map((r) => r.change.code)),
        textArray(reached.map((r) => JSON.stringify(r.change.practiceCodes))),
        plainArray(reached.map((r) => r.change.changedFrom)),
        plainArray(reached.map((r) => r.change.changedTo)),
        plainArray(reached.map((r) => r.change.eventId)),
      ],
    );
  }

  private async requirements(tx: Tx, rows: readonly PlaceRow[]): Promise<Map<string, MembershipChange[]>> {
    const found = new Map<string, MembershipChange[]>();
    const codes = [...new Set(rows.map((row) => row.organisation_code))];
    if (codes.length === 0) return found;
    const requirements = await tx.query<RequirementRow>(
      {
        name: 'membership-requirements',
        text: `SELECT * FROM membership_requirement WHERE organisation_code = ANY($1) ORDER BY pcn_code, membership_version`,
      },
      [textArray(codes)],
    );
    for (const row of requirements.rows) {
      const change: MembershipChange = {
        pcnCode: row.pcn_code,
        version: Number(row.membership_version),
        code: row.code,
        practiceCodes: row.practice_codes,
        changedFrom: row.changed_from,
        changedTo: row.changed_to,
        eventId: row.event_id,
      };
      found.set(row.organisation_code, [...(found.get(row.organisation_code) ?? []), change]);
    }
    return found;
  }
}

const identityOf = (row: PlaceRow): AchievementIdentity => ({
  serviceCode: row.service_code,
  achievementDate: row.achievement_date,
  organisationCode: row.organisation_code,
});

const reaches = (change: MembershipChange, row: PlaceRow): boolean =>
  row.in_open_year === true &&
  row.achievement_date >= change.changedFrom &&
  (change.changedTo === null || row.achievement_date < change.changedTo);

export const columnsOf = (achievements: readonly AchievementIdentity[]): string[] => [
  textArray(achievements.map((a) => a.serviceCode)),
  plainArray(achievements.map((a) => a.achievementDate)),
  textArray(achievements.map((a) => a.organisationCode)),
];
