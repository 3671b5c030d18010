import { Database, Parameters, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { BulkAsked, BulkTypes, NewBulk } from './bulk.js';
import { BulkTables } from './bulk-tables.js';
import { ColumnSet, columnOf } from './columns.js';

/** Bulks are recorded first, so that a crash loses nothing; and once for each key, so that a repeat does nothing twice. */
@Injectable()
export class BulkRequests<T extends BulkTypes> {
  private readonly request: ColumnSet<T['request']>;
  private readonly item: ColumnSet<T['item']>;

  constructor(
    private readonly database: Database,
    private readonly tables: BulkTables<T>,
  ) {
    this.request = new ColumnSet<T['request']>(tables.request);
    this.item = new ColumnSet<T['item']>(tables.item);
  }

  /** An item that stands there twice is refused the second time. False: the key has its bulk, and nothing was done. */
  async record(tx: Tx, bulk: NewBulk<T>, items: readonly T['item'][]): Promise<boolean> {
    const isNew = await this.add(tx, bulk, (p) => `${p.add(items.length)}::int`);
    if (!isNew) return false;
    await tx.query(
      `INSERT INTO ${this.tables.items} (bulk_id, ordinal, ${this.item.names}, state, code)
       SELECT $1, u.ordinal, ${this.item.of('u')}, CASE WHEN u.nth = 1 THEN 'queued' ELSE 'refused' END,
              CASE WHEN u.nth > 1 THEN 'ITEM_REPEATED' END
       FROM (SELECT g.*, row_number() OVER (PARTITION BY ${this.sameItem} ORDER BY ordinal) AS nth
             FROM unnest(${this.item.arrays(2)}) WITH ORDINALITY AS g(${this.item.names}, ordinal)) u`,
      [bulk.bulkId, ...this.item.literals(items)],
    );
    return true;
  }

  /** With exactly what its preview was bound to. False: the key has its bulk, and nothing was done. */
  async recordPreviewed(tx: Tx, bulk: NewBulk<T>): Promise<boolean> {
    const { bulkId, previewId } = bulk;
    const isNew = await this.add(
      tx,
      bulk,
      (p) => `(SELECT items FROM bulk_preview WHERE preview_id = ${p.add(previewId)}::uuid)`,
    );
    if (!isNew) return false;
    const kept = this.item.fields.map((field) => `p.${this.tables.previewed[field]}`);
    await tx.query(
      `INSERT INTO ${this.tables.items} (bulk_id, ordinal, ${this.item.names})
       SELECT $1, u.ordinal, ${this.item.of('u')}
       FROM bulk_preview p, unnest(${kept.join(', ')}) WITH ORDINALITY AS u(${this.item.names}, ordinal)
       WHERE p.preview_id = $2`,
      [bulkId, previewId],
    );
    return true;
  }

  /** The bulk that the person asked for with this key, and whether they asked for the same. */
  async ofKey(
    { personId, requestKey, previewId, request }: BulkAsked<T>,
    items: readonly T['item'][],
  ): Promise<{ readonly bulkId: string; readonly same: boolean } | undefined> {
    const { rows } = await this.database.query<{ bulkId: string; same: boolean }>(
      `SELECT b.bulk_id AS "bulkId",
              (b.preview_id, ${this.request.of('b')}) IS NOT DISTINCT FROM ($3::uuid, ${this.request.scalars(4)})
              -- What a preview was bound to stays as it was.
              AND (b.preview_id IS NOT NULL OR NOT EXISTS (
                SELECT FROM (SELECT * FROM ${this.tables.items} WHERE bulk_id = b.bulk_id) i
                FULL JOIN unnest(${this.item.arrays(4 + this.request.fields.length)})
                          WITH ORDINALITY AS g(${this.item.names}, ordinal) USING (ordinal)
                WHERE (${this.item.of('i')}) IS DISTINCT FROM (${this.item.of('g')}))) AS same
       FROM ${this.tables.bulks} b WHERE b.person_id = $1 AND b.request_key = $2`,
      [personId, requestKey, previewId, ...this.request.values(request), ...this.item.literals(items)],
    );
    return rows[0];
  }

  private async add(tx: Tx, bulk: NewBulk<T>, count: (p: Parameters) => string): Promise<boolean> {
    const p = new Parameters();
    const { bulkId, personId, requestKey, previewId, requestedAt, request } = bulk;
    const values = [bulkId, personId, requestKey, previewId, requestedAt, ...this.request.values(request)];
    const { rowCount } = await tx.query(
      `INSERT INTO ${this.tables.bulks} (bulk_id, person_id, request_key, preview_id, requested_at,
                                         ${this.request.names}, items)
       VALUES (${values.map((value) => p.add(value)).join(', ')}, ${count(p)})
       ON CONFLICT (person_id, request_key) DO NOTHING`,
      p.values,
    );
    return rowCount === 1;
  }

  private get sameItem(): string {
    return this.tables.sameItem.map(columnOf).join(', ');
  }
}
