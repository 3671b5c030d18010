import { plainArray, type Tx } from '@attest/persistence';
import { SeenBeforeStore } from '../../application/bulk/declaration-bulk.js';

export class PgSeenBeforeStore extends SeenBeforeStore {
  async of(tx: Tx, bulkId: string, declarationIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { rows } = await tx.query<{ declaration_id: string; revision: bigint }>(
      `SELECT DISTINCT declaration_id, i.revision
       FROM bulk_declaration_item i JOIN declaration d USING (declaration_id)
       WHERE i.bulk_id = $1 AND declaration_id = ANY($2::uuid[]) AND i.declared_revision = d.revision`,
      [bulkId, plainArray(declarationIds)],
    );
    return new Map(rows.map((row) => [row.declaration_id, Number(row.revision)]));
  }
}
