import { versionAfter } from '@attest/messaging';
import { plainArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { ForgottenStore, type ForgottenFreeze } from '../../application/core/forgotten.ports.js';

@Injectable()
export class PgForgottenStore extends ForgottenStore {
  async raiseDeclarations(tx: Tx, declarationIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await tx.query<{ id: string }>(
      // Locked in the order of everybody: replicas of the version before may be at work.
      `WITH locked AS MATERIALIZED (
         SELECT declaration_id FROM declaration WHERE declaration_id = ANY($1::uuid[]) ORDER BY kind, declaration_id FOR UPDATE
       )
       UPDATE declaration d SET revision = ${versionAfter('d.revision')}
       FROM locked WHERE d.declaration_id = locked.declaration_id RETURNING d.declaration_id AS id`,
      [plainArray(declarationIds)],
    );
    return new Set(rows.map(({ id }) => id));
  }

  async raiseFreezes(tx: Tx, freezeIds: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await tx.query<{ id: string }>(
      `UPDATE period_freeze f SET version = ${versionAfter('f.version')}
       WHERE freeze_id = ANY($1::uuid[]) RETURNING freeze_id AS id`,
      [plainArray(freezeIds)],
    );
    return new Set(rows.map(({ id }) => id));
  }

  async takeBack(tx: Tx, { frozen, thawed }: ForgottenFreeze, at: Date): Promise<boolean> {
    const { rowCount } = await tx.query(
      `INSERT INTO period_freeze (freeze_id, service_code, achievement_date, scope_code, version, reason, frozen_by, frozen_for,
                                  frozen_at, thawed_by, thawed_at, provider_deadline_on, cut_off_at)
       SELECT $1, s.service_code, $3, $4, ${versionAfter('$5::bigint')}, $6, $7,
              -- For whom it was placed was not told: the national operator may thaw every freeze.
              'ENGLAND', $8,
              CASE WHEN $9::text IS NULL AND n.stands THEN 'restore' ELSE $9 END,
              CASE WHEN $9::text IS NULL AND n.stands THEN $13 ELSE $10 END::timestamptz, $11::date, $12::timestamptz
         FROM quality_service s
        CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM period_freeze f WHERE f.service_code = $2 AND f.achievement_date = $3
                                              AND f.scope_code = $4 AND f.thawed_at IS NULL) AS stands) n
        WHERE s.service_code = $2`,
      [
        frozen.freezeId,
        frozen.serviceCode,
        frozen.achievementDate,
        frozen.scopeCode,
        thawed?.freezeVersion ?? frozen.freezeVersion,
        frozen.reason,
        frozen.frozenBy,
        frozen.frozenAt,
        thawed?.thawedBy ?? null,
        thawed?.thawedAt ?? null,
        thawed?.providerDeadlineOn ?? null,
        thawed?.cutOffAt ?? null,
        at,
      ],
    );
    return rowCount === 1;
  }
}
