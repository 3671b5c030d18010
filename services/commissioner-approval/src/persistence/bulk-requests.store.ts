import { Injectable } from '@nestjs/common';
import { Database, plainArray, type Tx } from '@attest/persistence';
import { BulkRequests, type BulkApproval, type BulkAsked } from '../application/bulk.ports.js';
import type { SigningItem } from '../application/sign-tasks.js';
import { ITEM_REPEATED } from '../domain/bulk.js';

@Injectable()
export class PgBulkRequests extends BulkRequests {
  constructor(private readonly database: Database) {
    super();
  }

  async record(tx: Tx, bulk: BulkApproval, items: readonly SigningItem[]): Promise<boolean> {
    if (!(await this.add(tx, bulk, '$9::int', items.length))) return false;
    await tx.query(
      `INSERT INTO bulk_approval_item (bulk_id, ordinal, declaration_id, declaration_version, state, code, words)
       SELECT $1, u.ordinal, u.declaration_id, u.declaration_version,
              CASE WHEN u.nth = 1 THEN 'queued' ELSE 'refused' END,
              CASE WHEN u.nth > 1 THEN $4 END, CASE WHEN u.nth > 1 THEN $5 END
       FROM (SELECT g.*, row_number() OVER (PARTITION BY declaration_id ORDER BY ordinal) AS nth
             FROM unnest($2::uuid[], $3::bigint[])
                  WITH ORDINALITY AS g(declaration_id, declaration_version, ordinal)) u`,
      [bulk.bulkId, ...columnsOf(items), ITEM_REPEATED.code, ITEM_REPEATED.words],
    );
    return true;
  }

  async recordPreviewed(tx: Tx, bulk: BulkApproval): Promise<boolean> {
    const { bulkId, previewId } = bulk;
    if (
      !(await this.add(tx, bulk, '(SELECT items FROM bulk_preview WHERE preview_id = $9::uuid)', previewId))
    )
      return false;
    await tx.query(
      `INSERT INTO bulk_approval_item (bulk_id, ordinal, declaration_id, declaration_version)
       SELECT $1, u.ordinal, u.declaration_id, u.declaration_version
       FROM bulk_preview p,
            unnest(p.declaration_ids, p.versions) WITH ORDINALITY AS u(declaration_id, declaration_version, ordinal)
       WHERE p.preview_id = $2`,
      [bulkId, previewId],
    );
    return true;
  }

  async ofKey(
    { personId, requestKey, stage, decision, reason, previewId }: BulkAsked,
    items: readonly SigningItem[],
  ): Promise<{ bulkId: string; same: boolean } | undefined> {
    const { rows } = await this.database.query<{ bulkId: string; same: boolean }>(
      `SELECT b.bulk_id AS "bulkId",
              (b.stage, b.decision) = ($3, $4) AND b.reason IS NOT DISTINCT FROM $5
              AND b.preview_id IS NOT DISTINCT FROM $6::uuid
              -- What a preview was bound to stays as it was.
              AND (b.preview_id IS NOT NULL OR NOT EXISTS (
                SELECT FROM (SELECT * FROM bulk_approval_item WHERE bulk_id = b.bulk_id) i
                FULL JOIN unnest($7::uuid[], $8::bigint[])
                          WITH ORDINALITY AS g(declaration_id, declaration_version, ordinal) USING (ordinal)
                WHERE (i.declaration_id, i.declaration_version)
                      IS DISTINCT FROM (g.declaration_id, g.declaration_version))) AS same
       FROM bulk_approval b WHERE b.person_id = $1 AND b.request_key = $2`,
      [personId, requestKey, stage, decision, reason, previewId, ...columnsOf(items)],
    );
    return rows[0];
  }

  private async add(tx: Tx, bulk: BulkApproval, items: string, value: unknown): Promise<boolean> {
    const { bulkId, stage, personId, requestKey, decision, reason, previewId, requestedAt } = bulk;
    const { rowCount } = await tx.query(
      `INSERT INTO bulk_approval (bulk_id, stage, person_id, request_key, decision, reason, preview_id, requested_at, items)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ${items})
       ON CONFLICT (person_id, request_key) DO NOTHING`,
      [bulkId, stage, personId, requestKey, decision, reason, previewId, requestedAt, value],
    );
    return rowCount === 1;
  }
}

const columnsOf = (items: readonly SigningItem[]): [string, string] => [
  plainArray(items.map((item) => item.declarationId)),
  plainArray(items.map((item) => item.declarationVersion)),
];
