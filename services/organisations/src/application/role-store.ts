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

/** What a file of people says of one role, and what it was before the file was taken. */
export interface RoleStatement extends Omit<RoleAssignment, 'assignmentId' | 'version'> {
  readonly personName: string;
  /** Null when the role was not there before. */
  readonly beforeFrom: LondonDate | null;
  readonly beforeTo: LondonDate | null;
  /** The version that the file made; null where it changed nothing. */
  readonly recordedVersion: bigint | null;
}

/** Who may act for whom, from when to when. */
export abstract class RoleStore {
  /** Those that exist among these, by assignmentKey, locked. */
  abstract lock(tx: Tx, keys: readonly AssignmentKey[]): Promise<Map<string, RoleAssignment>>;
  abstract save(tx: Tx, assignments: readonly RoleAssignment[], by: string, at: Date): Promise<void>;
  abstract savePeople(tx: Tx, people: ReadonlyMap<string, string>): Promise<void>;
  abstract byId(where: Reading, assignmentId: string): Promise<RoleAssignment | null>;
  abstract countInForce(tx: Tx, on: LondonDate): Promise<number>;
  abstract addStatements(
    tx: Tx,
    fileId: string,
    statements: readonly Omit<RoleStatement, 'beforeFrom' | 'beforeTo' | 'recordedVersion'>[],
  ): Promise<void>;
  abstract statements(tx: Tx, fileId: string): Promise<RoleStatement[]>;
  /** What a file changed, so that it can be given back. */
  abstract keepBefore(
    tx: Tx,
    fileId: string,
    changed: readonly { readonly now: RoleAssignment; readonly before: RoleAssignment | null }[],
  ): Promise<void>;
  /**
   * A file that is withdrawn stands no longer between those before and behind it. What came behind it gives back what
   * stood before it; what stood before it made the dates that stand again, and can give those back.
   * @param restored the roles that it gave back, as they are now
   */
  abstract handOver(tx: Tx, fileId: string, restored: readonly RoleAssignment[]): Promise<void>;
}
