import type { QualityService } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  AgencyStore,
  ServiceStore,
  type Agency,
  type Author,
  type PublishedService,
} from '../application/ports.js';

interface ServiceRow {
  readonly service_code: string;
  readonly version: bigint;
  readonly document: QualityService;
}
const publishedOf = (row: ServiceRow): PublishedService => ({ service: row.document, version: row.version });

@Injectable()
export class PgServiceStore extends ServiceStore {
  override async lockForPublishing(tx: Tx, serviceCode: string): Promise<PublishedService | null> {
    // The first version has no row to lock yet.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 1))`, [serviceCode]);
    const { rows } = await tx.query<ServiceRow>(
      `SELECT service_code, version, document FROM quality_service WHERE service_code = $1 FOR UPDATE`,
      [serviceCode],
    );
    return rows[0] ? publishedOf(rows[0]) : null;
  }

  override async lockForOffering(
    tx: Tx,
    serviceCodes: readonly string[],
  ): Promise<Map<string, PublishedService>> {
    const { rows } = await tx.query<ServiceRow>(
      {
        name: 'service-lock-for-offering',
        text: `SELECT service_code, version, document FROM quality_service WHERE service_code = ANY($1) ORDER BY service_code FOR SHARE`,
      },
      [serviceCodes],
    );
    return new Map(rows.map((row) => [row.service_code, publishedOf(row)]));
  }

  override async save(tx: Tx, { service, version }: PublishedService, author: Author): Promise<void> {
    const document = JSON.stringify(service);
    await tx.query(
      `INSERT INTO quality_service (service_code, version, name, provider_kind, start_on, end_on, agency_code, document)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (service_code) DO UPDATE SET
         version = excluded.version, name = excluded.name, start_on = excluded.start_on, end_on = excluded.end_on,
         agency_code = excluded.agency_code, document = excluded.document`,
      [
        service.serviceCode,
        version,
        service.name,
        service.providerKind,
        service.startOn,
        service.endOn,
        service.agencyCode,
        document,
      ],
    );
    await tx.query(
      `INSERT INTO quality_service_version (service_code, version, document, published_at, published_by) VALUES ($1, $2, $3, $4, $5)`,
      [service.serviceCode, version, document, author.at, author.personId],
    );
    await tx.query(
      `INSERT INTO participations_version (service_code, version) VALUES ($1, 0) ON CONFLICT DO NOTHING`,
      [service.serviceCode],
    );
  }

  override async countOutside(tx: Tx, service: QualityService): Promise<number> {
    const { rows } = await tx.query<{ outside: bigint }>(
      `SELECT count(*) AS outside FROM participation
       WHERE service_code = $1 AND status <> 'refused'
         AND (from_on < $2::date OR ($3::date IS NOT NULL AND (to_on IS NULL OR to_on > $3::date)))`,
      [service.serviceCode, service.startOn, service.endOn],
    );
    return Number(rows[0]!.outside);
  }
}

export const AGENCY_COLUMNS = `agency_code AS "agencyCode", name, adapter, label, version::int AS "agencyVersion"`;

@Injectable()
export class PgAgencyStore extends AgencyStore {
  override async lock(tx: Tx, agencyCode: string): Promise<Agency | null> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 2))`, [agencyCode]);
    const { rows } = await tx.query<Agency>(
      `SELECT ${AGENCY_COLUMNS} FROM agency WHERE agency_code = $1 FOR UPDATE`,
      [agencyCode],
    );
    return rows[0] ?? null;
  }

  override async exists(tx: Tx, agencyCode: string): Promise<boolean> {
    const { rowCount } = await tx.query(`SELECT 1 FROM agency WHERE agency_code = $1`, [agencyCode]);
    return rowCount > 0;
  }

  override async save(tx: Tx, agency: Agency, author: Author): Promise<void> {
    await tx.query(
      `INSERT INTO agency (agency_code, name, adapter, label, version, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (agency_code) DO UPDATE SET name = excluded.name, adapter = excluded.adapter, label = excluded.label,
         version = excluded.version, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
      [
        agency.agencyCode,
        agency.name,
        agency.adapter,
        agency.label,
        agency.agencyVersion,
        author.at,
        author.personId,
      ],
    );
  }
}
