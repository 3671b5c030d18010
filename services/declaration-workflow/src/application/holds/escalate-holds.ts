import { BusinessClock } from '@attest/calendar';
import { Scheduled, type Firing } from '@attest/hosting';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { DeclarationBatch } from '../core/declaration-batch.js';
import { BulkLimits, DeclarationStore } from '../core/declaration.ports.js';
import { WriteDeclarations } from '../core/write-declarations.js';

/** When the last day of a hold has passed in London, people are told once. Nothing is released. */
@Injectable()
export class EscalateHolds {
  constructor(
    private readonly database: Database,
    private readonly store: DeclarationStore,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
    private readonly limits: BulkLimits,
  ) {}

  @Scheduled({ name: 'escalate-expired-holds', everyMs: 5_000 })
  async run(firing?: Firing): Promise<void> {
    while ((await this.chunk()) === this.limits.chunkSize && !firing?.signal.aborted);
  }

  private chunk(): Promise<number> {
    const today = this.clock.today();
    return this.database.transaction(async (tx) => {
      const expired = await this.store.lockExpired(tx, today, this.limits.chunkSize);
      if (expired.length === 0) return 0;
      const batch = await DeclarationBatch.of(tx, expired, this.clock);
      for (const { declarationId } of expired)
        batch.applyTo({ kind: 'escalate-holds', declarationId, today }, null);
      await this.writer.run(tx, batch);
      return expired.length;
    });
  }
}
