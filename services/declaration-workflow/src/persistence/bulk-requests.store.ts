import { Database, plainArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  BulkRequests,
  type AskedItem,
  type BulkAsked,
  type NewBulkDeclaration,
} from '../application/bulk.ports.js';

@Injectable()
export class PgBulkRequests extends BulkRequests {
  constructor(private readonly database: Database) {
    super();
  }

  async record(tx: Tx, bulk: NewBulkDeclaration, items: readonly AskedItem[]): Promise<boolean> {
    if (!(await this.add(tx, bulk, '$10::int', items.length))) return false;
    await tx.query(
      `INSERT INTO bulk_declaration_item (bulk_id, ordinal, declaration_id, hold_id, revision, state, code)
       SELECT $1, u.ordinal, u.declaration_id, u.hold_id, u.revision,
              CASE WHEN u.nth = 1 THEN 'queued' ELSE 'refused' END, CASE WHEN u.nth > 1 THEN 'ITEM_REPEATED' END
       FROM (SELECT g.*, row_number() OVER (PARTITION BY declaration_id, hold_id ORDER BY ordinal) AS nth
             FROM unnest($2::uuid[], $3::uuid[], $4::bigint[])
                  WITH ORDINALITY AS g(declaration_id, hold_id, revision, ordinal)) u`,
      [bulk.bulkId, ...columnsOf(items)],
    );
    return true;
  }

  async recordPreviewed(tx: Tx, bulk: NewBulkDeclaration): Promise<boolean> {
    const { bulkId, previewId } = bulk;
    const counted = '(SELECT items FROM bulk_preview WHERE preview_id = $10::uuid)';
    if (!(await this.add(tx, bulk, counted, previewId))) return false;
    await tx.query(
      `INSERT INTO bulk_declaration_item (bulk_id, ordinal, declaration_id, hold_id, revision)
       SELECT $1, u.ordinal, u.declaration_id, u.hold_id, u.revision
       FROM bulk_preview p,
            unnest(p.declaration_ids, p.hold_ids, p.revisions)
              WITH ORDINALITY AS u(declaration_id, hold_id, revision, ordinal)
       WHERE p.preview_id = $2`,
      [bulkId, previewId],
    );
    return true;
  }

  async ofKey(
    { personId, requestKey, action, lateReason, onBehalfReason, reason, previewId }: BulkAsked,
    items: readonly AskedItem[],
  ): Promise<{ readonly bulkId: string; readonly same: boolean } | undefined> {
    const { rows } = await this.database.query<{ bulkId: string; same: boolean }>(
      `SELECT b.bulk_id AS "bulkId",
              (b.action, b.late_reason, b.on_behalf_reason, b.reason, b.preview_id)
                IS NOT DISTINCT FROM ($3::text, $4::text, $5::text, $6::text, $7::uuid)
              -- What a preview was bound to stays as it was.
              AND (b.preview_id IS NOT NULL OR NOT EXISTS (
                SELECT FROM (SELECT * FROM bulk_declaration_item WHERE bulk_id = b.bulk_id) i
                FULL JOIN unnest($8::uuid[], $9::uuid[], $10::bigint[])
                          WITH ORDINALITY AS g(declaration_id, hold_id, revision, ordinal) USING (ordinal)
                WHERE (i.declaration_id, i.hold_id, i.revision)
                      IS DISTINCT FROM (g.declaration_id, g.hold_id, g.revision))) AS same
       FROM bulk_declaration b WHERE b.person_id = $1 AND b.request_key = $2`,
      [personId, requestKey, action, lateReason, onBehalfReason, reason, previewId, ...columnsOf(items)],
    );
    return rows[0];
  }

  private async add(tx: Tx, bulk: NewBulkDeclaration, items: string, value: unknown): Promise<boolean> {
    const { rowCount } = await tx.query(
      `INSERT INTO bulk_declaration (bulk_id, person_id, request_key, action, preview_id, late_reason,
                                     on_behalf_reason, reason, requested_at, items)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, ${items})
       ON CONFLICT (person_id, request_key) DO NOTHING`,
      [
        bulk.bulkId,
        bulk.personId,
        bulk.requestKey,
        bulk.action,
        bulk.previewId,
        bulk.lateReason,
        bulk.onBehalfReason,
        bulk.reason,
        bulk.requestedAt,
        value,
      ],
    );
    return rowCount === 1;
  }
}

const columnsOf = (items: readonly AskedItem[]): [string, string, string] => [
  plainArray(items.map((item) => item.declarationId)),
  plainArray(items.map((item) => item.holdId)),
  plainArray(items.map((item) => item.revision)),
];
