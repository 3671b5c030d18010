import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { OldBulks } from '../application/bulk.ports.js';
import { BULK_ITEMS_MOST } from '../domain/bulk.js';

/** Items in one statement: it is over before anything that waits for the disk notices. */
const FORGOTTEN_AT_ONCE = BULK_ITEMS_MOST;
/** Each may hold three arrays of 10,000. */
const PREVIEWS_FORGOTTEN_AT_ONCE = 50;

@Injectable()
export class PgOldBulks extends OldBulks {
  constructor(private readonly database: Database) {
    super();
  }

  async forgetEnded(before: Date): Promise<void> {
    await this.database.query(
      {
        name: 'bulk-declaration-forget-ended',
        text: `WITH oldest AS (
                 SELECT bulk_id, items, sum(items) OVER (ORDER BY ended_at, bulk_id) AS up_to
                 FROM (SELECT bulk_id, items, ended_at FROM bulk_declaration WHERE ended_at < $1
                       ORDER BY ended_at, bulk_id LIMIT $2) o),
               -- The first goes however many it has.
               forgotten AS (SELECT bulk_id FROM oldest WHERE up_to <= $2 OR up_to = items),
               items AS (DELETE FROM bulk_declaration_item i USING forgotten f WHERE i.bulk_id = f.bulk_id)
               DELETE FROM bulk_declaration b USING forgotten f WHERE b.bulk_id = f.bulk_id`,
      },
      [before, FORGOTTEN_AT_ONCE],
    );
  }

  async forgetPreviews(before: Date): Promise<void> {
    await this.database.query(
      `DELETE FROM bulk_preview WHERE preview_id IN (
         SELECT preview_id FROM bulk_preview WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`,
      [before, PREVIEWS_FORGOTTEN_AT_ONCE],
    );
  }
}
