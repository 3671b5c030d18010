import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { BulkItem, BulkProgress, BulkTypes } from './bulk.js';
import { countsOf } from './bulk-counts.js';
import { BulkTables } from './bulk-tables.js';
import { ColumnSet, selected } from './columns.js';

/** What became of bulks and of their items. */
@Injectable()
export class BulkLooks<T extends BulkTypes> {
  private readonly item: ColumnSet<T['item'] & T['result']>;
  private readonly shown: string;

  constructor(
    private readonly database: Database,
    private readonly tables: BulkTables<T>,
  ) {
    this.item = new ColumnSet<T['item'] & T['result']>({ ...tables.item, ...tables.result });
    const { bulks, endedAt, pending, final, shown } = tables;
    const counts = [
      ...['queued', ...pending].map((state) => `c.${state}`),
      ...final.map((state) => `coalesce(b.${state}, c.${state}) AS ${state}`),
    ];
    // Items are counted only while some may still change; then their counts stand on the bulk.
    this.shown = `${selected('b', ['bulkId', ...shown, 'previewId', 'requestedAt', 'cancelledAt', endedAt, 'items'])},
      ${counts.join(', ')}
      FROM ${bulks} b CROSS JOIN LATERAL (${countsOf(tables)} AND b.${final[0]} IS NULL) c`;
  }

  async progress(bulkId: string, personId: string): Promise<BulkProgress<T> | undefined> {
    const { rows } = await this.database.query<BulkProgress<T>>(
      { name: 'bulk-progress', text: `SELECT ${this.shown} WHERE b.bulk_id = $1 AND b.person_id = $2` },
      [bulkId, personId],
    );
    return rows[0];
  }

  /** Newest first. */
  async list(personId: string, before: string | undefined, limit: number): Promise<BulkProgress<T>[]> {
    const { rows } = await this.database.query<BulkProgress<T>>(
      `SELECT ${this.shown} WHERE b.person_id = $1
         AND ($2::uuid IS NULL
              OR b.place < (SELECT place FROM ${this.tables.bulks} WHERE bulk_id = $2 AND person_id = $1))
       ORDER BY b.place DESC LIMIT $3`,
      [personId, before ?? null, limit],
    );
    return rows;
  }

  async items(
    bulkId: string,
    afterOrdinal: number,
    limit: number,
    state: T['state'] | undefined,
  ): Promise<BulkItem<T>[]> {
    const { rows } = await this.database.query<Pick<BulkItem<T>, 'ordinal' | 'state' | 'code'>>(
      `SELECT i.ordinal, i.state, i.code, ${this.item.selected('i')}
       FROM ${this.tables.items} i
       WHERE bulk_id = $1 AND ordinal > $2 AND ($4::text IS NULL OR state = $4) ORDER BY ordinal LIMIT $3`,
      [bulkId, afterOrdinal, limit, state ?? null],
    );
    return rows.map((row) => ({
      ...this.item.read(row),
      ordinal: row.ordinal,
      state: row.state,
      code: row.code,
    }));
  }
}
