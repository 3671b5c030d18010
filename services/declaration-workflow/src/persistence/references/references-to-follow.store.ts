import { Database, plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  ReferencesToFollow,
  type ChangedReference,
  type ReferenceKind,
} from '../../application/references/reference.ports.js';
import { policySql } from '../signing/policy.store.js';

/** Whether a declaration `d` stands elsewhere than its organisation `o` and its calendar entry `c` say. */
export const MISADDRESSED = `(d.commissioner_code <> coalesce(o.commissioner_code, 'ENGLAND')
  OR (d.kind = 'achievement' AND coalesce(d.own_period, d.payment_period) <> c.payment_period))`;

@Injectable()
export class PgReferencesToFollow extends ReferencesToFollow {
  constructor(private readonly database: Database) {
    super();
  }

  async add(tx: Tx, kind: ReferenceKind, codes: readonly string[]): Promise<void> {
    await tx.query(
      {
        name: 'add-references-to-follow',
        text: `INSERT INTO reference_to_follow AS r (kind, code) SELECT $1, code FROM unnest($2::text[]) AS u(code)
               -- In one order, as below: two of them never wait for each other.
               ORDER BY code
               ON CONFLICT (kind, code) DO UPDATE SET change = r.change + 1`,
      },
      [kind, textArray(codes)],
    );
  }

  async addMisaddressed(tx: Tx, declarationIds: readonly string[]): Promise<void> {
    if (declarationIds.length === 0) return;
    await tx.query(
      {
        name: 'add-misaddressed',
        text: `INSERT INTO reference_to_follow AS r (kind, code)
               SELECT DISTINCT 'organisation', d.organisation_code
               FROM declaration d
               JOIN directory_organisation o ON o.code = d.organisation_code
               JOIN calendar_entry c ON c.service_code = d.service_code AND c.achievement_date = d.achievement_date
               WHERE d.declaration_id = ANY($1::uuid[]) AND ${MISADDRESSED}
               ORDER BY 2
               ON CONFLICT (kind, code) DO UPDATE SET change = r.change + 1`,
      },
      [plainArray(declarationIds)],
    );
    await tx.query(
      {
        name: 'add-outdated',
        text: `UPDATE service_policy p SET told = false
               WHERE p.told AND p.service_code IN (
                 SELECT d.service_code FROM declaration d
                 WHERE d.declaration_id = ANY($1::uuid[])
                   AND d.policy IS DISTINCT FROM ${policySql('d.service_code', 'd.achievement_date')})`,
      },
      [plainArray(declarationIds)],
    );
  }

  async next(kind: ReferenceKind, limit: number): Promise<ChangedReference[]> {
    const { rows } = await this.database.query<ChangedReference>(
      {
        name: 'next-references-to-follow',
        text: 'SELECT code, change FROM reference_to_follow WHERE kind = $1 ORDER BY code LIMIT $2',
      },
      [kind, limit],
    );
    return rows;
  }

  async followed(tx: Tx, kind: ReferenceKind, changed: readonly ChangedReference[]): Promise<void> {
    await tx.query(
      {
        name: 'references-followed',
        text: `DELETE FROM reference_to_follow r USING unnest($2::text[], $3::bigint[]) AS u(code, change)
               WHERE r.kind = $1 AND r.code = u.code AND r.change = u.change`,
      },
      [kind, textArray(changed.map((one) => one.code)), plainArray(changed.map((one) => one.change))],
    );
  }
}
