import { Injectable } from '@nestjs/common';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import {
  AchievementStore,
  type AchievementState,
  type Marker,
  type NextFigure,
} from '../application/ports.js';
import { ConcurrentlyBegunError } from '../domain/achievement.errors.js';
import type { Identity } from '../domain/service.js';
import { identityArrays } from './touched.store.js';

interface StateRow {
  readonly place: bigint;
  readonly figureRevision: bigint | null;
  readonly fingerprint: string | null;
  readonly awaitingRevision: bigint | null;
  readonly blockedRevision: bigint | null;
  readonly marks: bigint;
}

const TARGETS = `unnest($1::text[], $2::date[], $3::text[]) WITH ORDINALITY AS t (service_code, achievement_date, organisation_code, place)`;
const STATE = `a.figure_revision AS "figureRevision", a.fingerprint, a.awaiting_revision AS "awaitingRevision",
  a.blocked_revision AS "blockedRevision", a.marks`;
const KEY = 'service_code, achievement_date, organisation_code';
const SAME_KEY = 'a.service_code = s AND a.achievement_date = d AND a.organisation_code = o';
const FIGURES = `unnest($1::text[], $2::date[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[])
  AS said (s, d, o, r, st, c, p, pt, fp)`;

@Injectable()
export class PgAchievementStore extends AchievementStore {
  async lock(tx: Tx, identities: readonly Identity[]): Promise<readonly AchievementState[]> {
    const { rows } = await tx.query<StateRow>(
      {
        name: 'lock-achievements',
        text: `SELECT t.place, ${STATE} FROM ${TARGETS} JOIN achievement a USING (${KEY}) ORDER BY ${KEY} FOR NO KEY UPDATE OF a`,
      },
      identityArrays(identities),
    );
    return inPlaces(rows, identities.length);
  }

  async states(tx: Tx, identities: readonly Identity[]): Promise<readonly AchievementState[]> {
    const { rows } = await tx.query<StateRow>(
      {
        name: 'states-of-achievements',
        text: `SELECT t.place, ${STATE} FROM ${TARGETS} JOIN achievement a USING (${KEY})`,
      },
      identityArrays(identities),
    );
    return inPlaces(rows, identities.length);
  }

  async publish(tx: Tx, figures: readonly NextFigure[], calculatedAt: Date): Promise<void> {
    const begun = figures.filter((next) => !next.exists);
    const moved = figures.filter((next) => next.exists);
    if (begun.length > 0) {
      const { rowCount } = await tx.query(
        {
          name: 'begin-achievements',
          text: `INSERT INTO achievement (${KEY}, figure_revision, state, code, pence, points, fingerprint, updated_at)
                 SELECT s, d, o, r, st, c, p, pt, fp, $10 FROM ${FIGURES} ORDER BY s, d, o ON CONFLICT DO NOTHING`,
        },
        [...figureArrays(begun), calculatedAt],
      );
      if (rowCount < begun.length) throw new ConcurrentlyBegunError();
    }
    if (moved.length > 0)
      await tx.query(
        {
          name: 'move-achievements',
          text: `
            UPDATE achievement a SET figure_revision = r, state = st, code = c, pence = p, points = pt, fingerprint = fp,
                   awaiting_revision = NULL, blocked_revision = NULL, blocked_code = NULL, updated_at = $10
            FROM ${FIGURES} WHERE ${SAME_KEY}`,
        },
        [...figureArrays(moved), calculatedAt],
      );
    // After the rows that tell whether another transaction began the same. COPY takes JSON as it is; in an array literal each of its quotes would have to be escaped.
    await tx.copyIn('achievement_revision', REVISION_COLUMNS, revisionRows(figures, calculatedAt));
  }

  markAwaiting(tx: Tx, markers: readonly Marker[]): Promise<void> {
    return this.mark(tx, markers, 'awaiting_revision', null);
  }

  markBlocked(tx: Tx, markers: readonly Marker[], code: string): Promise<void> {
    return this.mark(tx, markers, 'blocked_revision', code);
  }

  private async mark(
    tx: Tx,
    markers: readonly Marker[],
    column: 'awaiting_revision' | 'blocked_revision',
    code: string | null,
  ): Promise<void> {
    const arrays = (part: readonly Marker[]): unknown[] => [
      ...identityArrays(part),
      plainArray(part.map((marker) => marker.closesAtRevision)),
      code,
    ];
    const begun = markers.filter((marker) => !marker.exists);
    const known = markers.filter((marker) => marker.exists);
    if (begun.length > 0) {
      const { rowCount } = await tx.query(
        {
          name: `begin-${column}`,
          text: `INSERT INTO achievement (${KEY}, ${column}, blocked_code, marks)
                 SELECT s, d, o, r, $5, 1 FROM unnest($1::text[], $2::date[], $3::text[], $4::bigint[]) AS said (s, d, o, r)
                 ORDER BY s, d, o ON CONFLICT DO NOTHING`,
        },
        arrays(begun),
      );
      if (rowCount < begun.length) throw new ConcurrentlyBegunError();
    }
    if (known.length > 0)
      await tx.query(
        {
          name: `mark-${column}`,
          text: `UPDATE achievement a SET ${column} = r, blocked_code = coalesce($5, blocked_code), marks = marks + 1
                 FROM unnest($1::text[], $2::date[], $3::text[], $4::bigint[]) AS said (s, d, o, r) WHERE ${SAME_KEY}`,
        },
        arrays(known),
      );
  }
}

const figureArrays = (figures: readonly NextFigure[]): unknown[] => [
  ...identityArrays(figures),
  plainArray(figures.map((f) => f.figureRevision)),
  textArray(figures.map((f) => f.written.state)),
  textArray(figures.map((f) => f.written.code)),
  plainArray(figures.map((f) => f.written.pence)),
  textArray(figures.map((f) => f.written.points)),
  textArray(figures.map((f) => f.written.fingerprint)),
];

const REVISION_COLUMNS = [
  'service_code',
  'achievement_date',
  'organisation_code',
  'figure_revision',
  'state',
  'code',
  'pence',
  'points',
  'declared_values',
  'inputs',
  'explanation',
  'cause',
  'calculated_at',
];

function* revisionRows(figures: readonly NextFigure[], calculatedAt: Date): Generator<readonly unknown[]> {
  const at = calculatedAt.toISOString();
  for (const next of figures) {
    const { written } = next;
    yield [
      next.serviceCode,
      next.achievementDate,
      next.organisationCode,
      next.figureRevision,
      written.state,
      written.code,
      written.pence,
      written.points,
      written.values,
      written.inputs,
      written.explanation,
      next.cause && JSON.stringify(next.cause),
      at,
    ];
  }
}

const NOTHING_YET: AchievementState = {
  exists: false,
  figureRevision: 0,
  fingerprint: null,
  awaitingRevision: null,
  blockedRevision: null,
  marks: 0,
};

function inPlaces(rows: readonly StateRow[], count: number): AchievementState[] {
  const states = new Array<AchievementState>(count).fill(NOTHING_YET);
  for (const row of rows)
    states[Number(row.place) - 1] = {
      exists: true,
      figureRevision: Number(row.figureRevision),
      fingerprint: row.fingerprint,
      awaitingRevision: row.awaitingRevision === null ? null : Number(row.awaitingRevision),
      blockedRevision: row.blockedRevision === null ? null : Number(row.blockedRevision),
      marks: Number(row.marks),
    };
  return states;
}
