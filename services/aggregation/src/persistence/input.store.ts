import { Injectable } from '@nestjs/common';
import type {
  EventOf,
  PageState,
  ParticipationsChangedV1,
  PcnMembershipState,
  QualityServicePublishedV1,
} from '@attest/contracts';
import { newestOfEach, plainArray, textArray, type Tx } from '@attest/persistence';
import {
  InputStore,
  type ListSizeKey,
  type ListSizesOf,
  type PageKey,
  type ParticipationKey,
  type RecordedServices,
} from '../application/ports.js';
import { recordServices } from './services.sql.js';

@Injectable()
export class PgInputStore extends InputStore {
  async recordPages(tx: Tx, pages: readonly PageState[]): Promise<readonly PageKey[]> {
    const rows = newestOfEach(
      pages,
      (page) => `${page.serviceCode}|${page.achievementDate}|${page.practiceCode}`,
      (page) => page.pageVersion,
    );
    const { rows: changed } = await tx.query<PageKey>(
      {
        name: 'record-pages',
        text: `
          INSERT INTO page AS known
            (service_code, achievement_date, practice_code, page_version, rule_pack_version, "values", file_id, file_name,
             file_sha256, first_line, last_line, submitted_at, amendment_id,
             nothing_stands)
          SELECT s, d, p, v, r, vals::int8[], f, n, h, fl, ll, t, a, g
          FROM unnest($1::text[], $2::date[], $3::text[], $4::int[], $5::int[], $6::text[], $7::uuid[], $8::text[],
                      $9::text[], $10::bigint[], $11::bigint[], $12::timestamptz[], $13::uuid[], $14::boolean[])
               AS said (s, d, p, v, r, vals, f, n, h, fl, ll, t, a, g)
          ORDER BY s, d, p
          ON CONFLICT (service_code, achievement_date, practice_code) DO UPDATE SET
            page_version = excluded.page_version, rule_pack_version = excluded.rule_pack_version,
            "values" = excluded."values", file_id = excluded.file_id, file_name = excluded.file_name,
            file_sha256 = excluded.file_sha256, first_line = excluded.first_line, last_line = excluded.last_line,
            submitted_at = excluded.submitted_at, amendment_id = excluded.amendment_id,
            nothing_stands = excluded.nothing_stands
          WHERE known.page_version < excluded.page_version
          RETURNING service_code AS "serviceCode", achievement_date AS "achievementDate", practice_code AS "practiceCode"`,
      },
      [
        textArray(rows.map((p) => p.serviceCode)),
        plainArray(rows.map((p) => p.achievementDate)),
        textArray(rows.map((p) => p.practiceCode)),
        plainArray(rows.map((p) => p.pageVersion)),
        plainArray(rows.map((p) => p.rulePackVersion)),
        textArray(rows.map((p) => plainArray(p.values))),
        plainArray(rows.map((p) => p.fileId)),
        textArray(rows.map((p) => p.fileName)),
        textArray(rows.map((p) => p.fileSha256)),
        plainArray(rows.map((p) => p.firstLine)),
        plainArray(rows.map((p) => p.lastLine)),
        textArray(rows.map((p) => p.submittedAt)),
        textArray(rows.map((p) => p.amendmentId)),
        plainArray(rows.map((p) => p.nothingStands === true)),
      ],
    );
    return changed;
  }

  async recordMemberships(
    tx: Tx,
    states: readonly PcnMembershipState[],
  ): Promise<readonly PcnMembershipState[]> {
    const { rows } = await tx.query<{ pcnCode: string; version: bigint }>(
      {
        name: 'known-memberships',
        text: `SELECT pcn_code AS "pcnCode", membership_version AS version FROM pcn_membership
               WHERE pcn_code = ANY ($1) FOR UPDATE`,
      },
      [states.map((state) => state.pcnCode)],
    );
    const known = new Map(rows.map((row) => [row.pcnCode, Number(row.version)]));
    const news: PcnMembershipState[] = [];
    const newest = new Map<string, PcnMembershipState>();
    for (const state of states) {
      if (state.membershipVersion <= (known.get(state.pcnCode) ?? -1)) continue;
      known.set(state.pcnCode, state.membershipVersion);
      news.push(state);
      newest.set(state.pcnCode, state);
    }
    if (news.length === 0) return news;
    const now = [...newest.values()];
    const spells = now.flatMap((state) =>
      state.members.map((spell) => ({ pcnCode: state.pcnCode, ...spell })),
    );
    const ever = [
      ...spells,
      ...news.flatMap((state) =>
        state.changedPractices.map((practiceCode) => ({ pcnCode: state.pcnCode, practiceCode })),
      ),
    ];
    await tx.query(
      {
        name: 'record-membership-versions',
        text: `INSERT INTO pcn_membership (pcn_code, membership_version)
               SELECT * FROM unnest($1::text[], $2::bigint[])
               ON CONFLICT (pcn_code) DO UPDATE SET membership_version = excluded.membership_version`,
      },
      [textArray(now.map((state) => state.pcnCode)), plainArray(now.map((state) => state.membershipVersion))],
    );
    await tx.query(
      { name: 'forget-spells', text: 'DELETE FROM membership_spell WHERE pcn_code = ANY ($1)' },
      [now.map((state) => state.pcnCode)],
    );
    await tx.query(
      {
        name: 'record-spells',
        text: `INSERT INTO membership_spell (pcn_code, practice_code, from_on, to_on)
               SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::date[])
               ON CONFLICT (pcn_code, practice_code, from_on) DO UPDATE SET to_on = excluded.to_on`,
      },
      [
        textArray(spells.map((spell) => spell.pcnCode)),
        textArray(spells.map((spell) => spell.practiceCode)),
        plainArray(spells.map((spell) => spell.from)),
        plainArray(spells.map((spell) => spell.to)),
      ],
    );
    await tx.query(
      {
        name: 'record-practices-of-pcns',
        text: `INSERT INTO practice_pcn (practice_code, pcn_code) SELECT * FROM unnest($1::text[], $2::text[])
               ON CONFLICT DO NOTHING`,
      },
      [textArray(ever.map((member) => member.practiceCode)), textArray(ever.map((member) => member.pcnCode))],
    );
    return news;
  }

  async recordListSizes(tx: Tx, organisations: readonly ListSizesOf[]): Promise<readonly ListSizeKey[]> {
    const newest = new Map<string, { code: string; on: string; patients: number; version: number }>();
    for (const { code, organisationVersion, listSizes } of organisations) {
      for (const { listSizeOn, registeredPatients } of listSizes) {
        const known = newest.get(`${code}|${listSizeOn}`);
        // The version that first said this size: a later one that only repeats it is no news.
        if (known && (known.version > organisationVersion || known.patients === registeredPatients)) continue;
        newest.set(`${code}|${listSizeOn}`, {
          code,
          on: listSizeOn,
          patients: registeredPatients,
          version: organisationVersion,
        });
      }
    }
    const sizes = [...newest.values()];
    if (sizes.length === 0) return [];
    const { rows } = await tx.query<ListSizeKey>(
      {
        name: 'record-list-sizes',
        text: `
          INSERT INTO list_size AS known (organisation_code, list_size_on, registered_patients, organisation_version)
          SELECT * FROM unnest($1::text[], $2::date[], $3::bigint[], $4::bigint[]) AS said ORDER BY 1, 2
          ON CONFLICT (organisation_code, list_size_on) DO UPDATE SET
            registered_patients = excluded.registered_patients, organisation_version = excluded.organisation_version
          WHERE known.organisation_version < excluded.organisation_version
            AND known.registered_patients <> excluded.registered_patients
          RETURNING organisation_code AS "organisationCode", list_size_on AS "listSizeOn"`,
      },
      [
        textArray(sizes.map((size) => size.code)),
        plainArray(sizes.map((size) => size.on)),
        plainArray(sizes.map((size) => size.patients)),
        plainArray(sizes.map((size) => size.version)),
      ],
    );
    return rows;
  }

  recordServices(
    tx: Tx,
    published: readonly EventOf<typeof QualityServicePublishedV1>[],
  ): Promise<RecordedServices> {
    return recordServices(tx, published);
  }

  async recordParticipations(
    tx: Tx,
    changed: readonly EventOf<typeof ParticipationsChangedV1>[],
  ): Promise<readonly ParticipationKey[]> {
    const rows = changed.flatMap(({ serviceCode, changes }) =>
      changes.map((change) => ({ serviceCode, ...change })),
    );
    if (rows.length === 0) return [];
    const { rows: news } = await tx.query<ParticipationKey>(
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
          WHERE known.participation_version < excluded.participation_version
          RETURNING service_code AS "serviceCode", provider_code AS "providerCode"`,
      },
      [JSON.stringify(rows)],
    );
    return news;
  }
}
