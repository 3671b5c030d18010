import {
  AgencyPublishedV1,
  BusinessClockMovedV1,
  newEvent,
  ParticipationsChangedV1,
  QualityServicePublishedV1,
  type EventOf,
  type QualityService,
} from '@attest/contracts';
import {
  pageOfRows,
  Republishes,
  type RepublishedPage,
  type Republishing,
  type RepublishSlice,
} from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Agency } from '../application/ports.js';
import { AGENCY_COLUMNS } from './service.store.js';

/** Every version in its order: pages and figures name the version of the rule pack that they were made with. */
@Injectable()
@Republishes(QualityServicePublishedV1)
export class RepublishServices implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    // A newer version waits until these are told: it does not carry what they said of the pack.
    const slice = [after?.[0] ?? null, after?.[1] ?? null, keys, limit];
    await tx.query(
      `SELECT FROM quality_service q WHERE q.service_code IN (
         SELECT service_code FROM quality_service_version
         WHERE ($1::text IS NULL OR (service_code, version) > ($1, $2::bigint))
           AND ($3::text[] IS NULL OR service_code = ANY ($3))
         ORDER BY service_code, version LIMIT $4)
       ORDER BY q.service_code FOR SHARE NOWAIT`,
      slice,
    );
    const { rows } = await tx.query<{ serviceCode: string; version: bigint; service: QualityService }>(
      `SELECT service_code AS "serviceCode", version, document AS service FROM quality_service_version
       WHERE ($1::text IS NULL OR (service_code, version) > ($1, $2::bigint))
         AND ($3::text[] IS NULL OR service_code = ANY ($3))
       ORDER BY service_code, version LIMIT $4`,
      slice,
    );
    return pageOfRows(
      rows,
      limit,
      ({ serviceCode, version }) => [serviceCode, String(version)],
      ({ service, version }) =>
        newEvent(QualityServicePublishedV1, { service, serviceVersion: Number(version) }),
    );
  }
}

type Changes = EventOf<typeof ParticipationsChangedV1>['changes'];

/** As they stand, as many in one event as when they were told. Readers compare the version of each participation. */
@Injectable()
@Republishes(ParticipationsChangedV1)
export class RepublishParticipations implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    const { rows } = await tx.query<{
      serviceCode: string;
      version: bigint;
      changes: Changes;
    }>(
      `SELECT service_code AS "serviceCode", greatest(v.version, 1) AS version,
              jsonb_agg(jsonb_build_object('providerCode', p.provider_code, 'status', p.status, 'from', p.from_on, 'to', p.to_on,
                                           'participationVersion', p.version) ORDER BY p.provider_code) AS changes
       FROM (SELECT * FROM participation
             WHERE ($1::text IS NULL OR (service_code, provider_code) > ($1, $2))
               AND ($3::text[] IS NULL OR service_code = ANY ($3))
             ORDER BY service_code, provider_code LIMIT $4) p
       JOIN participations_version v USING (service_code)
       GROUP BY service_code, v.version ORDER BY service_code`,
      [after?.[0] ?? null, after?.[1] ?? null, keys, limit],
    );
    const last = rows.at(-1);
    const told = rows.reduce((sum, { changes }) => sum + changes.length, 0);
    return {
      events: rows.map(({ serviceCode, version, changes }) =>
        newEvent(ParticipationsChangedV1, {
          serviceCode,
          participationsVersion: Number(version),
          changes,
        }),
      ),
      next: !last || told < limit ? null : [last.serviceCode, last.changes.at(-1)!.providerCode],
    };
  }
}

/** Each as it stands. */
@Injectable()
@Republishes(AgencyPublishedV1)
export class RepublishAgencies implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    const { rows } = await tx.query<Agency>(
      `SELECT ${AGENCY_COLUMNS} FROM agency
       WHERE ($1::text IS NULL OR agency_code > $1) AND ($2::text[] IS NULL OR agency_code = ANY ($2))
       ORDER BY agency_code LIMIT $3`,
      [after?.[0] ?? null, keys, limit],
    );
    return pageOfRows(
      rows,
      limit,
      ({ agencyCode }) => [agencyCode],
      (agency) => newEvent(AgencyPublishedV1, agency),
    );
  }
}

/** Where it was ever moved: development and tests. */
@Injectable()
@Republishes(BusinessClockMovedV1)
export class RepublishClock implements Republishing {
  async page(tx: Tx, { keys }: RepublishSlice): Promise<RepublishedPage> {
    const { rows } = await tx.query<{ offset_ms: bigint; version: bigint; moved_at: Date }>(
      `SELECT offset_ms, version, moved_at FROM business_clock
       WHERE version > 0 AND ($1::text[] IS NULL OR 'business-clock' = ANY ($1))`,
      [keys],
    );
    const events = rows.map((row) =>
      newEvent(BusinessClockMovedV1, {
        offsetMs: Number(row.offset_ms),
        movedAt: row.moved_at.toISOString(),
        clockVersion: Number(row.version),
      }),
    );
    return { events, next: null };
  }
}
