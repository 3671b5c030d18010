import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { BULK_ITEMS_MOST, type BulkTypes } from './bulk.js';
import { BulkTables } from './bulk-tables.js';
import { columnOf } from './columns.js';

/** Items in one statement: it is over before anything that waits for the disk notices. */
const FORGOTTEN_AT_ONCE = BULK_ITEMS_MOST;
/** Each may hold three arrays of 10,000. */
const PREVIEWS_FORGOTTEN_AT_ONCE = 50;

/** What nobody needs to look up any more goes in chunks, the oldest first; what was done stays. */
@Injectable()
export class OldBulks<T extends BulkTypes> {
  constructor(
    private readonly database: Database,
    private readonly tables: BulkTables<T>,
  ) {}

  /** Those of which the last item was answered before, with their items. */
  async forget(before: Date): Promise<void> {
    const { bulks, items, answeredAt, endedAt } = this.tables;
    const over = columnOf(answeredAt ?? endedAt);
    await this.database.query(
      {
        name: 'bulk-forget',
        text: `WITH oldest AS (
                 SELECT bulk_id, items, sum(items) OVER (ORDER BY ${over}, bulk_id) AS up_to
                 FROM (SELECT bulk_id, items, ${over} FROM ${bulks} WHERE ${over} < $1
                       ORDER BY ${over}, bulk_id LIMIT $2) o),
               -- The first goes however many it has.
               forgotten AS (SELECT bulk_id FROM oldest WHERE up_to <= $2 OR up_to = items),
               items AS (DELETE FROM ${items} i USING forgotten f WHERE i.bulk_id = f.bulk_id)
               DELETE FROM ${bulks} b USING forgotten f WHERE b.bulk_id = f.bulk_id`,
      },
      [before, FORGOTTEN_AT_ONCE],
    );
  }

  /** Previews that expired before. */
  async forgetPreviews(before: Date): Promise<void> {
    await this.database.query(
      `DELETE FROM bulk_preview WHERE preview_id IN (
         SELECT preview_id FROM bulk_preview WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`,
      [before, PREVIEWS_FORGOTTEN_AT_ONCE],
    );
  }
}
