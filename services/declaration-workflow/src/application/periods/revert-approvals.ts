import { BusinessClock } from '@attest/calendar';
import { Scheduled, type Firing } from '@attest/hosting';
import { failpoint } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { revertActor } from '../../domain/periods/freeze.js';
import { DeclarationBatch } from '../core/declaration-batch.js';
import { FreezeStore } from './freeze.ports.js';
import { BulkLimits, Locks } from '../core/declaration.ports.js';
import { WriteDeclarations } from '../core/write-declarations.js';

/**
 * Takes approvals back in chunks, in id order. What is left to do is what still has a signature, so a crash between
 * two chunks leaves nothing out and does nothing twice: while the period is frozen nothing moves forward again. What
 * comes back from the run in flight is taken back as well.
 */
@Injectable()
export class RevertApprovals {
  constructor(
    private readonly database: Database,
    private readonly freezes: FreezeStore,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
    private readonly limits: BulkLimits,
    private readonly locks: Locks,
  ) {}

  @Scheduled({ name: 'revert-frozen-approvals', everyMs: 500 })
  async run(firing?: Firing): Promise<void> {
    for (const freezeId of await this.freezes.reverting())
      while (!firing?.signal.aborted && (await this.chunk(freezeId))) failpoint('revert-between-chunks');
  }

  /** Whether there may be more to do at once. */
  private chunk(freezeId: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      // Whoever follows a changed commissioner to its end sees what comes back here, or is seen by it.
      await this.locks.forOpening(tx, 'anywhere');
      const freeze = await this.freezes.lock(tx, freezeId);
      if (!freeze?.revert || freeze.revert.doneAt !== null || freeze.thawedAt !== null) return false;
      const declarations = await this.freezes.lockRevertable(tx, freeze, this.limits.chunkSize);
      if (declarations.length === 0) {
        await this.freezes.endRevert(tx, freeze, this.clock.now());
        return false;
      }
      const { reason, askedBy, askedFor } = freeze.revert;
      const batch = await DeclarationBatch.of(tx, declarations, this.clock);
      for (const { declarationId } of declarations)
        batch.applyTo(
          {
            kind: 'revert',
            declarationId,
            actor: revertActor(askedFor),
            personId: askedBy,
            forOrganisation: askedFor,
            seenRevision: null,
            reason,
          },
          null,
        );
      const reverted = batch.written().steps.length;
      await this.writer.run(tx, batch);
      await this.freezes.countReverted(tx, freezeId, reverted);
      failpoint('revert-before-commit');
      return true;
    });
  }
}
