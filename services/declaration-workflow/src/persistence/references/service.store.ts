import type { AgencyPublishedV1, EventOf, QualityServicePublishedV1 } from '@attest/contracts';
import {
  dropUnusedEntries,
  newestOfEach,
  plainArray,
  textArray,
  type CalendarEntryKey,
  type Tx,
} from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { ServiceStore } from '../../application/references/reference.ports.js';
import { isOpenAdjustment } from '../core/status.sql.js';

type Published = EventOf<typeof QualityServicePublishedV1>;

@Injectable()
export class PgServiceStore extends ServiceStore {
  async recordServices(tx: Tx, published: readonly Published[]): Promise<readonly CalendarEntryKey[]> {
    const newest = newestOfEach(
      published,
      (one) => one.service.serviceCode,
      (one) => one.serviceVersion,
    );
    const { rows } = await tx.query<{ service_code: string }>(
      `INSERT INTO quality_service AS s
         (service_code, name, provider_kind, depends_on_membership, oldest_open_on, agency_code, version)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::date[], $6::text[], $7::bigint[])
       ON CONFLICT (service_code) DO UPDATE SET name = excluded.name, provider_kind = excluded.provider_kind,
         depends_on_membership = excluded.depends_on_membership, oldest_open_on = excluded.oldest_open_on,
         agency_code = excluded.agency_code, version = excluded.version
       WHERE s.version < excluded.version
       RETURNING service_code`,
      [
        textArray(newest.map(({ service }) => service.serviceCode)),
        textArray(newest.map(({ service }) => service.name)),
        plainArray(newest.map(({ service }) => service.providerKind)),
        plainArray(newest.map(({ service }) => service.rulePack.dependsOn.includes('membership'))),
        // A financial year `2022/23` begins on 1 April of its first year.
        plainArray(
          newest.map(({ service }) => `${service.rulePack.oldestOpenFinancialYear.slice(0, 4)}-04-01`),
        ),
        textArray(newest.map(({ service }) => service.agencyCode)),
        plainArray(newest.map((one) => one.serviceVersion)),
      ],
    );
    const moved = new Set(rows.map((row) => row.service_code));
    if (moved.size === 0) return [];
    return replaceCalendars(
      tx,
      newest.filter((one) => moved.has(one.service.serviceCode)),
    );
  }

  async recordAgencies(tx: Tx, agencies: readonly EventOf<typeof AgencyPublishedV1>[]): Promise<void> {
    if (agencies.length === 0) return;
    const newest = newestOfEach(
      agencies,
      (one) => one.agencyCode,
      (one) => one.agencyVersion,
    );
    await tx.query(
      `INSERT INTO agency AS a (agency_code, label, version) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
       ON CONFLICT (agency_code) DO UPDATE SET label = excluded.label, version = excluded.version
       WHERE a.version < excluded.version`,
      [
        textArray(newest.map((one) => one.agencyCode)),
        textArray(newest.map((one) => one.label)),
        plainArray(newest.map((one) => one.agencyVersion)),
      ],
    );
  }
}

/** An adjustment may be opened beside whatever was paid. Written as the unique indexes of declarations are. */
const IN_USE = `
  EXISTS (SELECT FROM declaration d
           WHERE d.service_code = c.service_code AND d.achievement_date = c.achievement_date
             AND d.kind = 'achievement' AND NOT d.lapsed)
  OR EXISTS (SELECT FROM declaration d
              WHERE d.service_code = c.service_code AND d.achievement_date = c.achievement_date
                AND ${isOpenAdjustment('d')})`;

/** Whatever a declaration rests on stays, also where a publication lacks it (docs/decisions/0025). */
async function replaceCalendars(tx: Tx, services: readonly Published[]): Promise<CalendarEntryKey[]> {
  const entries = services.flatMap(({ service }) =>
    service.calendar.map((entry) => ({ serviceCode: service.serviceCode, ...entry })),
  );
  const kept = await dropUnusedEntries(
    tx,
    'calendar_entry',
    IN_USE,
    services.map(({ service }) => service.serviceCode),
    entries,
  );
  await tx.query(
    `INSERT INTO calendar_entry
       (service_code, achievement_date, payment_period, opens_on, provider_deadline_on, cut_off_at, pay_on)
     SELECT DISTINCT ON (service_code, achievement_date) *
       FROM unnest($1::text[], $2::date[], $3::text[], $4::date[], $5::date[], $6::timestamptz[], $7::date[])
            AS e(service_code, achievement_date)
     ON CONFLICT (service_code, achievement_date) DO UPDATE SET payment_period = excluded.payment_period,
       opens_on = excluded.opens_on, provider_deadline_on = excluded.provider_deadline_on,
       cut_off_at = excluded.cut_off_at, pay_on = excluded.pay_on`,
    [
      textArray(entries.map((e) => e.serviceCode)),
      plainArray(entries.map((e) => e.achievementDate)),
      plainArray(entries.map((e) => e.paymentPeriod)),
      plainArray(entries.map((e) => e.opensOn)),
      plainArray(entries.map((e) => e.providerDeadlineOn)),
      plainArray(entries.map((e) => e.cutOffAt)),
      plainArray(entries.map((e) => e.payOn)),
    ],
  );
  return kept;
}
