import { BusinessClock } from '@attest/calendar';
import { achievementKey } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { DeclarationBatch } from './declaration-batch.js';
import { DeclarationStore, Locks } from './ports.js';
import { RecordAchievements } from './record-achievements.js';
import { WriteDeclarations } from './write-declarations.js';

/** After organisations or services became known or changed: declarations move with them, and what waited is opened. */
@Injectable()
export class FollowReferences {
  constructor(
    private readonly store: DeclarationStore,
    private readonly locks: Locks,
    private readonly achievements: RecordAchievements,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
  ) {}

  async run(tx: Tx, of: 'organisation' | 'service', codes: readonly string[]): Promise<void> {
    // Before any declaration, as whoever records a membership change takes it: neither then waits for the other.
    await this.locks.forOpening(tx);
    const misaddressed = await this.store.lockMisaddressed(tx, of, codes);
    if (misaddressed.length > 0) {
      const batch = new DeclarationBatch(
        misaddressed.map((one) => one.declaration),
        this.clock,
      );
      // Several declarations of one achievement share its address.
      const addresses = new Map(misaddressed.map((one) => [achievementKey(one.declaration), one.address]));
      for (const [key, address] of addresses) batch.apply(key, { kind: 'readdress', address }, null);
      await this.writer.run(tx, batch);
    }
    await this.achievements.openReady(tx);
  }
}
