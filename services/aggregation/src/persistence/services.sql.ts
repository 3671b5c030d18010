import type { EventOf, QualityService, QualityServicePublishedV1 } from '@attest/contracts';
import { entriesKept, newestOfEach, type Tx } from '@attest/persistence';
import type { RecordedServices } from '../application/ports.js';

interface StoredService {
  readonly serviceCode: string;
  readonly serviceVersion: bigint;
  /** Whether everything but the calendar is as it was. */
  readonly same: boolean;
}

/** What figures rest on, besides the dates at which they are made. */
const essence = (service: QualityService): string =>
  JSON.stringify([service.providerKind, service.startOn, service.endOn, service.rulePack]);

/** Keeps the newest version of each service, and the field order of every version of its pack. */
export async function recordServices(
  tx: Tx,
  published: readonly EventOf<typeof QualityServicePublishedV1>[],
): Promise<RecordedServices> {
  if (published.length === 0) return { refigured: [], extended: [], kept: [] };
  const newest = newestOfEach(
    published,
    (event) => event.service.serviceCode,
    (event) => event.serviceVersion,
  );
  await tx.query(
    `INSERT INTO rule_pack_fields (service_code, rule_pack_version, fields)
     SELECT "serviceCode", version, fields
     FROM jsonb_to_recordset($1::jsonb) AS said ("serviceCode" text, version int, fields jsonb)
     ON CONFLICT DO NOTHING`,
    [
      JSON.stringify(
        published.map(({ service }) => ({
          serviceCode: service.serviceCode,
          version: service.rulePack.version,
          fields: service.rulePack.fields,
        })),
      ),
    ],
  );
  const before = await storedServices(tx, newest);
  const refigured: string[] = [];
  const extended: string[] = [];
  const news = newest.filter(({ service, serviceVersion }) => {
    const known = before.get(service.serviceCode);
    if (known && Number(known.serviceVersion) >= serviceVersion) return false;
    (known?.same ? extended : refigured).push(service.serviceCode);
    return true;
  });
  const stored = await tx.query<{ serviceCode: string; achievementDates: string[] }>(
    `INSERT INTO quality_service AS known
       (service_code, service_version, provider_kind, start_on, end_on, achievement_dates, rule_pack_version, rule_pack,
        needs_page, needs_membership, needs_list_size)
     SELECT "serviceCode", "serviceVersion", "providerKind", "startOn", "endOn",
            ARRAY(SELECT value::date FROM jsonb_array_elements_text("achievementDates") ORDER BY 1),
            "rulePackVersion", "rulePack", "needsPage", "needsMembership", "needsListSize"
     FROM jsonb_to_recordset($1::jsonb) AS said
       ("serviceCode" text, "serviceVersion" bigint, "providerKind" text, "startOn" date, "endOn" date,
        "achievementDates" jsonb, "rulePackVersion" int, "rulePack" jsonb, "needsPage" boolean,
        "needsMembership" boolean, "needsListSize" boolean)
     ON CONFLICT (service_code) DO UPDATE SET
       service_version = excluded.service_version, provider_kind = excluded.provider_kind, start_on = excluded.start_on,
       end_on = excluded.end_on,
       -- A date of which figures were told is in use, whatever a publication lacks: they are to be made again.
       achievement_dates = ARRAY(
         SELECT d FROM unnest(excluded.achievement_dates) d
         UNION
         SELECT d FROM unnest(known.achievement_dates) d
          WHERE EXISTS (SELECT FROM achievement a WHERE a.service_code = known.service_code
                           AND a.achievement_date = d AND a.state = 'calculated')
         ORDER BY 1),
       rule_pack_version = excluded.rule_pack_version, rule_pack = excluded.rule_pack, needs_page = excluded.needs_page,
       needs_membership = excluded.needs_membership, needs_list_size = excluded.needs_list_size
     RETURNING service_code AS "serviceCode", achievement_dates::text[] AS "achievementDates"`,
    [JSON.stringify(news.map(({ service, serviceVersion }) => serviceRow(service, serviceVersion)))],
  );
  const kept = entriesKept(
    stored.rows,
    news.flatMap(({ service }) =>
      service.calendar.map((entry) => ({ serviceCode: service.serviceCode, ...entry })),
    ),
  );
  return { refigured, extended, kept };
}

function serviceRow(service: QualityService, serviceVersion: number) {
  const { rulePack } = service;
  return {
    serviceCode: service.serviceCode,
    serviceVersion,
    providerKind: service.providerKind,
    startOn: service.startOn,
    endOn: service.endOn,
    achievementDates: service.calendar.map((entry) => entry.achievementDate),
    rulePackVersion: rulePack.version,
    rulePack,
    needsPage: rulePack.dependsOn.includes('page'),
    // A PCN's figures are made from its members' whatever its pack says.
    needsMembership: rulePack.dependsOn.includes('membership') || service.providerKind === 'pcn',
    needsListSize: rulePack.dependsOn.includes('list-size') || rulePack.calculation.kind === 'capitation',
  };
}

async function storedServices(
  tx: Tx,
  events: readonly EventOf<typeof QualityServicePublishedV1>[],
): Promise<Map<string, StoredService>> {
  const { rows } = await tx.query<{
    serviceCode: string;
    serviceVersion: bigint;
    providerKind: QualityService['providerKind'];
    startOn: string;
    endOn: string | null;
    rulePack: QualityService['rulePack'];
  }>(
    `SELECT service_code AS "serviceCode", service_version AS "serviceVersion", provider_kind AS "providerKind",
            start_on AS "startOn", end_on AS "endOn", rule_pack AS "rulePack"
     FROM quality_service WHERE service_code = ANY ($1) FOR UPDATE`,
    [events.map((event) => event.service.serviceCode)],
  );
  const known = new Map(rows.map((row) => [row.serviceCode, row]));
  return new Map(
    events.flatMap(({ service }) => {
      const row = known.get(service.serviceCode);
      if (!row) return [];
      const same = essence(ordered(row as unknown as QualityService)) === essence(ordered(service));
      return [
        [service.serviceCode, { serviceCode: row.serviceCode, serviceVersion: row.serviceVersion, same }],
      ];
    }),
  );
}

/** jsonb keeps no order of keys, so both sides are put into one. */
function ordered<T>(value: T): T {
  if (Array.isArray(value)) return value.map((part: unknown) => ordered(part)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, part]) => [name, ordered<unknown>(part)]),
  ) as T;
}
