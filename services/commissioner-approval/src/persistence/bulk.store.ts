import { Injectable } from '@nestjs/common';
import type { ApprovalStage } from '@attest/contracts';
import { Database, type Tx } from '@attest/persistence';
import {
  BulkStore,
  type BulkApproval,
  type BulkRequestItem,
  type ItemAnswer,
  type QueuedItem,
} from '../application/ports.js';

@Injectable()
export class PgBulkStore extends BulkStore {
  constructor(private readonly database: Database) {
    super();
  }

  async record(tx: Tx, bulk: BulkApproval, at: Date, items: readonly BulkRequestItem[]): Promise<void> {
    await tx.query(
      'INSERT INTO bulk_approval (bulk_id, stage, person_id, requested_at, items) VALUES ($1, $2, $3, $4, $5)',
      [bulk.bulkId, bulk.stage, bulk.personId, at, items.length],
    );
    await tx.query(
      `INSERT INTO bulk_approval_item (bulk_id, ordinal, declaration_id, declaration_version)
       SELECT $1, i.ordinal, i.declaration_id, i.declaration_version
         FROM unnest($2::uuid[], $3::bigint[]) WITH ORDINALITY AS i(declaration_id, declaration_version, ordinal)`,
      [bulk.bulkId, items.map((item) => item.declarationId), items.map((item) => item.declarationVersion)],
    );
  }

  async takeQueued(tx: Tx, bulkId: string, limit: number): Promise<QueuedItem[]> {
    const { rows } = await tx.query<{ ordinal: number; declaration_id: string; declaration_version: bigint }>(
      {
        name: 'take-queued',
        text: `SELECT ordinal, declaration_id, declaration_version FROM bulk_approval_item
                WHERE bulk_id = $1 AND state = 'queued' ORDER BY declaration_id LIMIT $2 FOR UPDATE SKIP LOCKED`,
      },
      [bulkId, limit],
    );
    return rows.map((row) => ({
      ordinal: row.ordinal,
      declarationId: row.declaration_id,
      declarationVersion: row.declaration_version,
    }));
  }

  async answer(tx: Tx, bulkId: string, answers: readonly ItemAnswer[]): Promise<void> {
    await tx.query(
      {
        name: 'answer-items',
        text: `UPDATE bulk_approval_item i
                  SET state = a.state, approval_id = a.approval_id, code = a.code, words = a.words
                 FROM unnest($2::int[], $3::text[], $4::uuid[], $5::text[], $6::text[])
                      AS a(ordinal, state, approval_id, code, words)
                WHERE i.bulk_id = $1 AND i.ordinal = a.ordinal`,
      },
      [
        bulkId,
        answers.map((a) => a.ordinal),
        answers.map((a) => a.state),
        answers.map((a) => a.approvalId),
        answers.map((a) => a.code),
        answers.map((a) => a.words),
      ],
    );
  }

  async finish(tx: Tx, bulkId: string, at: Date): Promise<void> {
    // Another runner may still hold items: the last one out finishes it.
    await tx.query(
      `UPDATE bulk_approval b SET signed_at = $2 WHERE bulk_id = $1 AND signed_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM bulk_approval_item i WHERE i.bulk_id = b.bulk_id AND i.state = 'queued')`,
      [bulkId, at],
    );
  }

  async unfinished(olderThan: Date): Promise<BulkApproval[]> {
    const { rows } = await this.database.query<{ bulk_id: string; stage: ApprovalStage; person_id: string }>(
      'SELECT bulk_id, stage, person_id FROM bulk_approval WHERE signed_at IS NULL AND requested_at < $1 ORDER BY requested_at LIMIT 20',
      [olderThan],
    );
    return rows.map((row) => ({ bulkId: row.bulk_id, stage: row.stage, personId: row.person_id }));
  }
}
