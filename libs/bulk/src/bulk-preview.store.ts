import { Database, Parameters } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  BULK_ITEMS_MOST,
  type BulkPreview,
  type BulkPreviewItem,
  type BulkTypes,
  type NewBulkPreview,
} from './bulk.js';
import { BulkTables } from './bulk-tables.js';
import { BulkCandidates } from './bulk-work.js';
import { ColumnSet, columnOf, selected } from './columns.js';

/** What bulks would act on, each in one row. */
@Injectable()
export class BulkPreviewStore<T extends BulkTypes> {
  private readonly item: ColumnSet<T['item']>;
  private readonly purpose: ColumnSet<T['purpose']>;
  private readonly view: string;

  constructor(
    private readonly database: Database,
    private readonly tables: BulkTables<T>,
    private readonly candidates: BulkCandidates<T>,
  ) {
    this.item = new ColumnSet<T['item']>(tables.item);
    this.purpose = new ColumnSet<T['purpose']>(tables.purpose);
    const { fields } = this.purpose;
    this.view = selected('bulk_preview', [
      'previewId',
      ...fields,
      'filter',
      'madeAt',
      'expiresAt',
      'items',
      'pence',
      ...tables.counts,
    ]);
  }

  /**
   * Found, counted and kept in one statement: all of it is true of one moment. Undefined: more than a bulk may act on,
   * and nothing was kept.
   */
  async make(preview: NewBulkPreview<T>, reach: T['reach']): Promise<BulkPreview<T> | undefined> {
    const p = new Parameters();
    const { sql, without = [] } = this.candidates.find(preview, reach, p);
    const counts = this.tables.counts.map(columnOf);
    const lists = this.item.fields.map((field) => (without.includes(field) ? 'NULL' : this.listOf(field)));
    const { rows } = await this.database.query<BulkPreview<T>>(
      `WITH found AS MATERIALIZED (${sql} LIMIT ${p.add(BULK_ITEMS_MOST + 1)}::int)
       INSERT INTO bulk_preview (preview_id, person_id, filter, made_at, expires_at${this.purpose.alsoNames}, items,
                                 pence, ${counts.join(', ')},
                                 ${this.item.fields.map((field) => this.tables.previewed[field]).join(', ')}, pences)
       SELECT ${p.add(preview.previewId)}::uuid, ${p.add(preview.personId)}, ${p.add(toJson(preview.filter))}::jsonb,
              ${p.add(preview.madeAt)}::timestamptz, ${p.add(preview.expiresAt)}::timestamptz
              ${this.purpose
                .values(preview.purpose)
                .map((value) => `, ${p.add(value)}`)
                .join('')},
              count(*), coalesce(sum(pence) FILTER (WHERE nth = 1), 0),
              ${counts.map((column) => `count(*) FILTER (WHERE ${column})`).join(', ')},
              ${lists.join(', ')}, ${this.listOf('pence')}
       FROM found HAVING count(*) <= ${p.add(BULK_ITEMS_MOST)}::int
       RETURNING ${this.view}`,
      p.values,
    );
    return rows[0];
  }

  async one(previewId: string, personId: string): Promise<BulkPreview<T> | undefined> {
    const { rows } = await this.database.query<BulkPreview<T>>(
      `SELECT ${this.view} FROM bulk_preview WHERE preview_id = $1 AND person_id = $2`,
      [previewId, personId],
    );
    return rows[0];
  }

  async items(previewId: string, afterOrdinal: number, limit: number): Promise<BulkPreviewItem<T>[]> {
    const { facts } = this.candidates;
    const lists = [...this.item.fields.map((field) => this.tables.previewed[field]), 'pences'];
    const { rows } = await this.database.query<BulkPreviewItem<T>>(
      `SELECT i.ordinal::int AS ordinal, ${this.item.selected('i')}, i.pence, ${facts.columns}
       FROM (SELECT u.*, p.filter FROM bulk_preview p,
                    unnest(${lists.map((list) => `p.${list}`).join(', ')})
                      WITH ORDINALITY AS u(${this.item.names}, pence, ordinal)
             WHERE p.preview_id = $1 AND u.ordinal > $2 ORDER BY u.ordinal LIMIT $3) i
       ${facts.join}
       ORDER BY i.ordinal`,
      [previewId, afterOrdinal, limit],
    );
    return rows.map((row) => ({ ...row, ...this.item.read(row) }));
  }

  private listOf(field: string): string {
    return `coalesce(array_agg(${columnOf(field)} ORDER BY ${columnOf(this.tables.sameItem[0])}, nth), '{}')`;
  }
}

const toJson = (filter: object): string =>
  JSON.stringify(filter, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
