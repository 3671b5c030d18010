import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  BulkPreviewStore,
  type BulkFilter,
  type BulkPreview,
  type BulkPreviewItem,
  type NewBulkPreview,
} from '../application/bulk.ports.js';
import { Parameters } from './unnest.js';

const VIEW = `preview_id AS "previewId", person_id AS "personId", filter, made_at AS "madeAt", expires_at AS "expiresAt",
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
    const { rows } = await this.database.query<BulkPreview>(
      `WITH found AS MATERIALIZED (
         SELECT d.declaration_id, d.revision, d.pence, d.held,
                d.awaiting IS NOT NULL OR d.blocked IS NOT NULL OR d.required <> '{}' AS waits
         FROM declaration d WHERE ${conditions(preview.filter, scope, p).join(' AND ')}
         LIMIT ${p.add(most + 1)}::int)
       INSERT INTO bulk_preview (preview_id, person_id, filter, made_at, expires_at, items, pence, held,
                                 awaiting_aggregation, declaration_ids, revisions, pences)
       SELECT ${p.add(preview.previewId)}::uuid, ${p.add(preview.personId)}, ${p.add(toJson(preview.filter))}::jsonb,
              ${p.add(preview.madeAt)}::timestamptz, ${p.add(preview.expiresAt)}::timestamptz,
              count(*), coalesce(sum(pence), 0), count(*) FILTER (WHERE held), count(*) FILTER (WHERE waits),
              coalesce(array_agg(declaration_id ORDER BY declaration_id), '{}'),
              coalesce(array_agg(revision ORDER BY declaration_id), '{}'),
              coalesce(array_agg(pence ORDER BY declaration_id), '{}')
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
      `SELECT i.ordinal::int AS ordinal, i.declaration_id AS "declarationId", i.revision, i.pence,
              d.service_code AS "serviceCode", d.achievement_date AS "achievementDate",
              d.organisation_code AS "organisationCode", d.commissioner_code AS "commissionerCode",
              d.revision <> i.revision AS changed
       FROM (SELECT u.* FROM bulk_preview p,
                    unnest(p.declaration_ids, p.revisions, p.pences)
                      WITH ORDINALITY AS u(declaration_id, revision, pence, ordinal)
             WHERE p.preview_id = $1 AND u.ordinal > $2 ORDER BY u.ordinal LIMIT $3) i
       JOIN declaration d USING (declaration_id)
       ORDER BY i.ordinal`,
      [previewId, afterOrdinal, limit],
    );
    return rows.map((row) => ({ ...row, revision: Number(row.revision) }));
  }
}

/** Whoever may declare at an organisation may at everything below it, as where the item is declared. */
function conditions(filter: BulkFilter, scope: readonly string[], p: Parameters): string[] {
  const found: string[] = [];
  const where = (column: string, operator: string, type: string, value: unknown): void => {
    if (value !== undefined) found.push(`d.${column} ${operator} ${p.add(value)}::${type}`);
  };
  if (!scope.includes('ENGLAND'))
    found.push(`d.organisation_code IN (SELECT o.code FROM directory_organisation o
      WHERE o.code = ANY(${p.add(scope)}::text[]) OR o.ancestors && $${p.values.length}::text[])`);
  where('status', '=', 'text', filter.status);
  where('service_code', '=', 'text', filter.serviceCode);
  where('payment_period', '=', 'text', filter.paymentPeriod);
  where('achievement_date', '=', 'date', filter.achievementDate);
  where('organisation_code', '=', 'text', filter.organisationCode);
  where('commissioner_code', '=', 'text', filter.commissionerCode);
  where('kind', '=', 'text', filter.kind);
  where('held', '=', 'boolean', filter.held);
  where('late', '=', 'boolean', filter.late);
  where('pence', '>=', 'bigint', filter.amountFromPence);
  where('pence', '<=', 'bigint', filter.amountToPence);
  return found.length > 0 ? found : ['true'];
}

const toJson = (filter: BulkFilter): string =>
  JSON.stringify(filter, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
