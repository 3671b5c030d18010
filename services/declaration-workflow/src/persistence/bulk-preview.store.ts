import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  BulkPreviewStore,
  type BulkFilter,
  type BulkPreview,
  type BulkPreviewItem,
  type NewBulkPreview,
} from '../application/bulk.ports.js';
import { foundSql } from './bulk-preview.sql.js';
import { Parameters } from './core/unnest.js';

const VIEW = `preview_id AS "previewId", person_id AS "personId", action, filter, made_at AS "madeAt", expires_at AS "expiresAt",
  items, pence, held, awaiting_aggregation AS "awaitingAggregation"`;

@Injectable()
export class PgBulkPreviewStore extends BulkPreviewStore {
  constructor(private readonly database: Database) {
    super();
  }

  /** Found, counted and kept in one statement: all of it is true of one moment. */
  async make(
    preview: NewBulkPreview,
    scope: readonly string[],
    most: number,
  ): Promise<BulkPreview | undefined> {
    const p = new Parameters();
    const holds = preview.action === 'release-holds';
    const { rows } = await this.database.query<BulkPreview>(
      `WITH found AS MATERIALIZED (
         ${foundSql(preview.action, preview.filter, scope, p)}
         LIMIT ${p.add(most + 1)}::int)
       INSERT INTO bulk_preview (preview_id, person_id, action, filter, made_at, expires_at, items, pence, held,
                                 awaiting_aggregation, declaration_ids, revisions, pences, hold_ids)
       SELECT ${p.add(preview.previewId)}::uuid, ${p.add(preview.personId)}, ${p.add(preview.action)},
              ${p.add(toJson(preview.filter))}::jsonb,
              ${p.add(preview.madeAt)}::timestamptz, ${p.add(preview.expiresAt)}::timestamptz,
              count(*), coalesce(sum(pence) FILTER (WHERE nth = 1), 0), count(*) FILTER (WHERE held),
              count(*) FILTER (WHERE waits), ${arrayOf('declaration_id')}, ${arrayOf('revision')},
              ${arrayOf('pence')}, ${holds ? arrayOf('hold_id') : 'NULL'}
       FROM found HAVING count(*) <= ${p.add(most)}::int
       RETURNING ${VIEW}`,
      p.values,
    );
    return rows[0];
  }

  async one(previewId: string, personId: string): Promise<BulkPreview | undefined> {
    const { rows } = await this.database.query<BulkPreview>(
      `SELECT ${VIEW} FROM bulk_preview WHERE preview_id = $1 AND person_id = $2`,
      [previewId, personId],
    );
    return rows[0];
  }

  async items(previewId: string, afterOrdinal: number, limit: number): Promise<BulkPreviewItem[]> {
    const { rows } = await this.database.query<Omit<BulkPreviewItem, 'revision'> & { revision: bigint }>(
      `SELECT i.ordinal::int AS ordinal, i.declaration_id AS "declarationId", i.hold_id AS "holdId", i.revision, i.pence,
              d.service_code AS "serviceCode", d.achievement_date AS "achievementDate",
              d.organisation_code AS "organisationCode", d.commissioner_code AS "commissionerCode",
              d.revision <> i.revision AS changed
       FROM (SELECT u.* FROM bulk_preview p,
                    unnest(p.declaration_ids, p.hold_ids, p.revisions, p.pences)
                      WITH ORDINALITY AS u(declaration_id, hold_id, revision, pence, ordinal)
             WHERE p.preview_id = $1 AND u.ordinal > $2 ORDER BY u.ordinal LIMIT $3) i
       JOIN declaration d USING (declaration_id)
       ORDER BY i.ordinal`,
      [previewId, afterOrdinal, limit],
    );
    return rows.map((row) => ({ ...row, revision: Number(row.revision) }));
  }
}

const arrayOf = (column: string): string =>
  `coalesce(array_agg(${column} ORDER BY declaration_id, nth), '{}')`;

const toJson = (filter: BulkFilter): string =>
  JSON.stringify(filter, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
