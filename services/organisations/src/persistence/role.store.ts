import { plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Reading } from '../application/ports.js';
import {
  assignmentKey,
  RoleStore,
  type AssignmentKey,
  type RoleAssignment,
} from '../application/role-store.js';

export const ASSIGNMENT_COLUMNS = `a.assignment_id AS "assignmentId", a.person_id AS "personId", a.role,
  a.organisation_code AS "organisationCode", a.valid_from AS "validFrom", a.valid_to AS "validTo", a.version`;

/** Any fixed number but that of files. */
const ROLE_LOCK = 7_302_651_011;

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
}
