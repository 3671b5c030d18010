import { isInScope } from '@attest/auth';
import { Injectable } from '@nestjs/common';
import { cursorValue, toPage, type Page } from '@attest/http';
import { versionAfter } from '@attest/messaging';
import { Database, textArray, type Tx } from '@attest/persistence';
import {
  AmendmentStore,
  type Amendment,
  type AmendmentFilter,
  type AmendmentStep,
  type Decision,
  type NewAmendment,
} from '../application/amendment-ports.js';
import type { PeriodKey } from '../application/ports.js';
import { amendmentOf, SELECT_AMENDMENT, type AmendmentRow } from './amendment.rows.js';

@Injectable()
export class PgAmendmentStore extends AmendmentStore {
  constructor(private readonly database: Database) {
    super();
  }

  async add(tx: Tx, amendment: NewAmendment, forOrganisation: string): Promise<boolean> {
    const { pounds } = amendment;
    const { rowCount } = await tx.query(
      {
        name: 'add-amendment',
        text: `INSERT INTO amendment_request
                 (amendment_id, amendment_version, state, service_code, achievement_date, practice_code, page_version,
                  rule_pack_version, old_values, new_values, old_pence, new_pence, old_points, new_points, pounds_code,
                  reconciliation, reason, requested_by, requested_at)
               VALUES ($1, 1, 'requested', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
               ON CONFLICT (service_code, achievement_date, practice_code) WHERE state = 'requested' DO NOTHING`,
      },
      [
        amendment.amendmentId,
        amendment.serviceCode,
        amendment.achievementDate,
        amendment.practiceCode,
        amendment.pageVersion,
        amendment.rulePackVersion,
        amendment.oldValues,
        amendment.newValues,
        pounds.oldPence,
        pounds.newPence,
        pounds.oldPoints,
        pounds.newPoints,
        pounds.code,
        amendment.reconciliation,
        amendment.reason,
        amendment.requestedBy,
        amendment.requestedAt,
      ],
    );
    if (rowCount === 0) return false;
    await tx.query(
      {
        name: 'add-amendment-first-step',
        text: `INSERT INTO amendment_history
                 (amendment_id, amendment_version, at, actor, person_id, for_organisation, to_state, reason, asked)
               SELECT $1, 1, $2, 'provider', $3, $4, 'requested', $5,
                      jsonb_build_object('serviceCode', service_code, 'achievementDate', achievement_date,
                        'practiceCode', practice_code, 'pageVersion', page_version, 'rulePackVersion', rule_pack_version,
                        'oldValues', old_values, 'newValues', new_values, 'oldPence', old_pence, 'newPence', new_pence)
               FROM amendment_request WHERE amendment_id = $1`,
      },
      [
        amendment.amendmentId,
        amendment.requestedAt,
        amendment.requestedBy,
        forOrganisation,
        amendment.reason,
      ],
    );
    return true;
  }

  async lock(tx: Tx, amendmentId: string, now: Date): Promise<Amendment | undefined> {
    const { rows } = await tx.query<AmendmentRow>(
      { name: 'lock-amendment', text: `${SELECT_AMENDMENT} WHERE a.amendment_id = $2 FOR UPDATE OF a` },
      [now, amendmentId],
    );
    return rows[0] && amendmentOf(rows[0]);
  }

  async decide(
    tx: Tx,
    amendmentIds: readonly string[],
    decision: Decision,
    accepted?: { newPageVersion: number },
  ): Promise<Amendment[]> {
    if (amendmentIds.length === 0) return [];
    const { rows: decided } = await tx.query<{ amendmentId: string }>(
      {
        name: 'decide-amendments',
        text: `
          WITH decided AS (
            UPDATE amendment_request a
            SET state = $2, amendment_version = ${versionAfter('a.amendment_version')}, decided_by = $3, decided_for = $4,
                decided_at = $5, decision_reason = $6, new_page_version = $7,
                -- As it stood when it was decided: the calendar may be published anew.
                reconciliation = coalesce(
                  (SELECT (s.cut_offs ->> a.achievement_date::text)::timestamptz <= $5
                   FROM quality_service s WHERE s.service_code = a.service_code), a.reconciliation)
            WHERE a.state = 'requested' AND a.amendment_id = ANY ($1::uuid[])
            RETURNING a.amendment_id, a.amendment_version),
          steps AS (
            INSERT INTO amendment_history (amendment_id, amendment_version, at, actor, person_id, for_organisation,
                                           from_state, to_state, reason, cause_file_id)
            SELECT amendment_id, amendment_version, $5, $8, $3, $4, 'requested', $2, $6, $9::uuid FROM decided)
          SELECT amendment_id AS "amendmentId" FROM decided`,
      },
      [
        textArray(amendmentIds),
        decision.state,
        decision.personId,
        decision.forOrganisation,
        decision.at,
        decision.reason,
        accepted?.newPageVersion ?? null,
        decision.actor,
        decision.causeFileId,
      ],
    );
    if (decided.length === 0) return [];
    const { rows } = await tx.query<AmendmentRow>(
      {
        name: 'decided-amendments',
        text: `${SELECT_AMENDMENT} WHERE a.amendment_id = ANY ($2::uuid[]) ORDER BY a.amendment_id`,
      },
      [decision.at, textArray(decided.map((row) => row.amendmentId))],
    );
    return rows.map(amendmentOf);
  }

  async openOf(tx: Tx, { serviceCode, achievementDate }: PeriodKey): Promise<Map<string, string>> {
    const { rows } = await tx.query<{ practiceCode: string; amendmentId: string }>(
      {
        name: 'open-amendments',
        text: `SELECT practice_code AS "practiceCode", amendment_id AS "amendmentId" FROM amendment_request
               WHERE service_code = $1 AND achievement_date = $2 AND state = 'requested'`,
      },
      [serviceCode, achievementDate],
    );
    return new Map(rows.map((row) => [row.practiceCode, row.amendmentId]));
  }

  async find(amendmentId: string, now: Date): Promise<Amendment | undefined> {
    const { rows } = await this.database.query<AmendmentRow>(
      `${SELECT_AMENDMENT} WHERE a.amendment_id = $2`,
      [now, amendmentId],
    );
    return rows[0] && amendmentOf(rows[0]);
  }

  async steps(amendmentId: string): Promise<AmendmentStep[]> {
    const { rows } = await this.database.query<AmendmentStep>(
      `SELECT amendment_version AS "amendmentVersion", at, actor, person_id AS "personId",
              for_organisation AS "forOrganisation", from_state AS "from", to_state AS "to", reason,
              cause_file_id AS "causeFileId"
       FROM amendment_history WHERE amendment_id = $1 ORDER BY amendment_version`,
      [amendmentId],
    );
    return rows;
  }

  async list(filter: AmendmentFilter, scope: readonly string[], now: Date): Promise<Page<Amendment>> {
    const after = cursorValue(filter.cursor, 'uuid') ?? null;
    const { rows } = await this.database.query<AmendmentRow>(
      `${SELECT_AMENDMENT}
       WHERE ${isInScope('$2', 'a.practice_code')}
         AND ($3::text IS NULL OR a.state = $3) AND ($4::text IS NULL OR a.service_code = $4)
         AND ($5::date IS NULL OR a.achievement_date = $5::date)
         AND ($6::text IS NULL OR a.practice_code = $6 OR o.ancestors @> ARRAY[$6])
         AND ($7::text IS NULL OR o.commissioner_code = $7)
         AND ($8::uuid IS NULL OR a.amendment_id < $8::uuid)
       ORDER BY a.amendment_id DESC LIMIT $9`,
      [
        now,
        scope,
        filter.state ?? null,
        filter.serviceCode ?? null,
        filter.achievementDate ?? null,
        filter.organisationCode ?? null,
        filter.commissionerCode ?? null,
        after,
        filter.limit + 1,
      ],
    );
    return toPage(rows, filter.limit, (row) => [row.amendmentId], amendmentOf);
  }
}
