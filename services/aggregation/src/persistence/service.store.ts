import { Injectable } from '@nestjs/common';
import type { PageField, RulePack } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { ServiceStore } from '../application/ports.js';
import type { KnownService } from '../domain/service.js';

interface ServiceRow extends Omit<KnownService, 'fieldsOfVersion'> {
  readonly serviceVersion: bigint;
  readonly rulePack: RulePack;
  readonly versions: Record<string, PageField[]>;
}

/** Rule packs are read and parsed once per version; their versions are asked for each time. */
@Injectable()
export class PgServiceStore extends ServiceStore {
  private readonly cache = new Map<string, { version: bigint; service: KnownService }>();

  async load(tx: Tx): Promise<ReadonlyMap<string, KnownService>> {
    const { rows: versions } = await tx.query<{ code: string; version: bigint }>({
      name: 'service-versions',
      text: 'SELECT service_code AS code, service_version AS version FROM quality_service',
    });
    const stale = versions
      .filter(({ code, version }) => this.cache.get(code)?.version !== version)
      .map(({ code }) => code);
    if (stale.length > 0) await this.read(tx, stale);
    return new Map(versions.map(({ code }) => [code, this.cache.get(code)!.service]));
  }

  private async read(tx: Tx, codes: readonly string[]): Promise<void> {
    const { rows } = await tx.query<ServiceRow>(
      `SELECT service_code AS "serviceCode", service_version AS "serviceVersion", provider_kind AS "providerKind",
              start_on AS "startOn", end_on AS "endOn", rule_pack AS "rulePack", needs_page AS "needsPage",
              needs_membership AS "needsMembership", needs_list_size AS "needsListSize",
              (SELECT jsonb_object_agg(f.rule_pack_version, f.fields) FROM rule_pack_fields f
               WHERE f.service_code = s.service_code) AS versions
       FROM quality_service s WHERE service_code = ANY ($1)`,
      [codes],
    );
    for (const { serviceVersion, versions, ...row } of rows) {
      const fieldsOfVersion = new Map(
        Object.entries(versions).map(([version, fields]) => [Number(version), fields]),
      );
      this.cache.set(row.serviceCode, { version: serviceVersion, service: { ...row, fieldsOfVersion } });
    }
  }
}
