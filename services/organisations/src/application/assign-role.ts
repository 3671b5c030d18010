import { Access, type Caller } from '@attest/auth';
import type { LondonDate } from '@attest/calendar';
import { ENGLAND, type Role } from '@attest/contracts';
import { containsNhsNumber, PatientIdentifierFoundError, type AttestError } from '@attest/errors';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  AssignmentDatesReversedError,
  AssignmentUnknownError,
  OrganisationUnknownError,
  RoleNotThereError,
} from '../domain/organisations.errors.js';
import { OrganisationStore } from './ports.js';
import { RecordRoles } from './record-roles.js';
import { RoleStore, type RoleAssignment } from './role-store.js';

export const ROLE_ADMINISTRATION: readonly Role[] = ['ORGANISATION_ADMINISTRATION', 'NATIONAL_OPERATOR'];

export interface RoleToAssign {
  readonly personId: string;
  readonly personName: string | null;
  readonly role: Role;
  readonly organisationCode: string;
  readonly validFrom: LondonDate;
  readonly validTo: LondonDate | null;
}

/** Somebody may act for an organisation from one date to another; assigning again corrects the dates. */
@Injectable()
export class AssignRole {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly organisations: OrganisationStore,
    private readonly roles: RecordRoles,
    private readonly store: RoleStore,
  ) {}

  async assign(caller: Caller, wanted: RoleToAssign): Promise<RoleAssignment> {
    if (containsNhsNumber(`${wanted.personId} ${wanted.personName ?? ''}`))
      throw new PatientIdentifierFoundError('The person');
    if (wanted.role === 'NATIONAL_OPERATOR' && wanted.organisationCode !== ENGLAND)
      throw new RoleNotThereError(wanted.role, wanted.organisationCode);
    await this.requireAdministration(
      caller,
      wanted,
      () => new OrganisationUnknownError(wanted.organisationCode),
    );
    return this.record(caller, wanted);
  }

  /** The last day on which it counts is the one before `endOn`. */
  async end(caller: Caller, assignmentId: string, endOn: LondonDate): Promise<RoleAssignment> {
    const unknown = (): AssignmentUnknownError => new AssignmentUnknownError(assignmentId);
    const known = await this.store.byId(this.database, assignmentId);
    if (!known) throw unknown();
    await this.requireAdministration(caller, known, unknown);
    return this.record(caller, { ...known, personName: null, validTo: endOn });
  }

  private async record(caller: Caller, wanted: RoleToAssign): Promise<RoleAssignment> {
    const { validFrom, validTo, organisationCode } = wanted;
    if (validTo !== null && validTo <= validFrom) throw new AssignmentDatesReversedError(validFrom, validTo);
    return this.database.transaction(async (tx) => {
      const found = await this.organisations.find(tx, [organisationCode]);
      if (!found.has(organisationCode)) throw new OrganisationUnknownError(organisationCode);
      const [changed] = await this.roles.recordAll(tx, [wanted], caller.personId);
      return changed ?? [...(await this.roles.known(tx, [wanted])).values()][0]!;
    });
  }

  /** Nobody appoints an operator but an operator. */
  private requireAdministration(
    caller: Caller,
    { role, organisationCode }: Pick<RoleToAssign, 'role' | 'organisationCode'>,
    unknown: () => AttestError,
  ): Promise<void> {
    const roles: readonly Role[] = role === 'NATIONAL_OPERATOR' ? ['NATIONAL_OPERATOR'] : ROLE_ADMINISTRATION;
    return this.access.require(caller, roles, organisationCode, unknown);
  }
}
