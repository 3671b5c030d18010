import type { LondonDate } from '@attest/calendar';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Reading } from '../application/ports.js';
import {
  assignmentKey,
  RoleStore,
  type AssignmentKey,
  type RoleAssignment,
  type RoleStatement,
} from '../application/role-store.js';

export const ASSIGNMENT_COLUMNS = `a.assignment_id AS "assignmentId", a.person_id AS "personId", a.role,
  a.organisation_code AS "organisationCode", a.valid_from AS "validFrom", a.valid_to AS "validTo", a.version`;

/** Any fixed number but that of files. */
const ROLE_LOCK = 7_302_651_011;

const SAME_ROLE = `(s.person_id, s.role, s.organisation_code) = (w.person_id, w.role, w.organisation_code)`;

/** What files that count made of the role of `w`. */
const STANDING_ON_ROLE = `role_statement o JOIN organisation_file f ON f.file_id = o.file_id
  WHERE f.status IN ('TAKEN', 'AWAITING_WITHDRAWAL')
    AND (o.person_id, o.role, o.organisation_code) = (w.person_id, w.role, w.organisation_code)`;

@Injectable()
export class PgRoleStore extends RoleStore {
  override async lock(tx: Tx, keys: readonly AssignmentKey[]): Promise<Map<string, RoleAssignment>> {
    // What is not there yet has no row to lock: two first assignments would both be version 1.
    await tx.query(`SELECT pg_advisory_xact_lock($1)`, [ROLE_LOCK]);
    const { rows } = await tx.query<RoleAssignment>(
      `SELECT ${ASSIGNMENT_COLUMNS} FROM role_assignment a
       JOIN unnest($1::text[], $2::text[], $3::text[]) AS wanted (person_id, role, organisation_code)
         USING (person_id, role, organisation_code)
       ORDER BY a.person_id, a.role, a.organisation_code FOR UPDATE OF a`,
      [
        textArray(keys.map((k) => k.personId)),
        textArray(keys.map((k) => k.role)),
        textArray(keys.map((k) => k.organisationCode)),
      ],
    );
    return new Map(rows.map((row) => [assignmentKey(row), row]));
  }

  override async save(tx: Tx, assignments: readonly RoleAssignment[], by: string, at: Date): Promise<void> {
    if (assignments.length === 0) return;
    await tx.query(
      `INSERT INTO role_assignment (assignment_id, person_id, role, organisation_code, valid_from, valid_to, version, recorded_at, recorded_by)
       SELECT a.*, $8, $9 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::date[], $7::bigint[]) AS a
       ON CONFLICT (person_id, role, organisation_code) DO UPDATE SET
         valid_from = excluded.valid_from, valid_to = excluded.valid_to, version = excluded.version,
         recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by`,
      [
        plainArray(assignments.map((a) => a.assignmentId)),
        textArray(assignments.map((a) => a.personId)),
        textArray(assignments.map((a) => a.role)),
        textArray(assignments.map((a) => a.organisationCode)),
        plainArray(assignments.map((a) => a.validFrom)),
        plainArray(assignments.map((a) => a.validTo)),
        plainArray(assignments.map((a) => a.version)),
        at,
        by,
      ],
    );
  }

  override async savePeople(tx: Tx, people: ReadonlyMap<string, string>): Promise<void> {
    if (people.size === 0) return;
    await tx.query(
      `INSERT INTO person AS known (person_id, name) SELECT * FROM unnest($1::text[], $2::text[])
       ON CONFLICT (person_id) DO UPDATE SET name = excluded.name WHERE known.name <> excluded.name`,
      [textArray([...people.keys()]), textArray([...people.values()])],
    );
  }

  override async byId(where: Reading, assignmentId: string): Promise<RoleAssignment | null> {
    const { rows } = await where.query<RoleAssignment>(
      `SELECT ${ASSIGNMENT_COLUMNS} FROM role_assignment a WHERE a.assignment_id = $1`,
      [assignmentId],
    );
    return rows[0] ?? null;
  }

  override async countInForce(tx: Tx, on: LondonDate): Promise<number> {
    const { rows } = await tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM role_assignment
       WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1)`,
      [on],
    );
    return rows[0]!.count;
  }

  override async addStatements(
    tx: Tx,
    fileId: string,
    statements: readonly Omit<RoleStatement, 'beforeFrom' | 'beforeTo' | 'recordedVersion'>[],
  ): Promise<void> {
    await tx.copyIn(
      'role_statement',
      ['file_id', 'person_id', 'person_name', 'role', 'organisation_code', 'valid_from', 'valid_to'],
      statements.map((s) => [
        fileId,
        s.personId,
        s.personName,
        s.role,
        s.organisationCode,
        s.validFrom,
        s.validTo,
      ]),
    );
  }

  override async statements(tx: Tx, fileId: string): Promise<RoleStatement[]> {
    const { rows } = await tx.query<RoleStatement>(
      `SELECT person_id AS "personId", person_name AS "personName", role, organisation_code AS "organisationCode",
              valid_from AS "validFrom", valid_to AS "validTo", before_from AS "beforeFrom", before_to AS "beforeTo",
              recorded_version AS "recordedVersion"
       FROM role_statement WHERE file_id = $1 ORDER BY person_id, role, organisation_code`,
      [fileId],
    );
    return rows;
  }

  override async keepBefore(
    tx: Tx,
    fileId: string,
    changed: readonly { readonly now: RoleAssignment; readonly before: RoleAssignment | null }[],
  ): Promise<void> {
    if (changed.length === 0) return;
    await tx.query(
      `UPDATE role_statement s SET recorded_version = c.version, before_from = c.before_from, before_to = c.before_to
       FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::date[], $7::date[])
         AS c (person_id, role, organisation_code, version, before_from, before_to)
       WHERE s.file_id = $1 AND (s.person_id, s.role, s.organisation_code) = (c.person_id, c.role, c.organisation_code)`,
      [
        fileId,
        textArray(changed.map(({ now }) => now.personId)),
        textArray(changed.map(({ now }) => now.role)),
        textArray(changed.map(({ now }) => now.organisationCode)),
        plainArray(changed.map(({ now }) => now.version)),
        plainArray(changed.map(({ before }) => before?.validFrom ?? null)),
        plainArray(changed.map(({ before }) => before?.validTo ?? null)),
      ],
    );
  }

  override async handOver(tx: Tx, fileId: string, restored: readonly RoleAssignment[]): Promise<void> {
    // Dates that differ were changed in between by hand: those nobody hands over.
    await tx.query(
      `UPDATE role_statement s SET before_from = w.before_from, before_to = w.before_to FROM role_statement w
       WHERE w.file_id = $1 AND ${SAME_ROLE} AND s.recorded_version = (
           SELECT min(o.recorded_version) FROM ${STANDING_ON_ROLE} AND o.recorded_version > w.recorded_version)
         AND ROW(s.before_from, s.before_to) IS NOT DISTINCT FROM ROW(w.valid_from, w.valid_to)`,
      [fileId],
    );
    if (restored.length === 0) return;
    await tx.query(
      `UPDATE role_statement s SET recorded_version = r.version
       FROM role_statement w JOIN unnest($2::text[], $3::text[], $4::text[], $5::bigint[])
         AS r (person_id, role, organisation_code, version) USING (person_id, role, organisation_code)
       WHERE w.file_id = $1 AND ${SAME_ROLE} AND s.recorded_version = (
           SELECT max(o.recorded_version) FROM ${STANDING_ON_ROLE} AND o.recorded_version < w.recorded_version)
         AND ROW(s.valid_from, s.valid_to) IS NOT DISTINCT FROM ROW(w.before_from, w.before_to)`,
      [
        fileId,
        textArray(restored.map((r) => r.personId)),
        textArray(restored.map((r) => r.role)),
        textArray(restored.map((r) => r.organisationCode)),
        plainArray(restored.map((r) => r.version)),
      ],
    );
  }
}
