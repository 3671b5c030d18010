import { isInScope } from '@attest/auth';
import type { LondonDate } from '@attest/calendar';
import { ENGLAND, type Role } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { KeptFile, Published } from '../application/ports.js';
import {
  Queries,
  type AssignmentView,
  type MemberView,
  type OrganisationFilter,
  type PlacedEffect,
  type Slice,
  type SpellView,
} from '../application/queries.js';
import type { FileStatus } from '../domain/files/file-status.js';
import type { RejectedRow } from '../domain/files/rejected-row.js';
import type { PayeeChange, PayeeChangeStatus } from '../domain/payees/payee-change.js';
import { FILES, fileOf, type FileRow } from './file.store.js';
import { ORGANISATION_COLUMNS, publishedOf, type OrganisationRow } from './organisation.store.js';
import { PAYEE_CHANGE_COLUMNS } from './payee.store.js';
import { ASSIGNMENT_COLUMNS } from './role.store.js';

@Injectable()
export class PgQueries extends Queries {
  constructor(private readonly database: Database) {
    super();
  }

  override async organisations(
    scope: readonly string[],
    { kind, commissionerCode, name, openOn }: OrganisationFilter,
    { after, limit }: Slice<[string]>,
  ): Promise<Published[]> {
    const { rows } = await this.database.query<OrganisationRow>(
      `SELECT ${ORGANISATION_COLUMNS} FROM organisation o
       WHERE ${isInScope('$1')} AND ($2::text IS NULL OR o.kind = $2) AND ($3::text IS NULL OR o.commissioner_code = $3)
         AND ($4::text IS NULL OR o.name ILIKE '%' || $4 || '%')
         AND ($5::date IS NULL OR (coalesce(o.open_on <= $5, true) AND coalesce(o.close_on > $5, true)))
         AND o.code > $6
       ORDER BY o.code LIMIT $7`,
      [
        scope,
        kind ?? null,
        commissionerCode ?? null,
        likeText(name),
        openOn ?? null,
        after?.[0] ?? '',
        limit,
      ],
    );
    return rows.map(publishedOf);
  }

  override async isInside(scope: readonly string[], code: string): Promise<boolean> {
    if (scope.includes(ENGLAND)) return true;
    const { rows } = await this.database.query<{ inside: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM organisation o WHERE o.code = $2 AND ${isInScope('$1')}) AS inside`,
      [scope, code],
    );
    return rows[0]!.inside;
  }

  override async organisation(code: string): Promise<Published | null> {
    const { rows } = await this.database.query<OrganisationRow>(
      `SELECT ${ORGANISATION_COLUMNS} FROM organisation o WHERE o.code = $1`,
      [code],
    );
    return rows[0] ? publishedOf(rows[0]) : null;
  }

  override async members(
    pcnCode: string,
    asAt: LondonDate,
    { after, limit }: Slice<[string]>,
  ): Promise<MemberView[]> {
    const { rows } = await this.database.query<MemberView>(
      `SELECT s.practice_code AS "practiceCode", o.name, o.commissioner_code AS "commissionerCode",
              s.from_on AS "from", s.to_on AS "to", l."registeredPatients", l."listSizeOn"
       FROM membership_spell s
       JOIN organisation o ON o.code = s.practice_code
       LEFT JOIN LATERAL (
         SELECT (size->>'registeredPatients')::int AS "registeredPatients", (size->>'listSizeOn')::date AS "listSizeOn"
         FROM jsonb_array_elements(o.list_sizes) AS size
         WHERE (size->>'listSizeOn')::date <= $2::date
         ORDER BY 2 DESC LIMIT 1) l ON true
       WHERE s.pcn_code = $1 AND s.from_on <= $2::date AND (s.to_on IS NULL OR s.to_on > $2::date)
         AND s.practice_code > $3
       ORDER BY s.practice_code LIMIT $4`,
      [pcnCode, asAt, after?.[0] ?? '', limit],
    );
    return rows;
  }

  override async membershipVersion(pcnCode: string): Promise<bigint> {
    const { rows } = await this.database.query<{ version: bigint }>(
      `SELECT version FROM pcn_membership WHERE pcn_code = $1`,
      [pcnCode],
    );
    return rows[0]?.version ?? 0n;
  }

  override async memberships(practiceCode: string): Promise<SpellView[]> {
    const { rows } = await this.database.query<SpellView>(
      `SELECT s.pcn_code AS "pcnCode", o.name, s.from_on AS "from", s.to_on AS "to"
       FROM membership_spell s JOIN organisation o ON o.code = s.pcn_code
       WHERE s.practice_code = $1 ORDER BY s.from_on`,
      [practiceCode],
    );
    return rows;
  }

  override async files(
    { status }: { status?: FileStatus | undefined },
    { after, limit }: Slice<[string]>,
  ): Promise<KeptFile[]> {
    // Ids ascend in time, so the newest come first.
    const { rows } = await this.database.query<FileRow>(
      `SELECT * FROM ${FILES} WHERE ($1::uuid IS NULL OR f."fileId" < $1) AND ($2::text IS NULL OR f.status = $2)
       ORDER BY f."fileId" DESC LIMIT $3`,
      [after?.[0] ?? null, status ?? null, limit],
    );
    return rows.map(fileOf);
  }

  override async file(fileId: string): Promise<KeptFile | null> {
    const { rows } = await this.database.query<FileRow>(`SELECT * FROM ${FILES} WHERE f."fileId" = $1`, [
      fileId,
    ]);
    return rows[0] ? fileOf(rows[0]) : null;
  }

  override async effects(fileId: string, { after, limit }: Slice<[string]>): Promise<PlacedEffect[]> {
    const { rows } = await this.database.query<PlacedEffect>(
      `SELECT place, code, name, kind, before, after FROM file_effect
       WHERE file_id = $1 AND place > $2 ORDER BY place LIMIT $3`,
      [fileId, after?.[0] ?? -1, limit],
    );
    return rows;
  }

  override async rejectedRows(fileId: string, { after, limit }: Slice<[string]>): Promise<RejectedRow[]> {
    const { rows } = await this.database.query<RejectedRow>(
      `SELECT line, code, reason, original FROM rejected_row WHERE file_id = $1 AND line > $2 ORDER BY line LIMIT $3`,
      [fileId, after?.[0] ?? 0, limit],
    );
    return rows;
  }

  override async payeeChanges(
    scope: readonly string[],
    { providerCode, status }: { providerCode?: string | undefined; status?: PayeeChangeStatus | undefined },
    { after, limit }: Slice<[string]>,
  ): Promise<PayeeChange[]> {
    // Ids ascend in time, so the newest come first.
    const { rows } = await this.database.query<PayeeChange>(
      `SELECT ${PAYEE_CHANGE_COLUMNS} FROM payee_change p JOIN organisation o ON o.code = p.provider_code
       WHERE ${isInScope('$1')} AND ($2::text IS NULL OR p.provider_code = $2) AND ($3::text IS NULL OR p.status = $3)
         AND ($4::uuid IS NULL OR p.change_id < $4)
       ORDER BY p.change_id DESC LIMIT $5`,
      [scope, providerCode ?? null, status ?? null, after?.[0] ?? null, limit],
    );
    return rows;
  }

  override async assignments(
    scope: readonly string[],
    filter: { organisationCode?: string | undefined; personId?: string | undefined; role?: Role | undefined },
    { after, limit }: Slice<[string, string, string]>,
  ): Promise<AssignmentView[]> {
    const { rows } = await this.database.query<AssignmentView>(
      `SELECT ${ASSIGNMENT_COLUMNS}, p.name AS "personName", a.recorded_at AS "recordedAt"
       FROM role_assignment a JOIN organisation o ON o.code = a.organisation_code
       LEFT JOIN person p ON p.person_id = a.person_id
       WHERE ${isInScope('$1')} AND ($2::text IS NULL OR a.organisation_code = $2)
         AND ($3::text IS NULL OR a.person_id = $3) AND ($4::text IS NULL OR a.role = $4)
         AND (a.organisation_code, a.person_id, a.role) > ($5, $6, $7)
       ORDER BY a.organisation_code, a.person_id, a.role LIMIT $8`,
      [
        scope,
        filter.organisationCode ?? null,
        filter.personId ?? null,
        filter.role ?? null,
        ...(after ?? ['', '', '']),
        limit,
      ],
    );
    return rows;
  }
}

/** A part of a name, its wildcards taken literally. */
const likeText = (text: string | undefined): string | null => text?.replace(/[\\%_]/g, '\\$&') ?? null;
