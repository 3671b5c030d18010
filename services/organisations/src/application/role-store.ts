import type { LondonDate } from '@attest/calendar';
import type { Role } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import type { Reading } from './ports.js';

export interface RoleAssignment {
  readonly assignmentId: string;
  readonly personId: string;
  readonly role: Role;
  readonly organisationCode: string;
  readonly validFrom: LondonDate;
  readonly validTo: LondonDate | null;
  readonly version: bigint;
}

export type AssignmentKey = Pick<RoleAssignment, 'personId' | 'role' | 'organisationCode'>;
export const assignmentKey = (a: AssignmentKey): string => `${a.personId} ${a.role} ${a.organisationCode}`;

/** Who may act for whom, from when to when. */
export abstract class RoleStore {
  /** Those that exist among these, by assignmentKey, locked. */
  abstract lock(tx: Tx, keys: readonly AssignmentKey[]): Promise<Map<string, RoleAssignment>>;
  abstract save(tx: Tx, assignments: readonly RoleAssignment[], by: string, at: Date): Promise<void>;
  abstract savePeople(tx: Tx, people: ReadonlyMap<string, string>): Promise<void>;
  abstract byId(where: Reading, assignmentId: string): Promise<RoleAssignment | null>;
}
