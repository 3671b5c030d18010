import { Access } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Declaration } from '../../domain/core/declaration.js';
import type { RefusalCode } from '../../domain/core/refusals.js';
import type { Stimulus } from '../../domain/core/stimulus.js';
import { DeclarationBatch } from './declaration-batch.js';
import { DeclarationStore, type AskedDeclaration } from './declaration.ports.js';
import type { Mover } from './move-declaration.js';
import { seenOf } from './seen-declarations.js';
import { WriteDeclarations } from './write-declarations.js';

type Step = Extract<Stimulus, { declarationId: string }>;

/** A declaration that the person may move, and for whom. */
export interface ActingOn extends AskedDeclaration {
  readonly actsFor: string;
}

export interface EachStep<Item, Result> {
  /** With one look at what all of them need: the step of each item, or why there is none. */
  readonly stepsOf: (
    asked: readonly AskedDeclaration[],
  ) => Promise<(item: Item, one: ActingOn) => Step | RefusalCode>;
  readonly refused: (item: Item, code: RefusalCode) => Result;
  /** As it stands after the steps that followed by themselves. */
  readonly done: (item: Item, after: Declaration) => Result;
}

/** A step by one person for each of many items, all written together, each with its own answer. */
@Injectable()
export class MoveEach {
  constructor(
    private readonly access: Access,
    private readonly store: DeclarationStore,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
  ) {}

  /** In the caller's transaction, answered in the order of the items. */
  async answer<Item extends { readonly declarationId: string }, Result>(
    tx: Tx,
    mover: Mover,
    items: readonly Item[],
    { stepsOf, refused, done }: EachStep<Item, Result>,
  ): Promise<Result[]> {
    const ids = [...new Set(items.map((item) => item.declarationId))];
    const asked = await this.store.lockAsked(tx, ids, { ...mover, today: this.clock.today() });
    const others = asked.filter((one) => one.actsFor === null);
    const seen = await seenOf(this.access, tx, mover, others);
    const stepOf = await stepsOf(asked);
    const byDeclaration = new Map(asked.map((one) => [one.declaration.declarationId, one]));
    const batch = await DeclarationBatch.of(
      tx,
      asked.map((one) => one.declaration),
      this.clock,
    );
    const refusals = items.map((item): RefusalCode | null => {
      const one = byDeclaration.get(item.declarationId);
      if (!one) return 'UNKNOWN_DECLARATION';
      const { actsFor } = one;
      if (actsFor === null)
        return seen.has(item.declarationId) ? 'NOT_YOUR_ORGANISATION' : 'UNKNOWN_DECLARATION';
      const step = stepOf(item, { ...one, actsFor });
      return typeof step === 'string' ? step : batch.applyTo(step, null).refusal;
    });
    await this.writer.run(tx, batch);
    return items.map((item, at) => {
      const refusal = refusals[at] ?? null;
      return refusal === null ? done(item, batch.one(item.declarationId)!) : refused(item, refusal);
    });
  }
}
