import { BusinessClock } from '@attest/calendar';
import { newEvent, RoleAssignmentRecordedV1, uuidV7 } from '@attest/contracts';
import { Outbox } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { RoleRow } from '../domain/files/read-row.js';
import { assignmentKey, RoleStore, type AssignmentKey, type RoleAssignment } from './role-store.js';

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
          version: (before?.version ?? 0n) + 1n,
        },
      ];
    });
    await this.store.save(tx, changed, by, this.clock.now());
    await this.outbox.add(
      tx,
      changed.map(({ assignmentId: _, version, ...assignment }) =>
        newEvent(RoleAssignmentRecordedV1, { ...assignment, assignmentVersion: Number(version) }),
      ),
    );
    return changed;
  }
}
