import { Database, plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { ReferencesToFollow, type ChangedReference, type ReferenceKind } from '../application/ports.js';

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
               ON CONFLICT (kind, code) DO UPDATE SET change = r.change + 1`,
      },
      [kind, textArray(codes)],
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
