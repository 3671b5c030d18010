import { addDays, BusinessClock, type LondonDate } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { effectOnRoles } from '../domain/register/effect.js';
import type { FileChange, KeptFile } from './ports.js';
import { RecordRoles, type WantedAssignment } from './record-roles.js';
import { assignmentKey, RoleStore, type RoleAssignment } from './role-store.js';

/** What a file of people does: it assigns roles, and withdrawn it gives back what they were before. */
@Injectable()
export class TakeRoles {
  constructor(
    private readonly store: RoleStore,
    private readonly roles: RecordRoles,
    private readonly clock: BusinessClock,
  ) {}

  async taking(tx: Tx, { fileId, asAt }: KeptFile, by: string): Promise<FileChange> {
    const wanted = await this.store.statements(tx, fileId);
    const known = await this.roles.known(tx, wanted);
    return {
      effect: effectOnRoles(pairs(known, wanted), await this.store.countInForce(tx, asAt), false),
      publish: async () => {
        const changed = await this.roles.recordAll(tx, wanted, by);
        await this.store.keepBefore(
          tx,
          fileId,
          changed.map((now) => ({ now, before: known.get(assignmentKey(now)) ?? null })),
        );
        return { changed: changed.length, notes: {} };
      },
    };
  }

  /** Only roles that are still as the file left them: what somebody changed since stands. */
  async withdrawing(tx: Tx, { fileId, asAt }: KeptFile, by: string): Promise<FileChange> {
    const told = await this.store.statements(tx, fileId);
    const known = await this.roles.known(tx, told);
    const wanted = told.flatMap((row): WantedAssignment[] => {
      const now = known.get(assignmentKey(row));
      if (!now || row.recordedVersion === null || now.version !== row.recordedVersion) return [];
      const dates =
        row.beforeFrom === null
          ? { validFrom: now.validFrom, validTo: this.endOf(now) }
          : { validFrom: row.beforeFrom, validTo: row.beforeTo };
      return [{ ...row, personName: null, ...dates }];
    });
    return {
      effect: effectOnRoles(pairs(known, wanted), await this.store.countInForce(tx, asAt), true),
      publish: async () => {
        const restored = await this.roles.recordAll(tx, wanted, by);
        await this.store.handOver(tx, fileId, restored);
        const changedSince = told.filter((row) => row.recordedVersion !== null).length - wanted.length;
        return { changed: restored.length, notes: { changedSince } };
      },
    };
  }

  /** Nobody is deleted: what only this file gave ends today, or on its first day. */
  private endOf({ validFrom, validTo }: RoleAssignment): LondonDate {
    const today = this.clock.today();
    const end = validFrom < today ? today : addDays(validFrom, 1);
    return validTo !== null && validTo < end ? validTo : end;
  }
}

const pairs = (
  known: ReadonlyMap<string, RoleAssignment>,
  wanted: readonly WantedAssignment[],
): { before: RoleAssignment | null; after: WantedAssignment }[] =>
  wanted.map((after) => ({ before: known.get(assignmentKey(after)) ?? null, after }));
