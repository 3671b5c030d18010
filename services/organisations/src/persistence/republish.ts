import {
  newEvent,
  OrganisationChangedV1,
  PcnMembershipCorrectedV1,
  PcnMembershipEstablishedV1,
  PcnMembershipJoinedV1,
  PcnMembershipLeftV1,
  RoleAssignmentRecordedV1,
  type PcnMembershipState,
} from '@attest/contracts';
import {
  pageOfRows,
  Republishes,
  type RepublishedPage,
  type Republishing,
  type RepublishSlice,
} from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { RoleAssignment } from '../application/role-store.js';
import { MEMBERSHIP_EVENTS } from '../application/publish.js';
import type { MembershipEventKind } from '../domain/memberships/pcn-members.js';
import { ORGANISATION_COLUMNS, publishedOf, type OrganisationRow } from './organisation.store.js';
import { ASSIGNMENT_COLUMNS } from './role.store.js';

/** Each as it stands: the whole is in one event, so a newer one lacks nothing. */
@Injectable()
@Republishes(OrganisationChangedV1)
export class RepublishOrganisations implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    const { rows } = await tx.query<OrganisationRow>(
      `SELECT ${ORGANISATION_COLUMNS} FROM organisation o
       WHERE ($1::text IS NULL OR o.code > $1) AND ($2::text[] IS NULL OR o.code = ANY ($2))
       ORDER BY o.code LIMIT $3`,
      [after?.[0] ?? null, keys, limit],
    );
    return pageOfRows(
      rows,
      limit,
      ({ code }) => [code],
      (row) => {
        const { organisation, version } = publishedOf(row);
        return newEvent(OrganisationChangedV1, { ...organisation, organisationVersion: Number(version) });
      },
    );
  }
}

/** Each as it stands, also those that ended: somebody may know them without their end. */
@Injectable()
@Republishes(RoleAssignmentRecordedV1)
export class RepublishRoles implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    const { rows } = await tx.query<RoleAssignment>(
      `SELECT ${ASSIGNMENT_COLUMNS} FROM role_assignment a
       WHERE ($1::text IS NULL OR (a.person_id, a.role, a.organisation_code) > ($1, $2, $3))
         AND ($4::text[] IS NULL OR a.organisation_code = ANY ($4))
       ORDER BY a.person_id, a.role, a.organisation_code LIMIT $5`,
      [after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, keys, limit],
    );
    return pageOfRows(
      rows,
      limit,
      ({ personId, role, organisationCode }) => [personId, role, organisationCode],
      ({ assignmentId: _, version, ...assignment }) =>
        newEvent(RoleAssignmentRecordedV1, { ...assignment, assignmentVersion: Number(version) }),
    );
  }
}

/**
 * Every version of a PCN in its order, each with the dates that it touched: whoever knows the first ones holds only
 * what the later ones touch.
 */
@Injectable()
@Republishes(PcnMembershipEstablishedV1, PcnMembershipJoinedV1, PcnMembershipLeftV1, PcnMembershipCorrectedV1)
export class RepublishMemberships implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    // Each carries the dates that it touched, which no later one does: a newer one waits until these are told.
    await tx.query(
      `SELECT FROM pcn_membership p WHERE p.pcn_code IN (
         SELECT pcn_code FROM pcn_membership_told
         WHERE ($1::text IS NULL OR (pcn_code, version) > ($1, $2::bigint))
           AND ($3::text[] IS NULL OR pcn_code = ANY ($3))
         ORDER BY pcn_code, version LIMIT $4)
       ORDER BY p.pcn_code FOR SHARE NOWAIT`,
      [after?.[0] ?? null, after?.[1] ?? null, keys, limit],
    );
    const { rows } = await tx.query<{
      pcn_code: string;
      version: bigint;
      kind: MembershipEventKind;
      state: PcnMembershipState;
    }>(
      `SELECT pcn_code, version, kind, state FROM pcn_membership_told
       WHERE ($1::text IS NULL OR (pcn_code, version) > ($1, $2::bigint))
         AND ($3::text[] IS NULL OR pcn_code = ANY ($3))
       ORDER BY pcn_code, version LIMIT $4`,
      [after?.[0] ?? null, after?.[1] ?? null, keys, limit],
    );
    return pageOfRows(
      rows,
      limit,
      (row) => [row.pcn_code, String(row.version)],
      (row) => newEvent(MEMBERSHIP_EVENTS[row.kind], row.state),
    );
  }
}
