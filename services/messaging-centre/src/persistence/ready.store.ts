import { Injectable } from '@nestjs/common';
import type { LondonDate } from '@attest/calendar';
import { Database, plainArray, textArray, type Tx } from '@attest/persistence';
import { ReadyStore, type Opening } from '../application/ports.js';
import { IS_FROZEN } from './deadline.sql.js';

@Injectable()
export class PgReadyStore extends ReadyStore {
  constructor(private readonly database: Database) {
    super();
  }

  async remember(tx: Tx, opened: readonly Opening[]): Promise<void> {
    await tx.query(
      {
        name: 'remember-openings',
        text: `INSERT INTO untold_opening (declaration_id, revision, service_code, achievement_date)
               SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::date[]) ON CONFLICT DO NOTHING`,
      },
      [
        plainArray(opened.map((d) => d.declarationId)),
        plainArray(opened.map((d) => d.revision)),
        textArray(opened.map((d) => d.serviceCode)),
        plainArray(opened.map((d) => d.achievementDate)),
      ],
    );
  }

  async forget(tx: Tx, declarationIds: readonly string[]): Promise<void> {
    await tx.query(
      {
        name: 'forget-openings',
        text: 'DELETE FROM untold_opening WHERE declaration_id = ANY($1::uuid[])',
      },
      [plainArray(declarationIds)],
    );
  }

  async tell(today: LondonDate, at: Date, most: number): Promise<number> {
    // The task says whether its provider can: not while it is held, or its figures are added up.
    const { rows } = await this.database.query<{ told: number }>(
      {
        name: 'tell-what-is-ready',
        text: `WITH ready AS (
                 SELECT digest_id(t.organisation_code, 'READY_TO_DECLARE', t.payment_period) AS digest_id,
                        t.payment_period AS bucket, t.organisation_code, t.declaration_id, u.revision, t.service_code,
                        t.achievement_date, t.provider_code, t.pence
                   FROM untold_opening u
                   JOIN calendar_entry c USING (service_code, achievement_date)
                   JOIN task t USING (declaration_id)
                  WHERE t.kind = 'DECLARE' AND t.payment_period IS NOT NULL AND c.opens_on <= $1::date
                    AND NOT ${IS_FROZEN}
                  LIMIT $3
                    -- Who declares one just now does not wait for this, nor this for them.
                    FOR UPDATE OF u SKIP LOCKED),
               -- By a list of ids, not by a join: nobody knows how many there are when this is planned.
               told AS (DELETE FROM untold_opening WHERE declaration_id = ANY (ARRAY(SELECT declaration_id FROM ready))),
               added AS (
                 INSERT INTO message_line (digest_id, subject_id, line_version, service_code, achievement_date,
                                           provider_code, pence)
                 SELECT digest_id, declaration_id::text, revision, service_code, achievement_date, provider_code, pence
                   FROM ready ON CONFLICT DO NOTHING
                 RETURNING digest_id),
               growth AS (
                 INSERT INTO message_growth (digest_id, organisation_code, kind, bucket, at)
                 SELECT DISTINCT digest_id, organisation_code, 'READY_TO_DECLARE', bucket, $2::timestamptz
                   FROM ready WHERE digest_id IN (SELECT digest_id FROM added))
               SELECT count(*)::int AS told FROM ready`,
      },
      [today, at, most],
    );
    return rows[0]!.told;
  }
}
