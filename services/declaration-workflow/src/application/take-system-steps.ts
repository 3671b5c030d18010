import { BusinessClock } from '@attest/calendar';
import { Scheduled } from '@attest/hosting';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { DeclarationBatch } from './declaration-batch.js';
import { GoOnBySystem } from './go-on-by-system.js';
import { PolicyStore } from './policy.ports.js';
import { BulkLimits } from './ports.js';
import { WriteDeclarations } from './write-declarations.js';

/**
 * What nothing happened to and still is due: the calendar opened it today, or something upstream was replayed. Each
 * chunk rests on the state that it finds, so another replica or a second firing does nothing twice.
 */
@Injectable()
export class TakeSystemSteps {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyStore,
    private readonly goOn: GoOnBySystem,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
    private readonly limits: BulkLimits,
  ) {}

  @Scheduled({ name: 'take-system-steps', everyMs: 2_000 })
  async run(): Promise<void> {
    for (let after: string | null = null; ;) {
      after = await this.chunk(after);
      if (after === null) return;
    }
  }

  /** The last id that was looked at; null when there are no more. */
  private chunk(after: string | null): Promise<string | null> {
    return this.database.transaction(async (tx) => {
      const due = await this.policies.lockDue(tx, this.clock.today(), after, this.limits.chunkSize);
      const batch = new DeclarationBatch(due, this.clock);
      await this.goOn.take(tx, batch, due);
      await this.writer.run(tx, batch);
      return due.length < this.limits.chunkSize ? null : due.at(-1)!.declarationId;
    });
  }
}
