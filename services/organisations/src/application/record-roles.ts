import { BusinessClock } from '@attest/calendar';
import { newEvent, RoleAssignmentRecordedV1, uuidV7 } from '@attest/contracts';
import { Outbox, versionsOf } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { RoleRow } from '../domain/files/read-row.js';
import { narrowed } from '../domain/roles/narrowed.js';
import { assignmentKey, RoleStore, type AssignmentKey, type RoleAssignment } from './role-store.js';

type Told = Omit<RoleAssignment, 'assignmentId' | 'version'>;
export type WantedAssignment = Omit<RoleRow, 'personName'> & { readonly personName: string | null };

/** Records assignments as a set and tells everybody of those that are new or differ. */
@Injectable()
export class RecordRoles {
  constructor(
    private readonly store: RoleStore,
    private readonly outbox: Outbox,
    private readonly clock: BusinessClock,
  ) {}

  known(tx: Tx, keys: readonly AssignmentKey[]): Promise<Map<string, RoleAssignment>> {
    return this.store.lock(tx, keys);
  }

  /** @returns how many were new or differed */
  async record(tx: Tx, wanted: readonly WantedAssignment[], by: string): Promise<number> {
    return (await this.recordAll(tx, wanted, by)).length;
  }

  /** @returns those that were new or differed */
  async recordAll(tx: Tx, wanted: readonly WantedAssignment[], by: string): Promise<RoleAssignment[]> {
    const names = wanted.flatMap((w): [string, string][] =>
      w.personName === null ? [] : [[w.personId, w.personName]],
    );
    await this.store.savePeople(tx, new Map(names));
    const known = await this.store.lock(tx, wanted);
    const versions = await versionsOf(tx);
    const changed = wanted.flatMap((w): RoleAssignment[] => {
      const before = known.get(assignmentKey(w));
      if (before && before.validFrom === w.validFrom && before.validTo === w.validTo) return [];
      return [
        {
          assignmentId: before?.assignmentId ?? uuidV7(),
          personId: w.personId,
          role: w.role,
          organisationCode: w.organisationCode,
          validFrom: w.validFrom,
          validTo: w.validTo,
          version: versions.after(before?.version ?? 0n),
        },
      ];
    });
    await this.write(tx, changed, by);
    return changed;
  }

  /** After a restore: each gets the dates that both the database and what was told allow, and they are told anew. */
  async tellNarrowed(tx: Tx, told: readonly Told[], by: string): Promise<void> {
    const known = await this.store.lock(tx, told);
    const versions = await versionsOf(tx);
    const today = this.clock.today();
    const narrow = told.map(({ personId, role, organisationCode, validFrom, validTo }): RoleAssignment => {
      const before = known.get(assignmentKey({ personId, role, organisationCode }));
      const { from, to } = narrowed(
        { from: validFrom, to: validTo },
        before && { from: before.validFrom, to: before.validTo },
        today,
      );
      return {
        assignmentId: before?.assignmentId ?? uuidV7(),
        personId,
        role,
        organisationCode,
        validFrom: from,
        validTo: to,
        version: versions.after(before?.version ?? 0n),
      };
    });
    await this.write(tx, narrow, by);
  }

  private async write(tx: Tx, assignments: readonly RoleAssignment[], by: string): Promise<void> {
    await this.store.save(tx, assignments, by, this.clock.now());
    await this.outbox.add(
      tx,
      assignments.map(({ assignmentId: _, version, ...assignment }) =>
        newEvent(RoleAssignmentRecordedV1, { ...assignment, assignmentVersion: Number(version) }),
      ),
    );
  }
}
