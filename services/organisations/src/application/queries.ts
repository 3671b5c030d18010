import type { LondonDate } from '@attest/calendar';
import type { Role } from '@attest/contracts';
import type { FileStatus } from '../domain/files/file-status.js';
import type { RejectedRow } from '../domain/files/rejected-row.js';
import type { PayeeChange, PayeeChangeStatus } from '../domain/payees/payee-change.js';
import type { Touched } from '../domain/register/effect.js';
import type { OrganisationKind } from '../domain/register/organisation.js';
import type { KeptFile, Published } from './ports.js';
import type { RoleAssignment } from './role-store.js';

/** A part of a list: after the item that the one before ended with, and one more than asked for to see if more follow. */
export interface Slice<A extends readonly string[]> {
  readonly after: A | undefined;
  readonly limit: number;
}

export interface OrganisationFilter {
  readonly kind?: OrganisationKind | undefined;
  readonly commissionerCode?: string | undefined;
  readonly name?: string | undefined;
  readonly openOn?: string | undefined;
}

export interface MemberView {
  readonly practiceCode: string;
  readonly name: string;
  readonly commissionerCode: string | null;
  readonly from: LondonDate;
  readonly to: LondonDate | null;
  /** Of the newest list up to the date asked for. */
  readonly registeredPatients: number | null;
  readonly listSizeOn: LondonDate | null;
}

export interface SpellView {
  readonly pcnCode: string;
  readonly name: string;
  readonly from: LondonDate;
  readonly to: LondonDate | null;
}

export interface AssignmentView extends RoleAssignment {
  readonly personName: string | null;
  readonly recordedAt: Date;
}

export interface PlacedEffect extends Touched {
  /** In the list of what the file does. */
  readonly place: number;
}

/** Reads. `scope` is where the caller holds a role, as Access gives it: what lies outside is not there. */
export abstract class Queries {
  abstract organisations(
    scope: readonly string[],
    filter: OrganisationFilter,
    slice: Slice<[string]>,
  ): Promise<Published[]>;
  /** Whether the organisation lies in the scope; in England's lies also what does not exist. */
  abstract isInside(scope: readonly string[], code: string): Promise<boolean>;
  abstract organisation(code: string): Promise<Published | null>;
  abstract members(pcnCode: string, asAt: LondonDate, slice: Slice<[string]>): Promise<MemberView[]>;
  abstract membershipVersion(pcnCode: string): Promise<bigint>;
  abstract memberships(practiceCode: string): Promise<SpellView[]>;
  abstract files(filter: { status?: FileStatus | undefined }, slice: Slice<[string]>): Promise<KeptFile[]>;
  abstract file(fileId: string): Promise<KeptFile | null>;
  abstract effects(fileId: string, slice: Slice<[string]>): Promise<PlacedEffect[]>;
  abstract rejectedRows(fileId: string, slice: Slice<[string]>): Promise<RejectedRow[]>;
  abstract payeeChanges(
    scope: readonly string[],
    filter: { providerCode?: string | undefined; status?: PayeeChangeStatus | undefined },
    slice: Slice<[string]>,
  ): Promise<PayeeChange[]>;
  abstract assignments(
    scope: readonly string[],
    filter: { organisationCode?: string | undefined; personId?: string | undefined; role?: Role | undefined },
    slice: Slice<[string, string, string]>,
  ): Promise<AssignmentView[]>;
}
