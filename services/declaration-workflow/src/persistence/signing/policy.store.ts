import { financialYear, type LondonDate } from '@attest/calendar';
import type { EventOf, QualityServicePublishedV1, ReadonlyPolicy } from '@attest/contracts';
import { Database, newestOfEach, plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  PolicyStore,
  type ChangedPolicy,
  type Dated,
  type OutdatedDeclaration,
} from '../../application/signing/policy.ports.js';
import type { Declaration } from '../../domain/core/declaration.js';
import type { CalendarDates } from '../../domain/periods/window.js';
import { declarationOf, type DeclarationRow } from '../core/declaration.columns.js';
import { CALENDAR, NEW_DEADLINES, reaches } from '../periods/freeze.sql.js';
import { isOpen } from '../core/status.sql.js';

/**
 * The policy for a service and date: that of the date's financial year, else the newest that was published. Null is
 * the default.
 */
export const policySql = (serviceCode: string, date: string): string => `
  (SELECT p.policy FROM service_policy p WHERE p.service_code = ${serviceCode}
   ORDER BY ${date} >= p.year_from AND ${date} < p.year_from + interval '1 year' DESC, p.year_from DESC LIMIT 1)`;

interface CalendarRow {
  readonly declaration_id: string;
  readonly calendar_period: string;
  readonly opens_on: LondonDate;
  readonly provider_deadline_on: LondonDate;
  readonly cut_off_at: Date;
}

@Injectable()
export class PgPolicyStore extends PolicyStore {
  constructor(private readonly database: Database) {
    super();
  }

  async record(tx: Tx, published: readonly EventOf<typeof QualityServicePublishedV1>[]): Promise<void> {
    const rows = newestOfEach(
      published,
      ({ service }) => `${service.serviceCode}|${service.rulePack.financialYear}`,
      (one) => one.serviceVersion,
    );
    await tx.query(
      {
        name: 'record-policies',
        // What was opened before its year had a pack follows the year before's policy, so even a pack without one has
        // something to tell, unless no pack of the service ever had one.
        text: `INSERT INTO service_policy AS p (service_code, year_from, policy, service_version, told)
               SELECT service_code, year_from, policy, service_version, policy IS NULL AND NOT EXISTS (
                 SELECT FROM service_policy other WHERE other.service_code = u.service_code AND other.policy IS NOT NULL)
               FROM unnest($1::text[], $2::date[], $3::jsonb[], $4::bigint[])
                 AS u(service_code, year_from, policy, service_version)
               ON CONFLICT (service_code, year_from) DO UPDATE SET policy = excluded.policy,
                 service_version = excluded.service_version,
                 told = p.told AND p.policy IS NOT DISTINCT FROM excluded.policy
               WHERE p.service_version < excluded.service_version`,
      },
      [
        textArray(rows.map(({ service }) => service.serviceCode)),
        plainArray(
          rows.map(({ service }) => financialYear(Number(service.rulePack.financialYear.slice(0, 4))).from),
        ),
        textArray(
          rows.map(({ service: { rulePack } }) => (rulePack.policy ? JSON.stringify(rulePack.policy) : null)),
        ),
        plainArray(rows.map((one) => one.serviceVersion)),
      ],
    );
  }

  async changed(): Promise<ChangedPolicy[]> {
    const { rows } = await this.database.query<ChangedPolicy>({
      name: 'changed-policies',
      text: `SELECT service_code AS "serviceCode", max(service_version) AS "serviceVersion"
             FROM service_policy WHERE NOT told GROUP BY service_code ORDER BY service_code`,
    });
    return rows;
  }

  async lockOutdated(
    tx: Tx,
    serviceCode: string,
    after: string | null,
    limit: number,
  ): Promise<OutdatedDeclaration[]> {
    const { rows } = await tx.query<DeclarationRow & { next_policy: ReadonlyPolicy | null }>(
      {
        name: 'lock-outdated',
        // What is paid is asked for nothing more; what comes back follows then (`addMisaddressed`).
        // Paged by id alone and locked by kind and id, as everywhere. One that moved meanwhile is looked at again.
        text: `SELECT d.*, ${policySql('d.service_code', 'd.achievement_date')} AS next_policy FROM declaration d
               WHERE d.declaration_id IN (
                 SELECT t.declaration_id FROM declaration t
                 WHERE t.service_code = $1 AND ($3::uuid IS NULL OR t.declaration_id > $3)
                   AND ${isOpen('t')}
                   AND t.policy IS DISTINCT FROM ${policySql('t.service_code', 't.achievement_date')}
                 ORDER BY t.declaration_id LIMIT $2)
               ORDER BY d.kind, d.declaration_id FOR UPDATE OF d`,
      },
      [serviceCode, limit, after],
    );
    return rows.map((row) => ({ declaration: declarationOf(row), policy: row.next_policy }));
  }

  async markTold(tx: Tx, { serviceCode, serviceVersion }: ChangedPolicy): Promise<void> {
    await tx.query(
      'UPDATE service_policy SET told = true WHERE service_code = $1 AND service_version <= $2 AND NOT told',
      [serviceCode, serviceVersion],
    );
  }

  async calendars(
    tx: Pick<Tx, 'query'>,
    declarations: readonly Dated[],
  ): Promise<Map<string, CalendarDates>> {
    const { rows } = await tx.query<CalendarRow>(
      {
        name: 'calendars-of-declarations',
        // Some are being opened and stand in no table yet.
        text: `SELECT d.declaration_id, ${CALENDAR}
               FROM unnest($1::uuid[], $2::text[], $3::date[], $4::text[])
                 AS d(declaration_id, service_code, achievement_date, commissioner_code)
               JOIN calendar_entry c ON c.service_code = d.service_code AND c.achievement_date = d.achievement_date
               ${NEW_DEADLINES}`,
      },
      [
        plainArray(declarations.map((d) => d.declarationId)),
        textArray(declarations.map((d) => d.serviceCode)),
        plainArray(declarations.map((d) => d.achievementDate)),
        textArray(declarations.map((d) => d.commissionerCode)),
      ],
    );
    return new Map(
      rows.map((row) => [
        row.declaration_id,
        {
          paymentPeriod: row.calendar_period,
          opensOn: row.opens_on,
          providerDeadlineOn: row.provider_deadline_on,
          cutOffAt: row.cut_off_at,
        },
      ]),
    );
  }

  async lockDue(tx: Tx, today: LondonDate, after: string | null, limit: number): Promise<Declaration[]> {
    return due(tx, { name: 'lock-due', text: `${DUE} FOR UPDATE OF d SKIP LOCKED` }, [today, after, limit]);
  }

  async findDue(tx: Tx, today: LondonDate, after: string | null, limit: number): Promise<Declaration[]> {
    return due(tx, { name: 'find-due', text: DUE }, [today, after, limit]);
  }
}

/**
 * What the system has to do today: the calendar has opened it, and no freeze stops it. What is frozen would be locked at
 * every firing until the thaw, and a hold would wait for it.
 */
const DUE = `
  SELECT d.* FROM declaration d
  WHERE d.due_to_system IS NOT FALSE AND (d.due_to_system OR (d.policy IS NOT NULL AND ${isOpen('d')}))
    AND ($2::uuid IS NULL OR d.declaration_id > $2)
    AND (d.status <> 'AWAITING_PROVIDER_APPROVAL'
         OR EXISTS (SELECT FROM calendar_entry c WHERE c.service_code = d.service_code
                      AND c.achievement_date = d.achievement_date AND c.opens_on <= $1::date))
    AND NOT EXISTS (SELECT FROM period_freeze f WHERE f.service_code = d.service_code
                      AND f.achievement_date = d.achievement_date AND f.thawed_at IS NULL
                      AND ${reaches('f.scope_code', 'd.commissioner_code')})
  ORDER BY d.declaration_id LIMIT $3`;

async function due(
  tx: Tx,
  statement: { name: string; text: string },
  values: unknown[],
): Promise<Declaration[]> {
  const { rows } = await tx.query<DeclarationRow>(statement, values);
  return rows.map(declarationOf);
}
