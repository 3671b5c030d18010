import { isInScope } from '@attest/auth';
import type { LondonDate, Period } from '@attest/calendar';
import { blockedKeys } from '@attest/messaging';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  participationKey,
  ParticipationStore,
  type Author,
  type ParticipationChange,
  type ParticipationKey,
} from '../application/ports.js';
import type { Candidate } from '../domain/participation/offer.js';
import type { Participation } from '../domain/participation/participation.js';

export const PARTICIPATION_COLUMNS = `p.service_code AS "serviceCode", p.provider_code AS "providerCode", p.status,
  p.from_on AS "from", p.to_on AS "to", p.respond_by AS "respondBy", p.version`;

interface CandidateRow {
  readonly providerCode: string;
  readonly kind: string | null;
  readonly openOn: LondonDate | null;
  readonly closeOn: LondonDate | null;
  readonly isInScope: boolean | null;
}

@Injectable()
export class PgParticipationStore extends ParticipationStore {
  override async lockOffers(tx: Tx, serviceCode: string): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 3))`, [serviceCode]);
  }

  override async beyondClosing(
    tx: Tx,
    providerCodes: readonly string[],
  ): Promise<(ParticipationKey & { closeOn: LondonDate })[]> {
    if (providerCodes.length === 0) return [];
    const { rows } = await tx.query<ParticipationKey & { closeOn: LondonDate }>(
      {
        name: 'participations-beyond-closing',
        text: `SELECT p.service_code AS "serviceCode", p.provider_code AS "providerCode", o.close_on AS "closeOn"
               FROM directory_organisation o JOIN participation p ON p.provider_code = o.code
               WHERE o.code = ANY ($1) AND o.close_on IS NOT NULL AND p.status IN ('offered', 'accepted', 'ended')
                 AND (p.to_on IS NULL OR p.to_on > o.close_on)
               ORDER BY p.service_code, p.provider_code`,
      },
      [textArray(providerCodes)],
    );
    return rows;
  }

  override async lock(tx: Tx, keys: readonly ParticipationKey[]): Promise<Map<string, Participation>> {
    const { rows } = await tx.query<Participation>(
      {
        name: 'participation-lock',
        text: `SELECT ${PARTICIPATION_COLUMNS} FROM participation p
               JOIN unnest($1::text[], $2::text[]) AS wanted (service_code, provider_code) USING (service_code, provider_code)
               ORDER BY p.service_code, p.provider_code FOR UPDATE OF p`,
      },
      [textArray(keys.map((k) => k.serviceCode)), textArray(keys.map((k) => k.providerCode))],
    );
    return new Map(rows.map((row) => [participationKey(row), row]));
  }

  override async save(tx: Tx, changes: readonly ParticipationChange[], author: Author): Promise<void> {
    if (changes.length === 0) return;
    const participations = changes.map((change) => change.participation);
    await tx.query(
      {
        name: 'participation-save',
        text: `
          WITH changed AS (
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[], $6::date[], $7::bigint[], $8::text[])
              AS c (service_code, provider_code, status, from_on, to_on, respond_by, version, reason)),
          saved AS (
            INSERT INTO participation (service_code, provider_code, status, from_on, to_on, respond_by, version)
            SELECT service_code, provider_code, status, from_on, to_on, respond_by, version FROM changed
            ON CONFLICT (service_code, provider_code) DO UPDATE SET
              status = excluded.status, from_on = excluded.from_on, to_on = excluded.to_on,
              respond_by = excluded.respond_by, version = excluded.version)
          INSERT INTO participation_change (service_code, provider_code, version, status, from_on, to_on, reason, changed_at, changed_by)
          SELECT service_code, provider_code, version, status, from_on, to_on, reason, $9, $10 FROM changed`,
      },
      [
        textArray(participations.map((p) => p.serviceCode)),
        textArray(participations.map((p) => p.providerCode)),
        textArray(participations.map((p) => p.status)),
        plainArray(participations.map((p) => p.from)),
        plainArray(participations.map((p) => p.to)),
        plainArray(participations.map((p) => p.respondBy)),
        plainArray(participations.map((p) => p.version)),
        textArray(changes.map((change) => change.reason)),
        author.at,
        author.personId,
      ],
    );
  }

  override async takeVersions(tx: Tx, counts: ReadonlyMap<string, number>): Promise<Map<string, bigint>> {
    const codes = [...counts.keys()].sort();
    const { rows } = await tx.query<{ service_code: string; version: bigint }>(
      {
        name: 'participations-take-versions',
        text: `
          WITH locked AS (
            SELECT service_code FROM participations_version WHERE service_code = ANY($1) ORDER BY service_code FOR UPDATE)
          UPDATE participations_version v SET version = greatest(v.version, (SELECT version_floor())) + taken.count
          FROM locked JOIN unnest($1::text[], $2::bigint[]) AS taken (service_code, count) USING (service_code)
          WHERE v.service_code = locked.service_code
          RETURNING v.service_code, v.version`,
      },
      [textArray(codes), plainArray(codes.map((code) => counts.get(code)!))],
    );
    return new Map(
      rows.map((row) => [row.service_code, row.version - BigInt(counts.get(row.service_code)! - 1)]),
    );
  }

  override async providersOfKind(
    tx: Tx,
    kind: string,
    scope: readonly string[],
    { from, to }: Period,
  ): Promise<string[]> {
    const { rows } = await tx.query<{ code: string }>(
      `SELECT o.code FROM directory_organisation o
       WHERE o.kind = $1 AND ${isInScope('$2')}
         AND (o.open_on IS NULL OR $4::date IS NULL OR o.open_on < $4::date)
         AND (o.close_on IS NULL OR o.close_on > $3::date)
       ORDER BY o.code`,
      [kind, scope, from, to],
    );
    return rows.map((row) => row.code);
  }

  override async candidates(
    tx: Tx,
    serviceCode: string,
    providerCodes: readonly string[],
    scope: readonly string[],
  ): Promise<Candidate[]> {
    const { rows } = await tx.query<CandidateRow>(
      `SELECT asked.code AS "providerCode", o.kind, o.open_on AS "openOn", o.close_on AS "closeOn", ${isInScope('$2')} AS "isInScope"
       FROM unnest($1::text[]) AS asked (code) LEFT JOIN directory_organisation o ON o.code = asked.code
       ORDER BY asked.code`,
      [textArray(providerCodes), scope],
    );
    const parked = await blockedKeys(tx, 'organisations', providerCodes);
    const known = await this.lock(
      tx,
      providerCodes.map((providerCode) => ({ serviceCode, providerCode })),
    );
    return rows.map(({ providerCode, kind, openOn, closeOn, isInScope }) => ({
      providerCode,
      organisation: kind === null ? null : { kind, openOn, closeOn },
      isInScope: isInScope === true,
      isParked: parked.has(providerCode),
      participation: known.get(participationKey({ serviceCode, providerCode })) ?? null,
    }));
  }
}
