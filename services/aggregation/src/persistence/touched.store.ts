import { Injectable } from '@nestjs/common';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import {
  TouchedStore,
  type BlockingKey,
  type ListSizeKey,
  type MembershipChange,
  type PageKey,
  type ParticipationKey,
} from '../application/ports.js';
import type { Identity } from '../domain/service.js';

/** Whether a participation `x` counts at date `d`; the domain's `participates` says the same. */
const COVERS = `x.from_on <= d AND (x.status = 'accepted' AND (x.to_on IS NULL OR x.to_on > d) OR x.status = 'ended' AND x.to_on > d)`;

/** Whether achievement `t` of service `s` depends on the key `b` of a topic. */
const DEPENDS = `
  (b.topic = 'quality-services' AND b.key IN (s.service_code, '*'))
  OR (b.topic = 'submissions' AND s.needs_page AND (b.key IN (t.organisation_code, '*')
      OR s.provider_kind = 'pcn' AND EXISTS (SELECT FROM practice_pcn e WHERE e.pcn_code = t.organisation_code AND e.practice_code = b.key)))
  OR (b.topic = 'organisations' AND s.needs_list_size AND (b.key IN (t.organisation_code, '*')
      OR s.provider_kind = 'pcn' AND EXISTS (SELECT FROM practice_pcn e WHERE e.pcn_code = t.organisation_code AND e.practice_code = b.key)))
  OR (b.topic = 'pcn-memberships' AND s.needs_membership AND (b.key IN (t.organisation_code, '*')
      OR s.provider_kind = 'practice' AND EXISTS (SELECT FROM practice_pcn e WHERE e.practice_code = t.organisation_code AND e.pcn_code = b.key)))`;

@Injectable()
export class PgTouchedStore extends TouchedStore {
  async byPages(tx: Tx, pages: readonly PageKey[]): Promise<readonly Identity[]> {
    const { rows } = await tx.query<Identity>(
      {
        name: 'touched-by-pages',
        text: `
          WITH p AS (SELECT s.service_code AS "serviceCode", s.provider_kind, said.d, said.practice
                     FROM unnest($1::text[], $2::date[], $3::text[]) AS said (service, d, practice)
                     JOIN quality_service s ON s.service_code = said.service AND s.needs_page)
          SELECT "serviceCode", d AS "achievementDate", practice AS "organisationCode" FROM p WHERE provider_kind = 'practice'
          UNION ALL
          (SELECT DISTINCT "serviceCode", d, m.pcn_code FROM p
           JOIN membership_spell m ON m.practice_code = p.practice AND m.from_on <= d AND (m.to_on IS NULL OR m.to_on > d)
           WHERE provider_kind = 'pcn')`,
      },
      [
        textArray(pages.map((page) => page.serviceCode)),
        plainArray(pages.map((page) => page.achievementDate)),
        textArray(pages.map((page) => page.practiceCode)),
      ],
    );
    return rows;
  }

  async byMemberships(
    tx: Tx,
    changes: readonly MembershipChange[],
  ): Promise<readonly (Identity & { place: number })[]> {
    const concerned = changes.flatMap((change, place) => [
      { ...change, place, kind: 'pcn', org: change.pcnCode },
      ...change.changedPractices.map((org) => ({ ...change, place, kind: 'practice', org })),
    ]);
    const { rows } = await tx.query<Identity & { place: number }>(
      {
        name: 'touched-by-memberships',
        // Whoever participates where members or lists make the figure has one since then, for every date of the calendar.
        text: `
          WITH concerned AS (
            SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::date[], $5::date[]) AS c (place, kind, org, since, until))
          SELECT a.service_code AS "serviceCode", a.achievement_date AS "achievementDate",
                 a.organisation_code AS "organisationCode", c.place
          FROM concerned c
          JOIN achievement a ON a.organisation_code = c.org
            AND a.achievement_date >= c.since AND (c.until IS NULL OR a.achievement_date < c.until)
          JOIN quality_service s ON s.service_code = a.service_code AND s.needs_membership AND s.provider_kind = c.kind`,
      },
      [
        plainArray(concerned.map((c) => c.place)),
        textArray(concerned.map((c) => c.kind)),
        textArray(concerned.map((c) => c.org)),
        plainArray(concerned.map((c) => c.changedFrom)),
        plainArray(concerned.map((c) => c.changedTo)),
      ],
    );
    return rows;
  }

  async byListSizes(
    tx: Tx,
    keys: readonly ListSizeKey[],
  ): Promise<readonly (Identity & { listOf: string })[]> {
    const { rows } = await tx.query<Identity & { listOf: string }>(
      {
        name: 'touched-by-list-sizes',
        // A size counts from its date until the next one's.
        text: `
          WITH sizes AS (
            SELECT said.org, said.since,
                   (SELECT min(l.list_size_on) FROM list_size l WHERE l.organisation_code = said.org AND l.list_size_on > said.since) AS until
            FROM unnest($1::text[], $2::date[]) AS said (org, since)),
          periods AS (
            SELECT s.service_code, s.provider_kind, s.needs_page, d FROM quality_service s, unnest(s.achievement_dates) d
            WHERE s.needs_list_size
            UNION
            SELECT DISTINCT s.service_code, s.provider_kind, s.needs_page, a.achievement_date
            FROM quality_service s JOIN achievement a USING (service_code) WHERE s.needs_list_size),
          concerned AS (
            SELECT p.service_code AS "serviceCode", p.d, m.pcn_code AS org, z.org AS list_of
            FROM sizes z
            JOIN periods p ON p.provider_kind = 'pcn' AND p.d >= z.since AND (z.until IS NULL OR p.d < z.until)
            JOIN membership_spell m ON m.practice_code = z.org AND m.from_on <= p.d AND (m.to_on IS NULL OR m.to_on > p.d)
            UNION ALL
            SELECT p.service_code, p.d, z.org, z.org
            FROM sizes z
            JOIN periods p ON p.provider_kind = 'practice' AND p.d >= z.since AND (z.until IS NULL OR p.d < z.until))
          SELECT DISTINCT ON (c."serviceCode", c.d, c.org) "serviceCode", d AS "achievementDate", c.org AS "organisationCode", c.list_of AS "listOf"
          FROM concerned c
          WHERE EXISTS (SELECT FROM participation x WHERE x.service_code = c."serviceCode" AND x.provider_code = c.org AND ${COVERS})
             OR EXISTS (SELECT FROM achievement a WHERE a.service_code = c."serviceCode" AND a.achievement_date = c.d AND a.organisation_code = c.org)
          ORDER BY c."serviceCode", c.d, c.org`,
      },
      [textArray(keys.map((key) => key.organisationCode)), plainArray(keys.map((key) => key.listSizeOn))],
    );
    return rows;
  }

  async byParticipations(tx: Tx, keys: readonly ParticipationKey[]): Promise<readonly Identity[]> {
    const { rows } = await tx.query<Identity>(
      {
        name: 'touched-by-participations',
        text: `
          WITH said AS (SELECT * FROM unnest($1::text[], $2::text[]) AS k (service, org))
          SELECT a.service_code AS "serviceCode", a.achievement_date AS "achievementDate", a.organisation_code AS "organisationCode"
          FROM said JOIN achievement a ON a.organisation_code = said.org AND a.service_code = said.service
          UNION
          SELECT p.service_code, p.achievement_date, p.practice_code
          FROM said
          JOIN quality_service s ON s.service_code = said.service AND s.provider_kind = 'practice' AND s.needs_page
          JOIN page p ON p.service_code = said.service AND p.practice_code = said.org
          UNION
          SELECT s.service_code, d, said.org
          FROM said
          JOIN quality_service s ON s.service_code = said.service AND (s.provider_kind = 'pcn' OR NOT s.needs_page)
          JOIN participation x ON x.service_code = said.service AND x.provider_code = said.org
          CROSS JOIN LATERAL unnest(s.achievement_dates) d
          WHERE ${COVERS}`,
      },
      [textArray(keys.map((key) => key.serviceCode)), textArray(keys.map((key) => key.providerCode))],
    );
    return rows;
  }

  byService(tx: Tx, serviceCode: string, onlyNew: boolean): Promise<readonly Identity[]> {
    return this.possible(tx, serviceCode, null, onlyNew);
  }

  byPeriod(tx: Tx, serviceCode: string, achievementDate: string): Promise<readonly Identity[]> {
    return this.possible(tx, serviceCode, achievementDate, false);
  }

  async byParkedKey(tx: Tx, topic: string, key: string): Promise<readonly Identity[]> {
    const { rows } = await tx.query<Identity>(
      `SELECT t.service_code AS "serviceCode", t.achievement_date AS "achievementDate", t.organisation_code AS "organisationCode"
       FROM achievement t JOIN quality_service s USING (service_code), (VALUES ($1::text, $2::text)) b (topic, key)
       WHERE ${DEPENDS}`,
      [topic, key],
    );
    return rows;
  }

  async blockedAmong(tx: Tx, identities: readonly Identity[]): Promise<ReadonlyMap<number, BlockingKey>> {
    const { rows } = await tx.query<{ place: bigint; topic: string; key: string }>(
      {
        name: 'blocked-among',
        text: `
          SELECT DISTINCT ON (t.place) t.place, b.topic, b.key
          FROM unnest($1::text[], $2::date[], $3::text[]) WITH ORDINALITY AS t (service_code, achievement_date, organisation_code, place)
          JOIN quality_service s USING (service_code)
          JOIN blocked_key b ON ${DEPENDS}
          ORDER BY t.place, b.topic, b.key`,
      },
      identityArrays(identities),
    );
    return new Map(rows.map(({ place, topic, key }) => [Number(place) - 1, { topic, key }]));
  }

  async anythingParked(tx: Tx): Promise<boolean> {
    return (
      (await tx.query({ name: 'any-blocked-key', text: 'SELECT FROM blocked_key LIMIT 1' })).rowCount > 0
    );
  }

  /** Whatever has figures, has pages, or participates where no page is needed to begin. */
  private async possible(
    tx: Tx,
    serviceCode: string,
    date: string | null,
    onlyNew: boolean,
  ): Promise<readonly Identity[]> {
    const { rows } = await tx.query<Identity>(
      {
        name: 'touched-by-service',
        text: `
          WITH possible AS (
            SELECT a.achievement_date AS d, a.organisation_code AS org FROM achievement a WHERE a.service_code = $1
            UNION
            SELECT p.achievement_date, p.practice_code
            FROM page p JOIN quality_service s ON s.service_code = p.service_code
            WHERE p.service_code = $1 AND s.provider_kind = 'practice' AND s.needs_page
            UNION
            SELECT d, x.provider_code
            FROM quality_service s
            JOIN participation x ON x.service_code = s.service_code
            CROSS JOIN LATERAL unnest(s.achievement_dates) d
            WHERE s.service_code = $1 AND (s.provider_kind = 'pcn' OR NOT s.needs_page) AND ${COVERS})
          SELECT $1 AS "serviceCode", d AS "achievementDate", org AS "organisationCode" FROM possible
          WHERE ($2::date IS NULL OR d = $2::date)
            AND (NOT $3::boolean OR NOT EXISTS (SELECT FROM achievement a
              WHERE a.service_code = $1 AND a.achievement_date = possible.d AND a.organisation_code = possible.org))`,
      },
      [serviceCode, date, onlyNew],
    );
    return rows;
  }
}

/** Arrays for `unnest($1::text[], $2::date[], $3::text[])`. */
export const identityArrays = (identities: readonly Identity[]): [string, string, string] => [
  textArray(identities.map((identity) => identity.serviceCode)),
  plainArray(identities.map((identity) => identity.achievementDate)),
  textArray(identities.map((identity) => identity.organisationCode)),
];
