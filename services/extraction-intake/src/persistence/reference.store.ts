import { Injectable } from '@nestjs/common';
import type {
  EventOf,
  ParticipationsChangedV1,
  QualityServicePublishedV1,
  RulePack,
} from '@attest/contracts';
import { blockedKeys } from '@attest/messaging';
import { Database, entriesKept, newestOfEach, type CalendarEntryKey, type Tx } from '@attest/persistence';
import { ReferenceStore } from '../application/ports.js';
import { Reference, type KnownOrganisation, type KnownService } from '../domain/reference.js';

interface ServiceRow {
  readonly serviceCode: string;
  readonly startOn: string;
  readonly endOn: string | null;
  readonly achievementDates: string[];
  readonly rulePackVersion: number;
  readonly fields: RulePack['fields'];
  readonly ignoredFields: RulePack['ignoredFields'];
  readonly oldestOpenFinancialYear: string | null;
}

@Injectable()
export class PgReferenceStore extends ReferenceStore {
  constructor(private readonly database: Database) {
    super();
  }

  /** Services, organisations and what is parked of them, all as at one moment. */
  load(receivedAt: Date): Promise<Reference> {
    return this.database.transaction(
      async (tx) => {
        const { rows: services } = await tx.query<ServiceRow>(`
          SELECT service_code AS "serviceCode", start_on AS "startOn", end_on AS "endOn", achievement_dates AS "achievementDates",
                 rule_pack_version AS "rulePackVersion", fields, ignored_fields AS "ignoredFields",
                 document ->> 'oldestOpenFinancialYear' AS "oldestOpenFinancialYear"
          FROM quality_service JOIN rule_pack USING (service_code, rule_pack_version)`);
        const { rows: organisations } = await tx.query<Omit<KnownOrganisation, 'parked'>>(
          `SELECT code, kind, open_on AS "openOn", close_on AS "closeOn" FROM directory_organisation`,
        );
        const parked = await blockedKeys(
          tx,
          'quality-services',
          services.map((service) => service.serviceCode),
        );
        const gone = await blockedKeys(
          tx,
          'organisations',
          organisations.map((organisation) => organisation.code),
        );
        return new Reference(
          services.map((row) => knownService(row, parked.has(row.serviceCode))),
          organisations.map((organisation) => ({ ...organisation, parked: gone.has(organisation.code) })),
          receivedAt,
        );
      },
      { isolation: 'repeatable read', readOnly: true },
    );
  }

  async recordServices(
    tx: Tx,
    published: readonly EventOf<typeof QualityServicePublishedV1>[],
  ): Promise<readonly CalendarEntryKey[]> {
    if (published.length === 0) return [];
    const rows = JSON.stringify(
      published.map(({ service, serviceVersion }) => ({
        serviceCode: service.serviceCode,
        serviceVersion,
        providerKind: service.providerKind,
        startOn: service.startOn,
        endOn: service.endOn,
        achievementDates: service.calendar.map((entry) => entry.achievementDate),
        rulePackVersion: service.rulePack.version,
        takesPages: service.rulePack.dependsOn.includes('page'),
        fields: service.rulePack.fields,
        ignoredFields: service.rulePack.ignoredFields,
        document: service.rulePack,
        cutOffs: Object.fromEntries(service.calendar.map((entry) => [entry.achievementDate, entry.cutOffAt])),
      })),
    );
    await tx.query(
      {
        name: 'record-rule-packs',
        text: `
          INSERT INTO rule_pack AS known
            (service_code, rule_pack_version, takes_pages, fields, ignored_fields, document)
          SELECT DISTINCT ON ("serviceCode", "rulePackVersion")
                 "serviceCode", "rulePackVersion", "takesPages", fields, "ignoredFields", document
          FROM jsonb_to_recordset($1::jsonb) AS said
            ("serviceCode" text, "serviceVersion" bigint, "rulePackVersion" int, "takesPages" boolean, fields jsonb,
             "ignoredFields" jsonb, document jsonb)
          ORDER BY "serviceCode", "rulePackVersion", "serviceVersion"
          ON CONFLICT (service_code, rule_pack_version) DO UPDATE SET document = excluded.document
          WHERE known.document IS NULL`,
      },
      [rows],
    );
    const stored = await tx.query<{ serviceCode: string; achievementDates: string[] }>(
      {
        name: 'record-services',
        text: `
          INSERT INTO quality_service AS known
            (service_code, service_version, provider_kind, start_on, end_on, achievement_dates, rule_pack_version, cut_offs)
          SELECT DISTINCT ON ("serviceCode") "serviceCode", "serviceVersion", "providerKind", "startOn", "endOn",
                 ARRAY(SELECT value::date FROM jsonb_array_elements_text("achievementDates") ORDER BY 1), "rulePackVersion",
                 "cutOffs"
          FROM jsonb_to_recordset($1::jsonb) AS said
            ("serviceCode" text, "serviceVersion" bigint, "providerKind" text, "startOn" date, "endOn" date,
             "achievementDates" jsonb, "rulePackVersion" int, "cutOffs" jsonb)
          ORDER BY "serviceCode", "serviceVersion" DESC
          ON CONFLICT (service_code) DO UPDATE SET
            service_version = excluded.service_version, provider_kind = excluded.provider_kind,
            start_on = excluded.start_on, end_on = excluded.end_on,
            -- A date of which pages stand is in use, whatever a publication lacks.
            achievement_dates = ARRAY(
              SELECT d FROM unnest(excluded.achievement_dates) d
              UNION
              SELECT d FROM unnest(known.achievement_dates) d
               WHERE EXISTS (SELECT FROM page p WHERE p.service_code = known.service_code AND p.achievement_date = d)
              ORDER BY 1),
            rule_pack_version = excluded.rule_pack_version,
            cut_offs = known.cut_offs || excluded.cut_offs
          WHERE known.service_version < excluded.service_version
          RETURNING service_code AS "serviceCode", achievement_dates::text[] AS "achievementDates"`,
      },
      [rows],
    );
    const newest = newestOfEach(
      published,
      (one) => one.service.serviceCode,
      (one) => one.serviceVersion,
    );
    return entriesKept(
      stored.rows,
      newest.flatMap(({ service }) =>
        service.calendar.map((entry) => ({ serviceCode: service.serviceCode, ...entry })),
      ),
    );
  }

  async recordParticipations(
    tx: Tx,
    changed: readonly EventOf<typeof ParticipationsChangedV1>[],
  ): Promise<void> {
    if (changed.length === 0) return;
    const rows = changed.flatMap(({ serviceCode, changes }) =>
      changes.map((change) => ({ serviceCode, ...change })),
    );
    await tx.query(
      {
        name: 'record-participations',
        text: `
          INSERT INTO participation AS known (service_code, provider_code, status, from_on, to_on, participation_version)
          SELECT DISTINCT ON ("serviceCode", "providerCode")
                 "serviceCode", "providerCode", status, "from", "to", "participationVersion"
          FROM jsonb_to_recordset($1::jsonb) AS said
            ("serviceCode" text, "providerCode" text, status text, "from" date, "to" date, "participationVersion" bigint)
          ORDER BY "serviceCode", "providerCode", "participationVersion" DESC
          ON CONFLICT (service_code, provider_code) DO UPDATE SET
            status = excluded.status, from_on = excluded.from_on, to_on = excluded.to_on,
            participation_version = excluded.participation_version
          WHERE known.participation_version < excluded.participation_version`,
      },
      [JSON.stringify(rows)],
    );
  }
}

const knownService = (row: ServiceRow, parked: boolean): KnownService => ({
  parked,
  serviceCode: row.serviceCode,
  startOn: row.startOn,
  endOn: row.endOn,
  oldestOpenFinancialYear: row.oldestOpenFinancialYear,
  achievementDates: row.achievementDates,
  rulePack: { version: row.rulePackVersion, fields: row.fields, ignoredFields: row.ignoredFields },
});
