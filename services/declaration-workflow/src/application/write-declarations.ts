import type { NewEvent } from '@attest/contracts';
import { Outbox } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { eventOf } from './declaration-events.js';
import type { DeclarationBatch } from './declaration-batch.js';
import { GoOnBySystem } from './go-on-by-system.js';
import { DeclarationStore } from './ports.js';

/** Writes what a batch did, its history and its events in the caller's transaction (rule 10). */
@Injectable()
export class WriteDeclarations {
  constructor(
    private readonly store: DeclarationStore,
    private readonly outbox: Outbox,
    private readonly goOn: GoOnBySystem,
  ) {}

  async run(tx: Tx, batch: DeclarationBatch, answers: readonly NewEvent[] = []): Promise<void> {
    await this.goOn.run(tx, batch);
    const written = batch.written();
    await this.store.write(tx, written);
    await this.outbox.add(tx, [...written.steps.map((step) => eventOf(step, written.at)), ...answers]);
  }
}
