import type { EventOf, OrganisationState, RoleAssignmentRecordedV1 } from '@attest/contracts';
import type { Tx } from '@attest/persistence';

type RoleAssignment = EventOf<typeof RoleAssignmentRecordedV1>;

/** Keeps the newest version of each organisation, whatever order or repetition they come in. */
export async function recordOrganisations(tx: Tx, states: readonly OrganisationState[]): Promise<void> {
  if (states.length === 0) return;
  await tx.query(
    {
      name: 'directory-record-organisations',
      text: `
        INSERT INTO directory_organisation AS known
          (code, kind, name, commissioner_code, ancestors, open_on, close_on, version)
        SELECT DISTINCT ON (code) code, kind, name, "commissionerCode",
               ARRAY(SELECT jsonb_array_elements_text(ancestors)), "openOn", "closeOn", "organisationVersion"
        FROM jsonb_to_recordset($1::jsonb) AS said
          (code text, kind text, name text, "commissionerCode" text, ancestors jsonb, "openOn" date, "closeOn" date,
           "organisationVersion" bigint)
        ORDER BY code, "organisationVersion" DESC
        ON CONFLICT (code) DO UPDATE SET
          kind = excluded.kind, name = excluded.name, commissioner_code = excluded.commissioner_code,
          ancestors = excluded.ancestors, open_on = excluded.open_on, close_on = excluded.close_on,
          version = excluded.version
        WHERE known.version < excluded.version`,
    },
    [
      JSON.stringify(
        states.map(
          ({ code, kind, name, commissionerCode, ancestors, openOn, closeOn, organisationVersion }) => ({
            code,
            kind,
            name,
            commissionerCode,
            ancestors,
            openOn,
            closeOn,
            organisationVersion,
          }),
        ),
      ),
    ],
  );
}

/** Keeps the newest version of each assignment of a person to a role at an organisation. */
export async function recordRoles(tx: Tx, assignments: readonly RoleAssignment[]): Promise<void> {
  if (assignments.length === 0) return;
  await tx.query(
    {
      name: 'directory-record-roles',
      text: `
        INSERT INTO directory_role AS known (person_id, role, organisation_code, valid_from, valid_to, version)
        SELECT DISTINCT ON ("personId", role, "organisationCode")
               "personId", role, "organisationCode", "validFrom", "validTo", "assignmentVersion"
        FROM jsonb_to_recordset($1::jsonb) AS said
          ("personId" text, role text, "organisationCode" text, "validFrom" date, "validTo" date, "assignmentVersion" bigint)
        ORDER BY "personId", role, "organisationCode", "assignmentVersion" DESC
        ON CONFLICT (person_id, role, organisation_code) DO UPDATE SET
          valid_from = excluded.valid_from, valid_to = excluded.valid_to, version = excluded.version
        WHERE known.version < excluded.version`,
    },
    [JSON.stringify(assignments)],
  );
}

/** The first operator, before anything has been imported. Never overwrites what events said. */
export async function appointFirstOperator(tx: Tx, personId: string): Promise<void> {
  await tx.query(
    `INSERT INTO directory_role (person_id, role, organisation_code, valid_from, valid_to, version)
     VALUES ($1, 'NATIONAL_OPERATOR', 'ENGLAND', '0001-01-01', NULL, 0) ON CONFLICT DO NOTHING`,
    [personId],
  );
}
