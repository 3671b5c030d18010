import type { NewEvent } from '@attest/contracts';
import { Outbox } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { eventOf } from './declaration-events.js';
import { isHoldable } from '../../domain/core/declaration.js';
import type { DeclarationBatch } from './declaration-batch.js';
import type { WrittenBatch } from './written-batch.js';
import { SystemSteps } from '../signing/system-steps.js';
import { DeclarationStore } from './declaration.ports.js';
import { ReferencesToFollow } from '../references/reference.ports.js';

/** Writes what a batch did, its history and its events in the caller's transaction (rule 10). */
@Injectable()
export class WriteDeclarations {
  constructor(
    private readonly store: DeclarationStore,
    private readonly outbox: Outbox,
    private readonly systemSteps: SystemSteps,
    private readonly references: ReferencesToFollow,
  ) {}

  async run(tx: Tx, batch: DeclarationBatch, answers: readonly NewEvent[] = []): Promise<void> {
    await this.systemSteps.run(tx, batch);
    const written = batch.written();
    const writing = this.store.write(tx, written);
    // Told below; until then it must not count as a failure that nobody looks at.
    writing.catch(() => undefined);
    const events = [...written.steps.map((step) => eventOf(step, written.at)), ...answers];
    await this.outbox.add(tx, events, writing);
    // Last, because others wait for these rows.
    await this.references.addMisaddressed(tx, missedByFollowers(written));
  }
}

/**
 * What can be readdressed only from now on, or begins where its achievement was sent: whoever followed a change of its
 * commissioner meanwhile passed it by.
 */
function missedByFollowers({ opened, changed }: WrittenBatch): string[] {
  const adjustments = opened.filter((d) => d.kind === 'adjustment');
  const returned = changed.filter(({ before, after }) => !isHoldable(before) && isHoldable(after));
  return [...adjustments, ...returned.map(({ after }) => after)].map((d) => d.declarationId);
}
