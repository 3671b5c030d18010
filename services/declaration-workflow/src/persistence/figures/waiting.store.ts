import type { LondonDate } from '@attest/calendar';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  otherInputs,
  type ArrivedFigures,
  type FiguresDetail,
  type WaitingAchievement,
} from '../../application/figures/arrived-figures.js';
import { WaitingStore } from '../../application/figures/figures.ports.js';
import type { Marker } from '../../domain/core/declaration.js';
import type { AchievementIdentity } from '../../domain/core/stimulus.js';
import { markerOf } from '../core/declaration.columns.js';
import { columnsOf } from '../references/reference.store.js';

interface StoredFigures {
  readonly revision: number;
  readonly pence: string;
  readonly resultHash: string;
  readonly memberships: Record<string, number>;
  readonly notApplicable: string | null;
  readonly detail: FiguresDetail;
}

interface WaitingRow {
  readonly service_code: string;
  readonly achievement_date: LondonDate;
  readonly organisation_code: string;
  readonly figures: StoredFigures | null;
  readonly awaiting: Parameters<typeof markerOf>[0];
  readonly blocked: Parameters<typeof markerOf>[0];
  readonly event_id: string;
}

@Injectable()
export class PgWaitingStore extends WaitingStore {
  async take(tx: Tx, achievements: readonly AchievementIdentity[]): Promise<WaitingAchievement[]> {
    if (achievements.length === 0) return [];
    const { rows } = await tx.query<WaitingRow>(
      {
        name: 'take-waiting',
        text: `DELETE FROM waiting_achievement w
               USING unnest($1::text[], $2::date[], $3::text[]) AS a(service_code, achievement_date, organisation_code)
               WHERE w.service_code = a.service_code AND w.achievement_date = a.achievement_date
                 AND w.organisation_code = a.organisation_code
               RETURNING w.*`,
      },
      columnsOf(achievements),
    );
    return rows.map(waitingOf);
  }

  async takeReady(tx: Tx, limit: number): Promise<WaitingAchievement[]> {
    const { rows } = await tx.query<WaitingRow>(
      {
        name: 'take-ready',
        text: `DELETE FROM waiting_achievement w
               USING (SELECT r.service_code, r.achievement_date, r.organisation_code
                      FROM waiting_achievement r
                      JOIN directory_organisation o ON o.code = r.organisation_code
                      JOIN calendar_entry c ON c.service_code = r.service_code AND c.achievement_date = r.achievement_date
                      WHERE r.figures IS NOT NULL LIMIT $1) AS ready
               WHERE w.service_code = ready.service_code AND w.achievement_date = ready.achievement_date
                 AND w.organisation_code = ready.organisation_code
               RETURNING w.*`,
      },
      [limit],
    );
    return rows.map(waitingOf);
  }

  async keep(tx: Tx, waiting: readonly WaitingAchievement[]): Promise<void> {
    if (waiting.length === 0) return;
    const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
    await tx.query(
      {
        name: 'keep-waiting',
        // Whatever waited was taken first, so a row that stands here now came from another transaction: the newer wins.
        text: `INSERT INTO waiting_achievement AS w
                 (service_code, achievement_date, organisation_code, figure_revision, figures, awaiting, blocked, event_id)
               SELECT * FROM unnest($1::text[], $2::date[], $3::text[], $4::bigint[], $5::jsonb[], $6::jsonb[], $7::jsonb[], $8::uuid[])
               ON CONFLICT (service_code, achievement_date, organisation_code) DO UPDATE
                 SET figure_revision = excluded.figure_revision, figures = coalesce(excluded.figures, w.figures),
                     awaiting = excluded.awaiting, blocked = excluded.blocked, event_id = excluded.event_id
                 WHERE w.figure_revision <= excluded.figure_revision`,
      },
      [
        ...columnsOf(waiting.map((w) => w.achievement)),
        plainArray(waiting.map((w) => w.arrived?.figures.revision ?? 0)),
        textArray(waiting.map((w) => json(w.arrived && storedFigures(w.arrived)))),
        textArray(waiting.map((w) => json(w.awaiting))),
        textArray(waiting.map((w) => json(w.blocked))),
        plainArray(waiting.map((w) => w.eventId)),
      ],
    );
  }
}

function storedFigures({ figures, detail }: ArrivedFigures): StoredFigures {
  const { revision, pence, resultHash, memberships, notApplicable } = figures;
  return {
    revision,
    pence: pence.toString(),
    resultHash,
    memberships: { ...memberships },
    notApplicable,
    detail,
  };
}

function arrivedOf({ detail, pence, ...figures }: StoredFigures): ArrivedFigures {
  return { figures: { ...figures, pence: BigInt(pence), inputs: otherInputs(detail.inputs) }, detail };
}

const waitingOf = (row: WaitingRow): WaitingAchievement => ({
  achievement: {
    serviceCode: row.service_code,
    achievementDate: row.achievement_date,
    organisationCode: row.organisation_code,
  },
  arrived: row.figures && arrivedOf(row.figures),
  awaiting: markerOf(row.awaiting) as Marker | null,
  blocked: markerOf(row.blocked) as Marker | null,
  eventId: row.event_id,
});
