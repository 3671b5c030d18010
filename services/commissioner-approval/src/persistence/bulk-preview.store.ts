import { Injectable } from '@nestjs/common';
import { Database } from '@attest/persistence';
import {
  BulkPreviewStore,
  type BulkFilter,
  type BulkPreview,
  type BulkPreviewItem,
  type NewBulkPreview,
  type SignsAt,
} from '../application/bulk.ports.js';
import { isParked } from './parked.sql.js';

const VIEW = `preview_id AS "previewId", person_id AS "personId", filter, made_at AS "madeAt", expires_at AS "expiresAt",
  items, pence, held, awaiting_aggregation AS "awaitingAggregation", your_own AS "yourOwn", parked`;

@Injectable()
export class PgBulkPreviewStore extends BulkPreviewStore {
  constructor(private readonly database: Database) {
    super();
  }

  /** Found, counted and kept in one statement: all of it is true of one moment. */
  async make(
    preview: NewBulkPreview,
    signs: readonly SignsAt[],
    most: number,
  ): Promise<BulkPreview | undefined> {
    const { filter } = preview;
    const { rows } = await this.database.query<BulkPreview>(
      `WITH found AS MATERIALIZED (
         SELECT t.declaration_id, t.declaration_version, t.pence, t.held, t.awaiting_aggregation,
                coalesce($2 IN (t.declared_by, t.commissioner_signed_by), false) OR t.signed_by ? $2 AS own,
                ${isParked('t')} AS parked
         FROM approval_task t
         WHERE t.stage = $7 AND t.pending_approval_id IS NULL
           -- The role of its stage or tier, held at its commissioner or above, as where the item is signed.
           AND (t.commissioner_code, CASE WHEN t.stage = 'finance' THEN 'FINANCE_MANAGEMENT'
                                          ELSE coalesce(t.tier_role, 'APPROVAL_MANAGEMENT') END) IN (
             SELECT s.code, s.role FROM unnest($6::text[], $19::text[]) AS s(code, role)
             UNION ALL
             SELECT o.code, s.role FROM unnest($6::text[], $19::text[]) AS s(code, role)
             JOIN directory_organisation o ON s.code = 'ENGLAND' OR s.code = ANY(o.ancestors))
           AND ($8::text IS NULL OR t.service_code = $8) AND ($9::text IS NULL OR t.payment_period = $9)
           AND ($10::date IS NULL OR t.achievement_date = $10) AND ($11::text IS NULL OR t.kind = $11)
           AND ($12::text IS NULL OR t.organisation_code = $12) AND ($13::text IS NULL OR t.commissioner_code = $13)
           AND ($14::boolean IS NULL OR t.held = $14) AND ($15::boolean IS NULL OR t.late = $15)
           AND ($16::bigint IS NULL OR t.pence >= $16) AND ($17::bigint IS NULL OR t.pence <= $17)
         LIMIT $18::int + 1)
       INSERT INTO bulk_preview (preview_id, person_id, filter, made_at, expires_at, items, pence, held,
                                 awaiting_aggregation, your_own, parked, declaration_ids, versions, pences)
       SELECT $1::uuid, $2, $3::jsonb, $4::timestamptz, $5::timestamptz, count(*), coalesce(sum(pence), 0),
              count(*) FILTER (WHERE held), count(*) FILTER (WHERE awaiting_aggregation), count(*) FILTER (WHERE own),
              count(*) FILTER (WHERE parked),
              coalesce(array_agg(declaration_id ORDER BY declaration_id), '{}'),
              coalesce(array_agg(declaration_version ORDER BY declaration_id), '{}'),
              coalesce(array_agg(pence ORDER BY declaration_id), '{}')
       FROM found HAVING count(*) <= $18::int
       RETURNING ${VIEW}`,
      [
        preview.previewId,
        preview.personId,
        toJson(filter),
        preview.madeAt,
        preview.expiresAt,
        signs.map(({ code }) => code),
        filter.stage,
        filter.serviceCode ?? null,
        filter.paymentPeriod ?? null,
        filter.achievementDate ?? null,
        filter.kind ?? null,
        filter.organisationCode ?? null,
        filter.commissionerCode ?? null,
        filter.held ?? null,
        filter.late ?? null,
        filter.amountFromPence ?? null,
        filter.amountToPence ?? null,
        most,
        signs.map(({ role }) => role),
      ],
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
    const { rows } = await this.database.query<BulkPreviewItem>(
      `SELECT i.ordinal::int AS ordinal, i.declaration_id AS "declarationId",
              i.declaration_version AS "declarationVersion", i.pence, t.service_code AS "serviceCode",
              t.achievement_date AS "achievementDate", t.organisation_code AS "organisationCode",
              t.commissioner_code AS "commissionerCode",
              t.declaration_version <> i.declaration_version OR t.stage IS DISTINCT FROM i.stage AS changed,
              ${isParked('t')} AS parked
       FROM (SELECT u.*, p.filter ->> 'stage' AS stage FROM bulk_preview p,
                    unnest(p.declaration_ids, p.versions, p.pences)
                      WITH ORDINALITY AS u(declaration_id, declaration_version, pence, ordinal)
             WHERE p.preview_id = $1 AND u.ordinal > $2 ORDER BY u.ordinal LIMIT $3) i
       JOIN approval_task t USING (declaration_id)
       ORDER BY i.ordinal`,
      [previewId, afterOrdinal, limit],
    );
    return rows;
  }
}

const toJson = (filter: BulkFilter): string =>
  JSON.stringify(filter, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
