import { isInScope } from '@attest/auth';
import type { QualityService } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  Queries,
  type Agency,
  type ParticipationView,
  type PublishedService,
  type ServiceView,
  type Slice,
  type VersionView,
} from '../application/ports.js';
import { PARTICIPATION_COLUMNS } from './participation.store.js';
import { AGENCY_COLUMNS } from './service.store.js';

@Injectable()
export class PgQueries extends Queries {
  constructor(private readonly database: Database) {
    super();
  }

  override async services({ after, limit }: Slice<[string]>): Promise<ServiceView[]> {
    const { rows } = await this.database.query<ServiceView>(
      `SELECT service_code AS "serviceCode", version, name, provider_kind AS "providerKind", start_on AS "startOn",
              end_on AS "endOn", agency_code AS "agencyCode"
       FROM quality_service WHERE service_code > $1 ORDER BY service_code LIMIT $2`,
      [after?.[0] ?? '', limit],
    );
    return rows;
  }

  override async service(serviceCode: string, version?: bigint): Promise<PublishedService | null> {
    const { rows } = await this.database.query<{ document: QualityService; version: bigint }>(
      `SELECT v.document, v.version FROM quality_service_version v JOIN quality_service s USING (service_code)
       WHERE v.service_code = $1 AND v.version = coalesce($2::bigint, s.version)`,
      [serviceCode, version ?? null],
    );
    return rows[0] ? { service: rows[0].document, version: rows[0].version } : null;
  }

  override async versions(serviceCode: string): Promise<VersionView[]> {
    const { rows } = await this.database.query<VersionView>(
      `SELECT version, (document->'rulePack'->>'version')::int AS "rulePackVersion", published_at AS "publishedAt",
              published_by AS "publishedBy"
       FROM quality_service_version WHERE service_code = $1 ORDER BY version DESC`,
      [serviceCode],
    );
    return rows;
  }

  override async agencies(): Promise<Agency[]> {
    return (await this.database.query<Agency>(`SELECT ${AGENCY_COLUMNS} FROM agency ORDER BY agency_code`))
      .rows;
  }

  override async participations(
    scope: readonly string[],
    filter: {
      serviceCode?: string | undefined;
      providerCode?: string | undefined;
      status?: string | undefined;
    },
    { after, limit }: Slice<[string, string]>,
  ): Promise<ParticipationView[]> {
    const { rows } = await this.database.query<ParticipationView>(
      `SELECT ${PARTICIPATION_COLUMNS}, o.name AS "providerName"
       FROM participation p JOIN directory_organisation o ON o.code = p.provider_code
       WHERE ${isInScope('$1')} AND ($2::text IS NULL OR p.service_code = $2)
         AND ($3::text IS NULL OR p.provider_code = $3) AND ($4::text IS NULL OR p.status = $4)
         AND (p.service_code, p.provider_code) > ($5, $6)
       ORDER BY p.service_code, p.provider_code LIMIT $7`,
      [
        scope,
        filter.serviceCode ?? null,
        filter.providerCode ?? null,
        filter.status ?? null,
        ...(after ?? ['', '']),
        limit,
      ],
    );
    return rows;
  }
}
