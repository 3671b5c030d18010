import { Injectable } from '@nestjs/common';
import { Database } from '@attest/persistence';
import { BulkQueries, type BulkItemView, type BulkView } from '../application/queries.js';

@Injectable()
export class PgBulkQueries extends BulkQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async one(bulkId: string, personId: string): Promise<BulkView | undefined> {
    const { rows } = await this.database.query<BulkView>(
      `SELECT b.bulk_id AS "bulkId", b.stage, b.requested_at AS "requestedAt", b.items,
              (count(*) FILTER (WHERE i.state = 'queued'))::int AS queued,
              (count(*) FILTER (WHERE i.state = 'pending'))::int AS pending,
              (count(*) FILTER (WHERE i.state = 'applied'))::int AS applied,
              (count(*) FILTER (WHERE i.state = 'refused'))::int AS refused
         FROM bulk_approval b LEFT JOIN bulk_approval_item i USING (bulk_id)
        WHERE b.bulk_id = $1 AND b.person_id = $2 GROUP BY b.bulk_id`,
      [bulkId, personId],
    );
    return rows[0];
  }

  async items(
    bulkId: string,
    personId: string,
    after: number,
    limit: number,
    state?: string,
  ): Promise<BulkItemView[]> {
    const { rows } = await this.database.query<BulkItemView>(
      `SELECT i.ordinal, i.declaration_id AS "declarationId", i.declaration_version AS "declarationVersion", i.state,
              i.approval_id AS "approvalId", i.code, i.words
         FROM bulk_approval_item i JOIN bulk_approval b USING (bulk_id)
        WHERE i.bulk_id = $1 AND b.person_id = $2 AND i.ordinal > $3 AND ($5::text IS NULL OR i.state = $5)
        ORDER BY i.ordinal LIMIT $4`,
      [bulkId, personId, after, limit, state ?? null],
    );
    return rows;
  }
}
