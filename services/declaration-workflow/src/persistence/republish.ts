import {
  DeclarationRestatedV1,
  isUuid,
  newEvent,
  PeriodFrozenV1,
  PeriodThawedV1,
  type DeclarationFact,
  type EventOf,
  type NewEvent,
} from '@attest/contracts';
import {
  pageOfRows,
  Republishes,
  type RepublishedPage,
  type Republishing,
  type RepublishSlice,
} from '@attest/messaging';
import { plainArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { stateOf } from '../domain/core/declaration.js';
import { declarationOf, type DeclarationRow } from './core/declaration.columns.js';

type Answer = EventOf<typeof DeclarationRestatedV1>['answers'][number];

interface NewestStep {
  readonly declaration_id: string;
  readonly from_status: DeclarationFact['from'];
  readonly actor: DeclarationFact['actor'];
  readonly person_id: string | null;
  readonly for_organisation: string | null;
  readonly at: Date;
  readonly reason: string | null;
  readonly code: string | null;
  readonly approval_id: string | null;
  readonly previous_pence: bigint | null;
}

/**
 * Each declaration as it stands, with its newest step and what its signatures were answered. It is locked: a newer
 * state carries no earlier answers, so it comes after.
 */
@Injectable()
@Republishes(DeclarationRestatedV1)
export class RepublishDeclarations implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    const { rows } = await tx.query<DeclarationRow>(
      `SELECT d.* FROM declaration d
       WHERE ($1::uuid IS NULL OR d.declaration_id > $1) AND ($2::uuid[] IS NULL OR d.declaration_id = ANY ($2))
       ORDER BY d.declaration_id LIMIT $3 FOR SHARE NOWAIT`,
      // The same topic has the keys of frozen periods.
      [after?.[0] ?? null, keys && keys.filter(isUuid), limit],
    );
    const ids = plainArray(rows.map((row) => row.declaration_id));
    const steps = await this.newestSteps(tx, ids);
    const answers = await this.answers(tx, ids);
    return pageOfRows(
      rows,
      limit,
      (row) => [row.declaration_id],
      (row) => {
        const declaration = declarationOf(row);
        return newEvent(DeclarationRestatedV1, {
          declaration: stateOf(declaration),
          fact: factOf(steps.get(row.declaration_id), declaration.statusSince),
          answers: answers.get(row.declaration_id) ?? [],
          approvalVersion: declaration.approvalVersion,
        });
      },
    );
  }

  private async newestSteps(tx: Tx, ids: string): Promise<ReadonlyMap<string, NewestStep>> {
    const { rows } = await tx.query<NewestStep>(
      `SELECT h.* FROM unnest($1::uuid[]) AS d(declaration_id) CROSS JOIN LATERAL (
         SELECT declaration_id, from_status, actor, person_id, for_organisation, at, reason, code, approval_id, previous_pence
         FROM declaration_history WHERE declaration_id = d.declaration_id ORDER BY revision DESC LIMIT 1) h`,
      [ids],
    );
    return new Map(rows.map((row) => [row.declaration_id, row]));
  }

  private async answers(tx: Tx, ids: string): Promise<ReadonlyMap<string, Answer[]>> {
    const { rows } = await tx.query<{
      declaration_id: string;
      approvalId: string;
      outcome: Answer['outcome'];
      at: Date;
    }>(
      `SELECT declaration_id, approval_id AS "approvalId", 'applied' AS outcome, at FROM declaration_history
        WHERE declaration_id = ANY ($1::uuid[]) AND approval_id IS NOT NULL
       UNION ALL
       SELECT declaration_id, approval_id, 'refused', refused_at FROM refused_approval WHERE declaration_id = ANY ($1::uuid[])
       ORDER BY 4`,
      [ids],
    );
    const answers = new Map<string, Answer[]>();
    for (const { declaration_id, approvalId, outcome, at } of rows)
      answers.set(declaration_id, [
        ...(answers.get(declaration_id) ?? []),
        { approvalId, outcome, at: at.toISOString() },
      ]);
    return answers;
  }
}

function factOf(step: NewestStep | undefined, since: Date): DeclarationFact {
  return {
    actor: step?.actor ?? 'system',
    personId: step?.person_id ?? null,
    forOrganisation: step?.for_organisation ?? null,
    at: (step?.at ?? since).toISOString(),
    from: step?.from_status ?? null,
    reason: step?.reason ?? null,
    code: step?.code ?? null,
    approvalId: step?.approval_id ?? null,
    previousPence: step?.previous_pence?.toString() ?? null,
  };
}

interface StoredFreeze {
  readonly freezeId: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly scopeCode: string;
  readonly version: bigint;
  readonly reason: string;
  readonly frozenBy: string;
  readonly frozenAt: Date;
  readonly thawedBy: string | null;
  readonly thawedAt: Date | null;
  readonly providerDeadlineOn: string | null;
  readonly cutOffAt: Date | null;
}

/** Each freeze as it stands, or its thaw, which says what came in place of the calendar's dates. */
@Injectable()
@Republishes(PeriodFrozenV1, PeriodThawedV1)
export class RepublishFreezes implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    const { rows } = await tx.query<StoredFreeze>(
      `SELECT freeze_id AS "freezeId", service_code AS "serviceCode", achievement_date AS "achievementDate",
              scope_code AS "scopeCode", version, reason, frozen_by AS "frozenBy", frozen_at AS "frozenAt",
              thawed_by AS "thawedBy", thawed_at AS "thawedAt", provider_deadline_on AS "providerDeadlineOn",
              cut_off_at AS "cutOffAt"
       FROM period_freeze
       WHERE ($1::uuid IS NULL OR freeze_id > $1)
         AND ($2::text[] IS NULL OR service_code || '|' || achievement_date = ANY ($2))
       ORDER BY freeze_id LIMIT $3`,
      [after?.[0] ?? null, keys, limit],
    );
    return pageOfRows(rows, limit, ({ freezeId }) => [freezeId], freezeEvent);
  }
}

function freezeEvent(row: StoredFreeze): NewEvent {
  const { freezeId, serviceCode, achievementDate, scopeCode, thawedBy, thawedAt, reason, frozenBy } = row;
  const freeze = {
    freezeId,
    serviceCode,
    achievementDate,
    scopeCode,
    freezeVersion: Number(row.version),
  };
  if (thawedBy === null || thawedAt === null)
    return newEvent(PeriodFrozenV1, {
      ...freeze,
      reason,
      frozenBy,
      frozenAt: row.frozenAt.toISOString(),
    }) as unknown as NewEvent;
  return newEvent(PeriodThawedV1, {
    ...freeze,
    thawedBy,
    thawedAt: thawedAt.toISOString(),
    providerDeadlineOn: row.providerDeadlineOn,
    cutOffAt: row.cutOffAt?.toISOString() ?? null,
  }) as unknown as NewEvent;
}
