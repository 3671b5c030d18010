import type { LondonDate } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { OrganisationStore, type Published, type Reading } from '../application/ports.js';
import type { Organisation } from '../domain/register/organisation.js';

export const ORGANISATION_COLUMNS = `o.code, o.kind, o.name, o.commissioner_code AS "commissionerCode", o.ancestors,
  o.open_on AS "openOn", o.close_on AS "closeOn", o.payee_code AS "payeeCode", o.payee_name AS "payeeName",
  o.account_reference AS "accountReference", o.list_sizes AS "listSizes", o.version`;

export interface OrganisationRow {
  readonly code: string;
  readonly kind: Organisation['kind'];
  readonly name: string;
  readonly commissionerCode: string | null;
  readonly ancestors: string[];
  readonly openOn: LondonDate | null;
  readonly closeOn: LondonDate | null;
  readonly payeeCode: string | null;
  readonly payeeName: string | null;
  readonly accountReference: string | null;
  readonly listSizes: Organisation['listSizes'];
  readonly version: bigint;
}

export function publishedOf(row: OrganisationRow): Published {
  const { payeeCode, payeeName, accountReference, version, ...rest } = row;
  const payee =
    payeeCode === null || payeeName === null || accountReference === null
      ? null
      : { payeeCode, payeeName, accountReference };
  return { organisation: { ...rest, payee }, version };
}

@Injectable()
export class PgOrganisationStore extends OrganisationStore {
  override async all(tx: Tx): Promise<Map<string, Published>> {
    const { rows } = await tx.query<OrganisationRow>(`SELECT ${ORGANISATION_COLUMNS} FROM organisation o`);
    return new Map(rows.map((row) => [row.code, publishedOf(row)]));
  }

  override async find(where: Reading, codes: readonly string[]): Promise<Map<string, Published>> {
    const { rows } = await where.query<OrganisationRow>(
      `SELECT ${ORGANISATION_COLUMNS} FROM organisation o WHERE o.code = ANY($1)`,
      [codes],
    );
    return new Map(rows.map((row) => [row.code, publishedOf(row)]));
  }

  override async save(tx: Tx, organisations: readonly Published[]): Promise<void> {
    if (organisations.length === 0) return;
    const rows = organisations.map(({ organisation: o, version }) => ({
      ...o,
      payeeCode: o.payee?.payeeCode ?? null,
      payeeName: o.payee?.payeeName ?? null,
      accountReference: o.payee?.accountReference ?? null,
      version: version.toString(),
    }));
    await tx.query(
      `INSERT INTO organisation (code, kind, name, commissioner_code, ancestors, open_on, close_on,
                                 payee_code, payee_name, account_reference, list_sizes, version)
       SELECT code, kind, name, "commissionerCode", ARRAY(SELECT jsonb_array_elements_text(ancestors)), "openOn",
              "closeOn", "payeeCode", "payeeName", "accountReference", "listSizes", version
       FROM jsonb_to_recordset($1::jsonb) AS o
         (code text, kind text, name text, "commissionerCode" text, ancestors jsonb, "openOn" date, "closeOn" date,
          "payeeCode" text, "payeeName" text, "accountReference" text, "listSizes" jsonb, version bigint)
       ON CONFLICT (code) DO UPDATE SET
         kind = excluded.kind, name = excluded.name, commissioner_code = excluded.commissioner_code,
         ancestors = excluded.ancestors, open_on = excluded.open_on, close_on = excluded.close_on,
         payee_code = excluded.payee_code, payee_name = excluded.payee_name,
         account_reference = excluded.account_reference, list_sizes = excluded.list_sizes, version = excluded.version`,
      [JSON.stringify(rows)],
    );
  }

  override async lock(tx: Tx, codes: readonly string[]): Promise<void> {
    await tx.query(`SELECT 1 FROM organisation WHERE code = ANY($1) ORDER BY code FOR UPDATE`, [codes]);
  }
}
