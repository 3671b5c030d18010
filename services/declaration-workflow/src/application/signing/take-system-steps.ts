import { BusinessClock } from '@attest/calendar';
import { Scheduled, type Firing } from '@attest/hosting';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Declaration } from '../../domain/core/declaration.js';
import { DeclarationBatch } from '../core/declaration-batch.js';
import { SystemSteps } from './system-steps.js';
import { PolicyStore } from './policy.ports.js';
import { BulkLimits, DeclarationStore, NOTHING_PARKED, ParkedStore } from '../core/declaration.ports.js';
import { WriteDeclarations } from '../core/write-declarations.js';

/**
 * What nothing happened to and still is due: the calendar opened it today, or something upstream was replayed. Each
 * chunk rests on the state that it finds, so another replica or a second firing does nothing twice.
 */
@Injectable()
export class TakeSystemSteps {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyStore,
    private readonly store: DeclarationStore,
    private readonly parked: ParkedStore,
    private readonly systemSteps: SystemSteps,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
    private readonly limits: BulkLimits,
  ) {}

  @Scheduled({ name: 'take-system-steps', everyMs: 2_000 })
  async run(firing?: Firing): Promise<void> {
    for (let after: string | null = null; ;) {
      after = await this.chunk(after);
      if (after === null || firing?.signal.aborted) return;
    }
  }

  /** The last id that was looked at; null when there are no more. */
  private chunk(after: string | null): Promise<string | null> {
    return this.database.transaction(async (tx) => {
      const { due, last } = await this.due(tx, after);
      const batch = await DeclarationBatch.of(tx, due, this.clock);
      await this.systemSteps.take(tx, batch, due);
      await this.writer.run(tx, batch);
      return last;
    });
  }

  private async due(tx: Tx, after: string | null): Promise<{ due: Declaration[]; last: string | null }> {
    const { chunkSize } = this.limits;
    const today = this.clock.today();
    const parked = await this.parked.load(tx);
    const lastOf = (found: readonly Declaration[]): string | null =>
      found.length < chunkSize ? null : found.at(-1)!.declarationId;
    if (parked === NOTHING_PARKED) {
      const due = await this.policies.lockDue(tx, today, after, chunkSize);
      return { due, last: lastOf(due) };
    }
    // What waits for an event to be repaired may wait for days: it is passed by, not locked at every firing.
    const found = await this.policies.findDue(tx, today, after, chunkSize);
    const free = found.filter((d) => parked.since(d) === null);
    const due = await this.store.lock(
      tx,
      free.map((d) => d.declarationId),
    );
    return { due, last: lastOf(found) };
  }
}
