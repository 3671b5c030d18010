import { Injectable } from '@nestjs/common';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { AchievementStore, type AchievementState, type Marker, type PublishedFigure } from '../application/ports.js';
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

@Injectable()
export class PgAchievementStore extends AchievementStore {
  async lock(tx: Tx, identities: readonly Identity[]): Promise<readonly AchievementState[]> {
    const arrays = identityArrays(identities);
    await tx.query(
      {
        name: 'begin-achievements',
        text: `INSERT INTO achievement (${KEY}) SELECT ${KEY} FROM ${TARGETS} ORDER BY ${KEY} ON CONFLICT DO NOTHING`,
      },
      arrays,
    );
    const { rows } = await tx.query<StateRow>(
      {
        name: 'lock-achievements',
        text: `SELECT t.place, ${STATE} FROM ${TARGETS} JOIN achievement a USING (${KEY}) ORDER BY ${KEY} FOR NO KEY UPDATE OF a`,
      },
      arrays,
    );
    const states = new Array<AchievementState>(identities.length);
    for (const row of rows) states[Number(row.place) - 1] = state(row);
    return states;
  }

  async states(tx: Tx, identities: readonly Identity[]): Promise<readonly (AchievementState | null)[]> {
    const { rows } = await tx.query<StateRow>(
      {
        name: 'states-of-achievements',
        text: `SELECT t.place, ${STATE} FROM ${TARGETS} LEFT JOIN achievement a USING (${KEY}) ORDER BY t.place`,
      },
      identityArrays(identities),
    );
    return rows.map((row) => (row.figureRevision === null ? null : state(row)));
  }

  async publish(tx: Tx, figures: readonly PublishedFigure[], calculatedAt: Date): Promise<void> {
    if (figures.length === 0) return;
    const [services, dates, organisations] = identityArrays(figures);
    const revisions = plainArray(figures.map((f) => f.figureRevision));
    const states = textArray(figures.map((f) => f.figure.state));
    const codes = textArray(figures.map((f) => f.figure.code));
    const pence = plainArray(figures.map((f) => f.figure.pence));
    const points = textArray(figures.map((f) => f.figure.points));
    await tx.query(
      {
        name: 'add-revisions',
        text: `
          INSERT INTO achievement_revision (${KEY}, figure_revision, state, code, pence, points, declared_values, inputs,
                                            explanation, cause, calculated_at)
          SELECT s, d, o, r, st, c, p, pt, v::json, i::json, e::json, ca::json, $12
          FROM unnest($1::text[], $2::date[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[],
                      $9::text[], $10::text[], $11::text[], $13::text[]) AS said (s, d, o, r, st, c, p, pt, v, i, e, ca)`,
      },
      [
        services,
        dates,
        organisations,
        revisions,
        states,
        codes,
        pence,
        points,
        textArray(figures.map((f) => f.figure.values)),
        textArray(figures.map((f) => f.figure.inputs)),
        textArray(figures.map((f) => f.figure.explanation)),
        calculatedAt,
        textArray(figures.map((f) => f.cause)),
      ],
    );
    await tx.query(
      {
        name: 'move-achievements',
        text: `
          UPDATE achievement a SET figure_revision = r, state = st, code = c, pence = p, points = pt, fingerprint = fp,
                 awaiting_revision = NULL, blocked_revision = NULL, blocked_code = NULL, updated_at = $10
          FROM unnest($1::text[], $2::date[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[],
                      $9::text[]) AS said (s, d, o, r, st, c, p, pt, fp)
          WHERE a.service_code = s AND a.achievement_date = d AND a.organisation_code = o`,
      },
      [
        services,
        dates,
        organisations,
        revisions,
        states,
        codes,
        pence,
        points,
        textArray(figures.map((f) => f.figure.fingerprint)),
        calculatedAt,
      ],
    );
  }

  async markAwaiting(tx: Tx, markers: readonly Marker[]): Promise<void> {
    await tx.query(
      {
        name: 'mark-awaiting',
        text: `UPDATE achievement a SET awaiting_revision = r, marks = marks + 1
               FROM unnest($1::text[], $2::date[], $3::text[], $4::bigint[]) AS said (s, d, o, r)
               WHERE a.service_code = s AND a.achievement_date = d AND a.organisation_code = o`,
      },
      [...identityArrays(markers), plainArray(markers.map((marker) => marker.closesAtRevision))],
    );
  }

  async markBlocked(tx: Tx, markers: readonly Marker[], code: string): Promise<void> {
    await tx.query(
      {
        name: 'mark-blocked',
        text: `UPDATE achievement a SET blocked_revision = r, blocked_code = $5, marks = marks + 1
               FROM unnest($1::text[], $2::date[], $3::text[], $4::bigint[]) AS said (s, d, o, r)
               WHERE a.service_code = s AND a.achievement_date = d AND a.organisation_code = o`,
      },
      [...identityArrays(markers), plainArray(markers.map((marker) => marker.closesAtRevision)), code],
    );
  }
}

const state = (row: StateRow): AchievementState => ({
  figureRevision: Number(row.figureRevision),
  fingerprint: row.fingerprint,
  awaitingRevision: row.awaitingRevision === null ? null : Number(row.awaitingRevision),
  blockedRevision: row.blockedRevision === null ? null : Number(row.blockedRevision),
  marks: Number(row.marks),
});
