import { Injectable } from '@nestjs/common';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import {
  RecalculationStore,
  type QueuedRecalculation,
  type RecalculationOutcome,
} from '../application/ports.js';

@Injectable()
export class PgRecalculationStore extends RecalculationStore {
  async queue(
    tx: Tx,
    recalculations: readonly (QueuedRecalculation & { requestedBy: string | null })[],
    now: Date,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO recalculation (recalculation_id, service_code, achievement_date, requested_by, cause, requested_at)
       SELECT id, s, d, b, c::jsonb, $6 FROM unnest($1::uuid[], $2::text[], $3::date[], $4::text[], $5::text[]) AS said (id, s, d, b, c)`,
      [
        plainArray(recalculations.map((r) => r.recalculationId)),
        textArray(recalculations.map((r) => r.serviceCode)),
        plainArray(recalculations.map((r) => r.achievementDate)),
        textArray(recalculations.map((r) => r.requestedBy)),
        textArray(recalculations.map((r) => (r.cause ? JSON.stringify(r.cause) : null))),
        now,
      ],
    );
  }

  async claim(tx: Tx): Promise<QueuedRecalculation | undefined> {
    const { rows } = await tx.query<QueuedRecalculation>(
      `SELECT recalculation_id AS "recalculationId", service_code AS "serviceCode", achievement_date AS "achievementDate", cause
       FROM recalculation WHERE state = 'queued' ORDER BY requested_at, recalculation_id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    );
    return rows[0];
  }

  async finish(tx: Tx, recalculationId: string, outcome: RecalculationOutcome, now: Date): Promise<void> {
    await tx.query(
      `UPDATE recalculation SET state = 'done', finished_at = $2, examined = $3, published = $4, newer = $5
       WHERE recalculation_id = $1`,
      [recalculationId, now, outcome.examined, outcome.published, outcome.newer],
    );
  }
}
