import { Database, plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  BulkDeclarationStore,
  type BulkChunk,
  type BulkItem,
  type BulkProgress,
  type ItemAnswer,
} from '../application/bulk.ports.js';
import { BULK_LANES, type BulkAction, type BulkItemState } from '../domain/bulk.js';

/** The turn of a lane of a person: an advisory lock that ends with its transaction, and with whoever held it. */
const TURN = `hashtextextended($1, 7302651103 + $2::int)`;

const COUNTS = `SELECT (count(*) FILTER (WHERE i.state = 'queued'))::int AS queued,
           (count(*) FILTER (WHERE i.state = 'declared'))::int AS declared,
           (count(*) FILTER (WHERE i.state = 'released'))::int AS released,
           (count(*) FILTER (WHERE i.state = 'admitted'))::int AS admitted,
           (count(*) FILTER (WHERE i.state = 'refused'))::int AS refused,
           (count(*) FILTER (WHERE i.state = 'cancelled'))::int AS cancelled
    FROM bulk_declaration_item i WHERE i.bulk_id = b.bulk_id`;

/** Items are counted only while some may still change; then their counts stand on the bulk. */
const PROGRESS = `b.bulk_id AS "bulkId", b.action, b.preview_id AS "previewId", b.requested_at AS "requestedAt",
  b.cancelled_at AS "cancelledAt", b.ended_at AS "endedAt", b.items, c.queued,
  coalesce(b.declared, c.declared) AS declared, coalesce(b.released, c.released) AS released,
  coalesce(b.admitted, c.admitted) AS admitted, coalesce(b.refused, c.refused) AS refused,
  coalesce(b.cancelled, c.cancelled) AS cancelled
  FROM bulk_declaration b CROSS JOIN LATERAL (${COUNTS} AND b.declared IS NULL) c`;

@Injectable()
export class PgBulkDeclarationStore extends BulkDeclarationStore {
  constructor(private readonly database: Database) {
    super();
  }

  async tryTurn(tx: Tx, personId: string, lane: number): Promise<boolean> {
    const { rows } = await tx.query<{ ours: boolean }>(
      { name: 'bulk-declaration-try-turn', text: `SELECT pg_try_advisory_xact_lock(${TURN}) AS ours` },
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
      `SELECT EXISTS (SELECT FROM bulk_declaration_item WHERE bulk_id = $1 AND state = 'queued') AS any`,
      [bulkId],
    );
    return rows[0]!.any;
  }

  async nextChunk(tx: Tx, personId: string, lane: number, limit: number): Promise<BulkChunk | undefined> {
    const { rows } = await tx.query<ChunkRow>(
      {
        name: 'bulk-declaration-next-chunk',
        text: `SELECT b.bulk_id, b.action, b.late_reason, b.on_behalf_reason, b.reason, i.ordinal, i.declaration_id,
                      i.hold_id, i.revision
               FROM (SELECT * FROM bulk_declaration WHERE person_id = $1 AND ended_at IS NULL
                     ORDER BY place LIMIT 1) b
               LEFT JOIN LATERAL (
                 SELECT ordinal, declaration_id, hold_id, revision FROM bulk_declaration_item
                 WHERE bulk_id = b.bulk_id AND state = 'queued' AND ordinal % $3::int = $4
                 ORDER BY declaration_id LIMIT $2) i ON true
               ORDER BY i.declaration_id`,
      },
      [personId, limit, BULK_LANES, lane],
    );
    const first = rows[0];
    if (!first) return undefined;
    return {
      bulkId: first.bulk_id,
      request: {
        personId,
        action: first.action,
        lateReason: first.late_reason,
        onBehalfReason: first.on_behalf_reason,
        reason: first.reason,
      },
      items: rows.flatMap(({ ordinal, declaration_id, hold_id, revision }) =>
        ordinal === null
          ? []
          : [
              {
                ordinal,
                declarationId: declaration_id!,
                holdId: hold_id,
                revision: numberOf(revision),
              },
            ],
      ),
    };
  }

  async seenBefore(
    tx: Tx,
    bulkId: string,
    declarationIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    const { rows } = await tx.query<{ declaration_id: string; revision: bigint }>(
      `SELECT DISTINCT declaration_id, i.revision
       FROM bulk_declaration_item i JOIN declaration d USING (declaration_id)
       WHERE i.bulk_id = $1 AND declaration_id = ANY($2::uuid[]) AND i.declared_revision = d.revision`,
      [bulkId, plainArray(declarationIds)],
    );
    return new Map(rows.map((row) => [row.declaration_id, Number(row.revision)]));
  }

  async answer(tx: Tx, bulkId: string, answers: readonly ItemAnswer[]): Promise<void> {
    await tx.query(
      {
        name: 'bulk-declaration-answer',
        text: `UPDATE bulk_declaration_item i
               SET state = a.state, code = a.code, declared_revision = a.revision,
                   declaration_version = a.declaration_version
               FROM unnest($2::int[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
                    AS a(ordinal, state, code, revision, declaration_version)
               WHERE i.bulk_id = $1 AND i.ordinal = a.ordinal AND i.state = 'queued'`,
      },
      [
        bulkId,
        plainArray(answers.map((a) => a.ordinal)),
        textArray(answers.map((a) => a.state)),
        textArray(answers.map((a) => a.code)),
        plainArray(answers.map((a) => a.revision)),
        plainArray(answers.map((a) => a.declarationVersion)),
      ],
    );
  }

  async end(tx: Tx, bulkId: string, at: Date): Promise<void> {
    await tx.query(
      {
        name: 'bulk-declaration-end',
        text: `UPDATE bulk_declaration ended
               SET ended_at = $2, declared = c.declared, released = c.released, admitted = c.admitted,
                   refused = c.refused, cancelled = c.cancelled
               FROM bulk_declaration b CROSS JOIN LATERAL (${COUNTS}) c
               WHERE b.bulk_id = $1 AND ended.bulk_id = b.bulk_id AND ended.ended_at IS NULL`,
      },
      [bulkId, at],
    );
  }

  async cancel(tx: Tx, bulkId: string, at: Date): Promise<void> {
    await tx.query(
      `WITH cancelled AS (
         UPDATE bulk_declaration SET cancelled_at = $2 WHERE bulk_id = $1 AND ended_at IS NULL RETURNING bulk_id)
       UPDATE bulk_declaration_item i SET state = 'cancelled', code = 'CANCELLED'
       FROM cancelled WHERE i.bulk_id = cancelled.bulk_id AND i.state = 'queued'`,
      [bulkId, at],
    );
    await this.end(tx, bulkId, at);
  }

  async peopleWaiting(): Promise<string[]> {
    const { rows } = await this.database.query<{ person_id: string }>(
      'SELECT DISTINCT person_id FROM bulk_declaration WHERE ended_at IS NULL',
    );
    return rows.map((row) => row.person_id);
  }

  async progress(bulkId: string, personId: string): Promise<BulkProgress | undefined> {
    const { rows } = await this.database.query<BulkProgress>(
      {
        name: 'bulk-declaration-progress',
        text: `SELECT ${PROGRESS} WHERE b.bulk_id = $1 AND b.person_id = $2`,
      },
      [bulkId, personId],
    );
    return rows[0];
  }

  async list(personId: string, before: string | undefined, limit: number): Promise<BulkProgress[]> {
    const { rows } = await this.database.query<BulkProgress>(
      `SELECT ${PROGRESS} WHERE b.person_id = $1
         AND ($2::uuid IS NULL OR b.place < (SELECT place FROM bulk_declaration WHERE bulk_id = $2 AND person_id = $1))
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
      `SELECT ordinal, declaration_id AS "declarationId", hold_id AS "holdId", revision, state, code,
              declared_revision AS "declaredRevision", declaration_version AS "declarationVersion"
       FROM bulk_declaration_item
       WHERE bulk_id = $1 AND ordinal > $2 AND ($4::text IS NULL OR state = $4) ORDER BY ordinal LIMIT $3`,
      [bulkId, afterOrdinal, limit, state ?? null],
    );
    return rows.map((row) => ({
      ...row,
      revision: numberOf(row.revision),
      declaredRevision: numberOf(row.declaredRevision),
      declarationVersion: numberOf(row.declarationVersion),
    }));
  }
}

interface ChunkRow {
  readonly bulk_id: string;
  readonly action: BulkAction;
  readonly late_reason: string | null;
  readonly on_behalf_reason: string | null;
  readonly reason: string | null;
  readonly ordinal: number | null;
  readonly declaration_id: string | null;
  readonly hold_id: string | null;
  readonly revision: bigint | null;
}

/** bigint, as the database gives versions, or null. */
const numberOf = (value: unknown): number | null => (value === null ? null : Number(value));
