import { Injectable } from '@nestjs/common';
import type { LondonDate } from '@attest/calendar';
import type { QualityService } from '@attest/contracts';
import {
  Database,
  dropUnusedEntries,
  newestOfEach,
  plainArray,
  textArray,
  type CalendarEntryKey,
  type Tx,
} from '@attest/persistence';
import {
  CalendarStore,
  type CalendarDeadline,
  type DueReminder,
  type PeriodFreeze,
} from '../application/ports.js';
import { deadlineBucket } from '../domain/deadline.js';
import { DEADLINE_ON, HAS_DEADLINE, IS_FROZEN } from './deadline.sql.js';

/** Somebody still has a task of it. */
const IN_USE = `EXISTS (SELECT FROM task t WHERE t.service_code = c.service_code AND t.achievement_date = c.achievement_date)`;

@Injectable()
export class PgCalendarStore extends CalendarStore {
  constructor(private readonly database: Database) {
    super();
  }

  async record(
    tx: Tx,
    published: readonly { service: QualityService; serviceVersion: number }[],
  ): Promise<readonly CalendarEntryKey[]> {
    const newest = newestOfEach(
      published,
      (one) => one.service.serviceCode,
      (one) => one.serviceVersion,
    );
    const { rows } = await tx.query<{ service_code: string }>(
      `INSERT INTO service_calendar AS s (service_code, version)
       SELECT * FROM unnest($1::text[], $2::bigint[]) AS n(code) ORDER BY n.code
       ON CONFLICT (service_code) DO UPDATE SET version = excluded.version WHERE s.version < excluded.version
       RETURNING service_code`,
      [
        textArray(newest.map((one) => one.service.serviceCode)),
        plainArray(newest.map((one) => one.serviceVersion)),
      ],
    );
    if (rows.length === 0) return [];
    const moved = new Set(rows.map((row) => row.service_code));
    const entries = newest
      .filter((one) => moved.has(one.service.serviceCode))
      .flatMap(({ service }) =>
        service.calendar.map((entry) => ({ serviceCode: service.serviceCode, ...entry })),
      );
    const kept = await dropUnusedEntries(tx, 'calendar_entry', IN_USE, [...moved], entries);
    await tx.query(
      `INSERT INTO calendar_entry (service_code, achievement_date, opens_on, provider_deadline_on)
       SELECT DISTINCT ON (service_code, achievement_date) *
         FROM unnest($1::text[], $2::date[], $3::date[], $4::date[]) AS e(service_code, achievement_date)
       ON CONFLICT (service_code, achievement_date) DO UPDATE SET opens_on = excluded.opens_on,
         provider_deadline_on = excluded.provider_deadline_on`,
      [
        textArray(entries.map((e) => e.serviceCode)),
        plainArray(entries.map((e) => e.achievementDate)),
        plainArray(entries.map((e) => e.opensOn)),
        plainArray(entries.map((e) => e.providerDeadlineOn)),
      ],
    );
    return kept;
  }

  async recordFreezes(tx: Tx, freezes: readonly PeriodFreeze[]): Promise<void> {
    const newest = newestOfEach(
      freezes,
      (freeze) => freeze.freezeId,
      (freeze) => freeze.version,
    );
    await tx.query(
      `INSERT INTO period_freeze AS f (freeze_id, service_code, achievement_date, scope_code, version, frozen, provider_deadline_on)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::date[], $4::text[], $5::bigint[], $6::boolean[], $7::date[])
       ON CONFLICT (freeze_id) DO UPDATE SET version = excluded.version, frozen = excluded.frozen,
              provider_deadline_on = excluded.provider_deadline_on
        WHERE f.version < excluded.version`,
      [
        plainArray(newest.map((f) => f.freezeId)),
        textArray(newest.map((f) => f.serviceCode)),
        plainArray(newest.map((f) => f.achievementDate)),
        textArray(newest.map((f) => f.scopeCode)),
        plainArray(newest.map((f) => f.version)),
        plainArray(newest.map((f) => f.frozen)),
        plainArray(newest.map((f) => f.providerDeadlineOn)),
      ],
    );
  }

  async deadlinesBetween(from: LondonDate, to: LondonDate): Promise<CalendarDeadline[]> {
    const { rows } = await this.database.query<CalendarDeadline>(
      {
        name: 'deadlines-between',
        text: `SELECT service_code AS "serviceCode", achievement_date AS "achievementDate", opens_on AS "opensOn",
                      provider_deadline_on AS "providerDeadlineOn"
                 FROM calendar_entry WHERE provider_deadline_on BETWEEN $1 AND $2
               UNION
               SELECT service_code, achievement_date, c.opens_on, f.provider_deadline_on
                 FROM period_freeze f JOIN calendar_entry c USING (service_code, achievement_date)
                WHERE NOT f.frozen AND f.provider_deadline_on BETWEEN $1 AND $2`,
      },
      [from, to],
    );
    return rows;
  }

  async remind(tx: Tx, due: readonly DueReminder[], today: LondonDate, at: Date): Promise<void> {
    await tx.query(
      {
        name: 'remind-of-deadlines',
        text: `WITH due AS (
                 SELECT * FROM unnest($1::text[], $2::date[], $3::date[], $4::int[], $5::text[])
                   AS d(service_code, achievement_date, deadline_on, days_before, bucket)),
               first AS (
                 INSERT INTO deadline_step (service_code, achievement_date, deadline_on, days_before, told_on)
                 SELECT service_code, achievement_date, deadline_on, days_before, $7::date FROM due
                  ORDER BY service_code, achievement_date, deadline_on
                 ON CONFLICT DO NOTHING
                 RETURNING service_code, achievement_date, deadline_on, days_before),
               line AS (
                 SELECT digest_id(t.organisation_code, 'DEADLINE_NEAR', d.bucket) AS digest_id, t.organisation_code, d.bucket,
                        t.declaration_id::text AS subject_id, t.revision, t.service_code, t.achievement_date,
                        t.provider_code, t.pence, d.days_before
                   FROM first JOIN due d USING (service_code, achievement_date, deadline_on, days_before)
                   JOIN task t USING (service_code, achievement_date)
                   JOIN calendar_entry c USING (service_code, achievement_date)
                  WHERE ${HAS_DEADLINE} AND ${DEADLINE_ON} = d.deadline_on AND NOT ${IS_FROZEN}
                    -- A later day of the same step adds what was not told yet, such as what has opened since.
                    AND NOT EXISTS (SELECT FROM message_line l
                         WHERE l.digest_id = digest_id(t.organisation_code, 'DEADLINE_NEAR', d.bucket)
                           AND l.subject_id = t.declaration_id::text)),
               added AS (
                 INSERT INTO message_line (digest_id, subject_id, line_version, service_code, achievement_date,
                                           provider_code, pence, code)
                 SELECT digest_id, subject_id, revision, service_code, achievement_date, provider_code, pence,
                        'DAYS_BEFORE_' || days_before
                   FROM line ON CONFLICT DO NOTHING)
               INSERT INTO message_growth (digest_id, organisation_code, kind, bucket, at)
               SELECT DISTINCT digest_id, organisation_code, 'DEADLINE_NEAR', bucket, $6::timestamptz FROM line`,
      },
      [
        textArray(due.map((d) => d.serviceCode)),
        plainArray(due.map((d) => d.achievementDate)),
        plainArray(due.map((d) => d.providerDeadlineOn)),
        plainArray(due.map((d) => d.step)),
        textArray(due.map((d) => deadlineBucket(d.providerDeadlineOn, d.step))),
        at,
        today,
      ],
    );
  }
}
