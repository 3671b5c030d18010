import { BusinessClock } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Declaration } from '../../domain/core/declaration.js';
import { isDueToSystem } from '../../domain/signing/system-steps.js';
import type { DeclarationBatch } from '../core/declaration-batch.js';
import { windowsOf } from '../periods/declaration-windows.js';
import { FreezeGuard } from '../periods/freeze.ports.js';
import { PolicyStore } from './policy.ports.js';
import { ParkedStore } from '../core/declaration.ports.js';
import { ReferenceStore } from '../references/reference.ports.js';

/**
 * After whatever happened to declarations, the steps that their policies leave to the system, in the same transaction:
 * nobody sees a declaration wait for a signature that is not asked for.
 */
@Injectable()
export class SystemSteps {
  constructor(
    private readonly policies: PolicyStore,
    private readonly references: ReferenceStore,
    private readonly parked: ParkedStore,
    private readonly guard: FreezeGuard,
    private readonly clock: BusinessClock,
  ) {}

  async run(tx: Tx, batch: DeclarationBatch): Promise<void> {
    const moved = batch.moved().filter(({ declaration }) => isDueToSystem(declaration));
    await this.take(
      tx,
      batch,
      moved.map((one) => one.declaration),
      new Map(moved.map((one) => [one.declaration.declarationId, one.causeEventId])),
    );
  }

  async take(
    tx: Tx,
    batch: DeclarationBatch,
    declarations: readonly Declaration[],
    causes: ReadonlyMap<string, string | null> = new Map(),
  ): Promise<void> {
    if (declarations.length === 0) return;
    const today = this.clock.today();
    const parked = await this.parked.load(tx);
    const frozen = await this.guard.shareNow(tx, declarations);
    const calendars = await this.policies.calendars(tx, declarations);
    const asked = declarations.map((declaration) => ({
      declaration,
      calendar: calendars.get(declaration.declarationId) ?? null,
    }));
    const windowOf = await windowsOf(tx, this.references, this.clock, asked);
    for (const one of asked) {
      const d = one.declaration;
      batch.applyTo(
        {
          kind: 'system-steps',
          declarationId: d.declarationId,
          today,
          window: windowOf(one),
          parked: parked.since(d) !== null,
          frozen: frozen.has(d),
        },
        causes.get(d.declarationId) ?? null,
      );
    }
  }
}
