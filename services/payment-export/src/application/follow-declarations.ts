import { Injectable } from '@nestjs/common';
import type { DeclarationEventData, DeclarationState } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { ReferenceStore, RunStore } from './ports.js';

export interface DeclarationNews {
  readonly state: DeclarationState;
  /** The version was signed to its end: from now on this is what it is entitled to. */
  readonly approved: boolean;
  readonly at: string;
}

const APPROVED = new Set(['declaration.finance-approved.v1', 'declaration.settled-nil.v1']);

/** Keeps declarations as they stand, their entitlements, and the answers to the run under way. */
@Injectable()
export class FollowDeclarations {
  constructor(
    private readonly references: ReferenceStore,
    private readonly runs: RunStore,
  ) {}

  async run(tx: Tx, happened: readonly { type: string; data: DeclarationEventData }[]): Promise<void> {
    await this.references.declarations(
      tx,
      happened.map(({ type, data }) => ({
        state: data.declaration,
        approved: APPROVED.has(type),
        at: data.fact.at,
      })),
    );
    const answers = happened
      .filter(({ type }) => type === 'declaration.confirmed.v1' || type === 'declaration.confirm-refused.v1')
      .flatMap(({ type, data }) => {
        const { runId, declarationId } = data.declaration;
        return runId === null
          ? []
          : [{ runId, declarationId, confirmed: type === 'declaration.confirmed.v1', code: data.fact.code }];
      });
    if (answers.length > 0) await this.runs.answer(tx, answers);
  }
}
