import { BusinessClock } from '@attest/calendar';
import { achievementKey } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Declaration } from '../../domain/core/declaration.js';
import type { MembershipChange } from '../../domain/core/stimulus.js';
import { DeclarationBatch } from '../core/declaration-batch.js';
import { DeclarationStore, Locks } from '../core/declaration.ports.js';
import { ReferenceStore, type Reach } from '../references/reference.ports.js';
import { WriteDeclarations } from '../core/write-declarations.js';

/** A membership change holds at once what was made without it, and requires it of figures that come later (rule 3). */
@Injectable()
export class RecordMemberships {
  constructor(
    private readonly store: DeclarationStore,
    private readonly references: ReferenceStore,
    private readonly locks: Locks,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
  ) {}

  async run(tx: Tx, changes: readonly MembershipChange[]): Promise<void> {
    if (changes.length === 0) return;
    const reaches = changes.flatMap(reachesOf);
    await this.locks.forMembershipChange(
      tx,
      reaches.map(({ organisationCode }) => organisationCode),
    );
    await this.references.addRequirements(tx, reaches);
    const reached = await this.store.lockReached(tx, reaches);
    if (reached.length === 0) return;
    const batch = await DeclarationBatch.of(tx, reached, this.clock);
    const byOrganisation = new Map<string, Declaration[]>();
    for (const d of reached)
      byOrganisation.set(d.organisationCode, [...(byOrganisation.get(d.organisationCode) ?? []), d]);
    for (const { organisationCode, change } of reaches) {
      const keys = new Set(
        (byOrganisation.get(organisationCode) ?? []).filter((d) => isReached(d, change)).map(achievementKey),
      );
      for (const key of keys) batch.apply(key, { kind: 'membership', change }, change.eventId);
    }
    await this.writer.run(tx, batch);
  }
}

/** The PCN itself, and each practice that moved: practices may be paid for what their PCN is, too. */
const reachesOf = (change: MembershipChange): Reach[] =>
  [...new Set([change.pcnCode, ...change.practiceCodes])].map((organisationCode) => ({
    organisationCode,
    change,
  }));

const isReached = (d: Declaration, change: MembershipChange): boolean =>
  d.achievementDate >= change.changedFrom &&
  (change.changedTo === null || d.achievementDate < change.changedTo);
