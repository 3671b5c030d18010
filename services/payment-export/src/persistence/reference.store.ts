import { Injectable } from '@nestjs/common';
import {
  dropUnusedEntries,
  newestOfEach,
  plainArray,
  textArray,
  type CalendarEntryKey,
  type Tx,
} from '@attest/persistence';
import type {
  DeclarationNews,
  AgencyPublishedState,
  OrganisationPayee,
  PeriodFreeze,
  Routing,
} from '../application/reference.js';
import { ReferenceStore } from '../application/ports.js';

/** Whatever its status: an adjustment may be opened beside what was paid. */
const IN_USE = `EXISTS (SELECT FROM declaration_state d
                         WHERE d.service_code = c.service_code AND d.achievement_date = c.achievement_date)`;

@Injectable()
export class PgReferenceStore extends ReferenceStore {
  async payees(tx: Tx, payees: readonly OrganisationPayee[]): Promise<void> {
    const rows = newestOfEach(
      payees,
      (p) => p.organisationCode,
      (p) => p.version,
    );
    await tx.query(
      {
        name: 'payees',
        text: `INSERT INTO payee AS p SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) AS n(code) ORDER BY n.code
               ON CONFLICT (organisation_code) DO UPDATE SET payee_code = excluded.payee_code, payee_name = excluded.payee_name,
                      account_reference = excluded.account_reference, version = excluded.version WHERE p.version < excluded.version`,
      },
      [
        rows.map((p) => p.organisationCode),
        rows.map((p) => p.payeeCode),
        rows.map((p) => p.payeeName),
        rows.map((p) => p.accountReference),
        rows.map((p) => p.version),
      ],
    );
  }

  async agencies(tx: Tx, agencies: readonly AgencyPublishedState[]): Promise<void> {
    const rows = newestOfEach(
      agencies,
      (a) => a.agencyCode,
      (a) => a.version,
    );
    await tx.query(
      `INSERT INTO agency AS a SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
       ON CONFLICT (agency_code) DO UPDATE SET name = excluded.name, adapter = excluded.adapter, version = excluded.version
        WHERE a.version < excluded.version`,
      [
        rows.map((a) => a.agencyCode),
        rows.map((a) => a.name),
        rows.map((a) => a.adapter),
        rows.map((a) => a.version),
      ],
    );
  }

  async routings(tx: Tx, routings: readonly Routing[]): Promise<readonly CalendarEntryKey[]> {
    const rows = newestOfEach(
      routings,
      (r) => r.serviceCode,
      (r) => r.version,
    );
    const { rows: taken } = await tx.query<{ service_code: string }>(
      `INSERT INTO service_routing AS r SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
       ON CONFLICT (service_code) DO UPDATE SET agency_code = excluded.agency_code, version = excluded.version
        WHERE r.version < excluded.version RETURNING service_code`,
      [rows.map((r) => r.serviceCode), rows.map((r) => r.agencyCode), rows.map((r) => r.version)],
    );
    const moved = new Set(taken.map((row) => row.service_code));
    const entries = rows
      .filter((r) => moved.has(r.serviceCode))
      .flatMap((r) => r.calendar.map((entry) => ({ serviceCode: r.serviceCode, ...entry })));
    const kept = await dropUnusedEntries(tx, 'payment_calendar', IN_USE, [...moved], entries);
    await tx.query(
      `INSERT INTO payment_calendar
       SELECT DISTINCT ON (service_code, achievement_date) *
         FROM unnest($1::text[], $2::date[], $3::text[], $4::timestamptz[], $5::date[]) AS e(service_code, achievement_date)
       ON CONFLICT (service_code, achievement_date) DO UPDATE SET payment_period = excluded.payment_period,
         cut_off_at = excluded.cut_off_at, pay_on = excluded.pay_on`,
      [
        entries.map((e) => e.serviceCode),
        entries.map((e) => e.achievementDate),
        entries.map((e) => e.paymentPeriod),
        entries.map((e) => e.cutOffAt),
        entries.map((e) => e.payOn),
      ],
    );
    return kept;
  }

  async freezes(tx: Tx, freezes: readonly PeriodFreeze[]): Promise<void> {
    const rows = newestOfEach(
      freezes,
      (f) => f.freezeId,
      (f) => f.version,
    );
    await tx.query(
      {
        name: 'period-freezes',
        text: `INSERT INTO period_freeze AS f (freeze_id, service_code, achievement_date, scope_code, version, frozen, cut_off_at)
               SELECT * FROM unnest($1::uuid[], $2::text[], $3::date[], $4::text[], $5::bigint[], $6::boolean[], $7::timestamptz[])
               ON CONFLICT (freeze_id) DO UPDATE SET version = excluded.version, frozen = excluded.frozen, cut_off_at = excluded.cut_off_at
                WHERE f.version < excluded.version`,
      },
      [
        rows.map((f) => f.freezeId),
        rows.map((f) => f.serviceCode),
        rows.map((f) => f.achievementDate),
        rows.map((f) => f.scopeCode),
        rows.map((f) => f.version),
        rows.map((f) => f.frozen),
        rows.map((f) => f.cutOffAt),
      ],
    );
  }

  async declarations(tx: Tx, news: readonly DeclarationNews[]): Promise<void> {
    const states = newestOfEach(
      news.map((n) => n.state),
      (s) => s.declarationId,
      (s) => s.revision,
    );
    await tx.query(
      {
        name: 'declaration-states',
        text: `INSERT INTO declaration_state AS d (declaration_id, kind, service_code, achievement_date, provider_code, commissioner_code,
                      payment_period, status, declaration_version, attempt, pence, revision, run_id, told_version)
               SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[], $8::text[],
                      $9::bigint[], $10::int[], $11::bigint[], $12::bigint[], $13::uuid[], $14::bigint[]) AS n(id) ORDER BY n.id
               ON CONFLICT (declaration_id) DO UPDATE SET commissioner_code = excluded.commissioner_code,
                      payment_period = excluded.payment_period, status = excluded.status,
                      declaration_version = excluded.declaration_version, attempt = excluded.attempt, pence = excluded.pence,
                      revision = excluded.revision, run_id = excluded.run_id, told_version = excluded.told_version
                WHERE d.revision < excluded.revision`,
      },
      [
        plainArray(states.map((s) => s.declarationId)),
        textArray(states.map((s) => s.kind)),
        textArray(states.map((s) => s.serviceCode)),
        plainArray(states.map((s) => s.achievementDate)),
        textArray(states.map((s) => s.organisationCode)),
        textArray(states.map((s) => s.commissionerCode)),
        textArray(states.map((s) => s.paymentPeriod)),
        textArray(states.map((s) => s.status)),
        plainArray(states.map((s) => s.declarationVersion)),
        plainArray(states.map((s) => s.attempt)),
        plainArray(states.map((s) => s.pence)),
        plainArray(states.map((s) => s.revision)),
        plainArray(states.map((s) => s.runId)),
        plainArray(states.map((s) => s.paymentVersion ?? 0)),
      ],
    );
    const entries = news.filter((n) => n.means !== null);
    if (entries.length === 0) return;
    await tx.query(ENTER, [
      textArray(entries.map((n) => n.state.organisationCode)),
      textArray(entries.map((n) => n.state.serviceCode)),
      plainArray(entries.map((n) => n.state.achievementDate)),
      plainArray(entries.map((n) => n.state.declarationId)),
      plainArray(entries.map((n) => n.state.declarationVersion)),
      textArray(entries.map((n) => n.means)),
      plainArray(entries.map((n) => n.state.pence)),
      plainArray(entries.map((n) => n.at)),
    ]);
  }

  async revisions(tx: Tx, declarationIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { rows } = await tx.query<{ declaration_id: string; revision: bigint }>(
      'SELECT declaration_id, revision FROM declaration_state WHERE declaration_id = ANY($1::uuid[])',
      [declarationIds],
    );
    return new Map(rows.map((row) => [row.declaration_id, Number(row.revision)]));
  }
}

/** Attempt 0: these belong to a version, not to an attempt of it. What never had an entitlement has none to lose. */
const ENTER = {
  name: 'enter-declarations',
  text: `
    WITH news AS MATERIALIZED (
      SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::uuid[], $5::bigint[], $6::text[], $7::bigint[], $8::timestamptz[])
               AS n(provider, service, date, id, version, means, pence, at)),
    entitled AS (
      INSERT INTO ledger_entry (provider_code, service_code, achievement_date, declaration_id, declaration_version, attempt, kind, pence, entered_at)
      SELECT provider, service, date, id, version, 0, 'entitlement', pence, at FROM news WHERE means IN ('entitlement', 'settled-outside')
      ON CONFLICT (kind, declaration_id, declaration_version, attempt) WHERE kind <> 'netted' DO NOTHING)
    INSERT INTO ledger_entry (provider_code, service_code, achievement_date, declaration_id, declaration_version, attempt, kind, pence, entered_at)
    SELECT provider, service, date, id, version, 0, means,
           -- What recoveries took off it stays taken: so much of a lapsed one was worth something, and only the rest
           -- of another was settled outside.
           CASE means WHEN 'lapsed' THEN taken.pence ELSE n.pence - taken.pence END, at
      FROM news n
     CROSS JOIN LATERAL (SELECT coalesce(sum(e.pence), 0)::bigint AS pence FROM ledger_entry e
                          WHERE e.kind = 'netted' AND e.declaration_id = n.id) taken
     WHERE means = 'settled-outside'
        OR (means = 'lapsed' AND (EXISTS (SELECT 1 FROM ledger_entry e WHERE e.kind = 'entitlement' AND e.declaration_id = n.id)
                                  OR EXISTS (SELECT 1 FROM news o WHERE o.means = 'entitlement' AND o.id = n.id)))
    ON CONFLICT (kind, declaration_id, declaration_version, attempt) WHERE kind <> 'netted' DO NOTHING`,
};
