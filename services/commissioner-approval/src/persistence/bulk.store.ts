import { Injectable } from '@nestjs/common';
import type { ApprovalStage } from '@attest/contracts';
import { Database, plainArray, textArray, type Tx } from '@attest/persistence';
import {
  BulkStore,
  type BulkChunk,
  type BulkItem,
  type BulkProgress,
  type ItemAnswer,
} from '../application/bulk.ports.js';
import { BULK_LANES, CANCELLED, type BulkItemState } from '../domain/bulk.js';

/** The turn of a lane of a person: an advisory lock that ends with its transaction, and with whoever held it. */
const TURN = `hashtextextended($1, 7302651104 + $2::int)`;

const COUNTS = `SELECT (count(*) FILTER (WHERE i.state = 'queued'))::int AS queued,
           (count(*) FILTER (WHERE i.state = 'pending'))::int AS pending,
           (count(*) FILTER (WHERE i.state = 'applied'))::int AS applied,
           (count(*) FILTER (WHERE i.state = 'refused'))::int AS refused,
           (count(*) FILTER (WHERE i.state = 'cancelled'))::int AS cancelled
    FROM bulk_approval_item i WHERE i.bulk_id = b.bulk_id`;

/** Items are counted only while some may still change; then their counts stand on the bulk. */
const PROGRESS = `b.bulk_id AS "bulkId", b.stage, b.decision, b.preview_id AS "previewId",
  b.requested_at AS "requestedAt", b.cancelled_at AS "cancelledAt", b.signed_at AS "signedAt", b.items,
  c.queued, c.pending, coalesce(b.applied, c.applied) AS applied, coalesce(b.refused, c.refused) AS refused,
  coalesce(b.cancelled, c.cancelled) AS cancelled
  FROM bulk_approval b CROSS JOIN LATERAL (${COUNTS} AND b.answered_at IS NULL) c`;

@Injectable()
export class PgBulkStore extends BulkStore {
  constructor(private readonly database: Database) {
    super();
  }

  async tryTurn(tx: Tx, personId: string, lane: number): Promise<boolean> {
    const { rows } = await tx.query<{ ours: boolean }>(
      { name: 'bulk-try-turn', text: `SELECT pg_try_advisory_xact_lock(${TURN}) AS ours` },
      [personId, lane],
    );
    return rows[0]!.ours;
  }

  async awaitTurns(tx: Tx, personId: string): Promise<void> {
    for (let lane = 0; lane < BULK_LANES; lane++)
      await tx.query(`SELECT pg_advisory_xact_lock(${TURN})`, [personId, lane]);
  }

  async anyQueued(tx: Tx, bulkId: string): Promise<boolean> {
    const { rows } = await tx.query<{ any: boolean }>(
      `SELECT EXISTS (SELECT FROM bulk_approval_item WHERE bulk_id = $1 AND state = 'queued') AS any`,
      [bulkId],
    );
    return rows[0]!.any;
  }

  async nextChunk(tx: Tx, personId: string, lane: number, limit: number): Promise<BulkChunk | undefined> {
    const { rows } = await tx.query<ChunkRow>(
      {
        name: 'bulk-next-chunk',
        text: `SELECT b.bulk_id, b.stage, b.decision, b.reason, i.ordinal, i.declaration_id, i.declaration_version
               FROM (SELECT * FROM bulk_approval WHERE person_id = $1 AND signed_at IS NULL
                     ORDER BY place LIMIT 1) b
               LEFT JOIN LATERAL (
                 SELECT ordinal, declaration_id, declaration_version FROM bulk_approval_item
                 WHERE bulk_id = b.bulk_id AND state = 'queued' AND ordinal % $3::int = $4
                 ORDER BY declaration_id LIMIT $2) i ON true
               ORDER BY i.declaration_id`,
      },
      [personId, limit, BULK_LANES, lane],
    );
    const first = rows[0];
    if (!first) return undefined;
    const { bulk_id: bulkId, stage, decision, reason } = first;
    return {
      bulkId,
      signing: { personId, stage, decision, reason },
      items: rows.flatMap(({ ordinal, declaration_id, declaration_version }) =>
        ordinal === null
          ? []
          : [{ ordinal, declarationId: declaration_id!, declarationVersion: declaration_version! }],
      ),
    };
  }

  async answer(tx: Tx, bulkId: string, answers: readonly ItemAnswer[]): Promise<void> {
    await tx.query(
      {
        name: 'answer-items',
        text: `UPDATE bulk_approval_item i
               SET state = a.state, approval_id = a.approval_id, code = a.code, words = a.words
               FROM unnest($2::int[], $3::text[], $4::uuid[], $5::text[], $6::text[])
                    AS a(ordinal, state, approval_id, code, words)
               WHERE i.bulk_id = $1 AND i.ordinal = a.ordinal AND i.state = 'queued'`,
      },
      [
        bulkId,
        plainArray(answers.map((a) => a.ordinal)),
        textArray(answers.map((a) => a.state)),
        plainArray(answers.map((a) => a.approvalId)),
        textArray(answers.map((a) => a.code)),
        textArray(answers.map((a) => a.words)),
      ],
    );
  }

  async end(tx: Tx, bulkId: string, at: Date): Promise<void> {
    await tx.query('UPDATE bulk_approval SET signed_at = $2 WHERE bulk_id = $1 AND signed_at IS NULL', [
      bulkId,
      at,
    ]);
  }

  async cancel(tx: Tx, bulkId: string, at: Date): Promise<void> {
    await tx.query(
      `WITH ended AS (
         UPDATE bulk_approval SET cancelled_at = $2, signed_at = $2 WHERE bulk_id = $1 AND signed_at IS NULL
         RETURNING bulk_id)
       UPDATE bulk_approval_item i SET state = 'cancelled', code = $3, words = $4
       FROM ended WHERE i.bulk_id = ended.bulk_id AND i.state = 'queued'`,
      [bulkId, at, CANCELLED.code, CANCELLED.words],
    );
  }

  async endAnswered(at: Date): Promise<void> {
    // Nothing of a signed bulk can become pending any more, so its counts are final once none is.
    await this.database.query(
      {
        name: 'bulk-end-answered',
        text: `UPDATE bulk_approval ended
               SET answered_at = $1, applied = c.applied, refused = c.refused, cancelled = c.cancelled
               FROM bulk_approval b CROSS JOIN LATERAL (${COUNTS}) c
               WHERE b.signed_at IS NOT NULL AND b.answered_at IS NULL AND c.pending = 0
                 AND ended.bulk_id = b.bulk_id AND ended.answered_at IS NULL`,
      },
      [at],
    );
  }

  async peopleWaiting(): Promise<string[]> {
    const { rows } = await this.database.query<{ person_id: string }>(
      'SELECT DISTINCT person_id FROM bulk_approval WHERE signed_at IS NULL',
    );
    return rows.map((row) => row.person_id);
  }

  async progress(bulkId: string, personId: string): Promise<BulkProgress | undefined> {
    const { rows } = await this.database.query<BulkProgress>(
      { name: 'bulk-progress', text: `SELECT ${PROGRESS} WHERE b.bulk_id = $1 AND b.person_id = $2` },
      [bulkId, personId],
    );
    return rows[0];
  }

  async list(personId: string, before: string | undefined, limit: number): Promise<BulkProgress[]> {
    const { rows } = await this.database.query<BulkProgress>(
      `SELECT ${PROGRESS} WHERE b.person_id = $1
         AND ($2::uuid IS NULL OR b.place < (SELECT place FROM bulk_approval WHERE bulk_id = $2 AND person_id = $1))
       ORDER BY b.place DESC LIMIT $3`,
      [personId, before ?? null, limit],
    );
    return rows;
  }

  async items(
    bulkId: string,
    afterOrdinal: number,
    limit: number,
    state?: BulkItemState,
  ): Promise<BulkItem[]> {
    const { rows } = await this.database.query<BulkItem>(
      `SELECT ordinal, declaration_id AS "declarationId", declaration_version AS "declarationVersion", state,
              approval_id AS "approvalId", code, words
       FROM bulk_approval_item
       WHERE bulk_id = $1 AND ordinal > $2 AND ($4::text IS NULL OR state = $4) ORDER BY ordinal LIMIT $3`,
      [bulkId, afterOrdinal, limit, state ?? null],
    );
    return rows;
  }
}

interface ChunkRow {
  readonly bulk_id: string;
  readonly stage: ApprovalStage;
  readonly decision: 'approve' | 'refuse';
  readonly reason: string | null;
  readonly ordinal: number | null;
  readonly declaration_id: string | null;
  readonly declaration_version: bigint | null;
}
