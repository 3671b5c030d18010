import type { LondonDate } from '@attest/calendar';
import type { Database, Tx } from '@attest/persistence';

/** An organisation as this service knows it. Dates `[openOn, closeOn)`. */
export interface DirectoryOrganisation {
  readonly code: string;
  readonly kind: 'practice' | 'pcn' | 'commissioner' | 'region' | 'national' | 'agency';
  readonly name: string;
  readonly commissionerCode: string | null;
  /** All above it, nearest first. */
  readonly ancestors: readonly string[];
  readonly openOn: LondonDate | null;
  readonly closeOn: LondonDate | null;
  readonly version: bigint;
}

/** Who exists, from this service's own tables. Join `directory_organisation` in SQL where that is simpler. */
export class Directory {
  /** Those that are known, by code; one statement, however many. */
  async organisations(
    where: Pick<Tx, 'query'> | Pick<Database, 'query'>,
    codes: readonly string[],
  ): Promise<Map<string, DirectoryOrganisation>> {
    if (codes.length === 0) return new Map();
    const { rows } = await where.query<DirectoryOrganisation>(
      {
        name: 'directory-organisations',
        text: `
          SELECT code, kind, name, commissioner_code AS "commissionerCode", ancestors,
                 open_on AS "openOn", close_on AS "closeOn", version
          FROM directory_organisation WHERE code = ANY($1)`,
      },
      [codes],
    );
    return new Map(rows.map((row) => [row.code, row]));
  }
}
