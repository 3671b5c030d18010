import { Database, plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { BULK_LANES, type AnyAnswer, type BulkChunk, type BulkTypes } from './bulk.js';
import { countsOf } from './bulk-counts.js';
import { BulkTables } from './bulk-tables.js';
import { ColumnSet, columnOf } from './columns.js';

/** Bulks while they are worked on. */
@Injectable()
export class BulkQueue<T extends BulkTypes> {
  private readonly request: ColumnSet<T['request']>;
  private readonly item: ColumnSet<T['item']>;
  private readonly result: ColumnSet<T['result']>;
  private readonly endedAt: string;
  /** The turn of a lane of a person: an advisory lock that ends with its transaction, and with whoever held it. */
  private readonly turn: string;

  constructor(
    private readonly database: Database,
    private readonly tables: BulkTables<T>,
  ) {
    this.request = new ColumnSet<T['request']>(tables.request);
    this.item = new ColumnSet<T['item']>(tables.item);
    this.result = new ColumnSet<T['result']>(tables.result);
    this.endedAt = columnOf(tables.endedAt);
    this.turn = `hashtextextended($1, ${tables.turnLock} + $2::int)`;
  }

  /** Whether this transaction may work on this lane of the person's bulks: one at a time may, in all replicas. */
  async tryTurn(tx: Tx, personId: string, lane: number): Promise<boolean> {
    const { rows } = await tx.query<{ ours: boolean }>(
      { name: 'bulk-try-turn', text: `SELECT pg_try_advisory_xact_lock(${this.turn}) AS ours` },
      [personId, lane],
    );
    return rows[0]!.ours;
  }

  /** Waits for the turns of all lanes, a chunk at most. */
  async awaitTurns(tx: Tx, personId: string): Promise<void> {
    for (let lane = 0; lane < BULK_LANES; lane++)
      await tx.query(`SELECT pg_advisory_xact_lock(${this.turn})`, [personId, lane]);
  }

  /** Items of this lane of the oldest bulk, in id order; undefined when the person has none left. */
  async nextChunk(tx: Tx, personId: string, lane: number, limit: number): Promise<BulkChunk<T> | undefined> {
    const order = columnOf(this.tables.sameItem[0]);
    const { rows } = await tx.query<{ bulkId: string; ordinal: number | null }>(
      {
        name: 'bulk-next-chunk',
        text: `SELECT b.bulk_id AS "bulkId", ${this.request.selected('b')}, i.ordinal, ${this.item.selected('i')}
               FROM (SELECT * FROM ${this.tables.bulks} WHERE person_id = $1 AND ${this.endedAt} IS NULL
                     ORDER BY place LIMIT 1) b
               LEFT JOIN LATERAL (
                 SELECT ordinal, ${this.item.names} FROM ${this.tables.items}
                 WHERE bulk_id = b.bulk_id AND state = 'queued' AND ordinal % $3::int = $4
                 ORDER BY ${order} LIMIT $2) i ON true
               ORDER BY i.${order}`,
      },
      [personId, limit, BULK_LANES, lane],
    );
    const first = rows[0];
    if (!first) return undefined;
    return {
      bulkId: first.bulkId,
      personId,
      request: this.request.read(first),
      items: rows.flatMap((row) =>
        row.ordinal === null ? [] : [{ ...this.item.read(row), ordinal: row.ordinal }],
      ),
    };
  }

  /** Whether anything of it is queued, in whatever lane. */
  async anyQueued(tx: Tx, bulkId: string): Promise<boolean> {
    const { rows } = await tx.query<{ any: boolean }>(
      `SELECT EXISTS (SELECT FROM ${this.tables.items} WHERE bulk_id = $1 AND state = 'queued') AS any`,
      [bulkId],
    );
    return rows[0]!.any;
  }

  /** Of a chunk's items, in their order. */
  async answer(tx: Tx, { bulkId, items }: BulkChunk<T>, answers: readonly AnyAnswer<T>[]): Promise<void> {
    const { fields, names } = this.result;
    const [order] = this.tables.sameItem;
    const [first, last] = [items[0], items.at(-1)];
    if (!first || !last) return;
    await tx.query(
      {
        name: 'bulk-answer',
        text: `UPDATE ${this.tables.items} i
               SET state = a.state, code = a.code, ${fields.map((f) => `${columnOf(f)} = a.${columnOf(f)}`).join(', ')}
               FROM unnest($2::int[], $3::text[], $4::text[], ${this.result.arrays(5)})
                    AS a(ordinal, state, code, ${names})
               WHERE i.bulk_id = $1 AND i.ordinal = a.ordinal AND i.state = 'queued'
                 -- Or all that is still queued would be read for each chunk.
                 AND i.${columnOf(order)} BETWEEN $${5 + fields.length} AND $${6 + fields.length}`,
      },
      [
        bulkId,
        plainArray(items.map((item) => item.ordinal)),
        textArray(answers.map((answer) => answer.state)),
        textArray(answers.map((answer) => answer.code)),
        ...this.result.literals(answers),
        first[order],
        last[order],
      ],
    );
  }

  /** Nothing is queued any more; where no item is answered later, its counts are final. */
  async end(tx: Tx, bulkId: string, at: Date): Promise<void> {
    const ended = `UPDATE ${this.tables.bulks} ended SET ${this.endedAt} = $2`;
    await tx.query(
      {
        name: 'bulk-end',
        text:
          this.tables.answeredAt === null
            ? `${ended}, ${this.keptCounts} FROM ${this.tables.bulks} b CROSS JOIN LATERAL (${countsOf(this.tables)}) c
               WHERE b.bulk_id = $1 AND ended.bulk_id = b.bulk_id AND ended.${this.endedAt} IS NULL`
            : `${ended} WHERE bulk_id = $1 AND ${this.endedAt} IS NULL`,
      },
      [bulkId, at],
    );
  }

  /** What is still queued ends `cancelled`; nothing happens to a bulk that has ended. */
  async cancel(tx: Tx, bulkId: string, at: Date): Promise<void> {
    await tx.query(
      `WITH cancelled AS (
         UPDATE ${this.tables.bulks} SET cancelled_at = $2 WHERE bulk_id = $1 AND ${this.endedAt} IS NULL
         RETURNING bulk_id)
       UPDATE ${this.tables.items} i SET state = 'cancelled', code = 'CANCELLED'
       FROM cancelled WHERE i.bulk_id = cancelled.bulk_id AND i.state = 'queued'`,
      [bulkId, at],
    );
    await this.end(tx, bulkId, at);
  }

  /** Keeps the final counts of every bulk of which the last item has been answered later, and when that was seen. */
  async endAnswered(at: Date): Promise<void> {
    const { bulks, pending } = this.tables;
    const answeredAt = columnOf(this.tables.answeredAt!);
    // Nothing of a bulk that has ended can become pending any more, so its counts are final once none is.
    await this.database.query(
      {
        name: 'bulk-end-answered',
        text: `UPDATE ${bulks} ended SET ${answeredAt} = $1, ${this.keptCounts}
               FROM ${bulks} b CROSS JOIN LATERAL (${countsOf(this.tables)}) c
               WHERE b.${this.endedAt} IS NOT NULL AND b.${answeredAt} IS NULL
                 AND ${pending.map((state) => `c.${state} = 0`).join(' AND ')}
                 AND ended.bulk_id = b.bulk_id AND ended.${answeredAt} IS NULL`,
      },
      [at],
    );
  }

  /** Everybody who has something queued. */
  async peopleWaiting(): Promise<string[]> {
    const { rows } = await this.database.query<{ person_id: string }>(
      `SELECT DISTINCT person_id FROM ${this.tables.bulks} WHERE ${this.endedAt} IS NULL`,
    );
    return rows.map((row) => row.person_id);
  }

  private get keptCounts(): string {
    return this.tables.final.map((state) => `${state} = c.${state}`).join(', ');
  }
}
