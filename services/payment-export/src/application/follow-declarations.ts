import { Injectable } from '@nestjs/common';
import type { DeclarationEventData, DeclarationState } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import type { LedgerMeaning } from '../domain/ledger.js';
import { ReferenceStore, RunStore, type ConfirmAnswer } from './ports.js';

export interface DeclarationNews {
  readonly state: DeclarationState;
  /** What it means to the ledger. */
  readonly means: LedgerMeaning | null;
  readonly at: string;
}

/** By status, not by what just happened: whatever comes again, or comes first, enters the same. */
const MEANINGS: Readonly<Partial<Record<DeclarationState['status'], LedgerMeaning>>> = {
  // The version was signed to its end: from now on this is what it is entitled to.
  FINANCIALLY_APPROVED: 'entitlement',
  SETTLED_NIL: 'entitlement',
  LAPSED: 'lapsed',
  SETTLED_OUTSIDE: 'settled-outside',
};

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
      happened.map(({ data: { declaration, fact } }) => ({
        state: declaration,
        means: MEANINGS[declaration.status] ?? null,
        at: fact.at,
      })),
    );
    const answers = happened
      .filter(({ type }) => type === 'declaration.confirmed.v1' || type === 'declaration.confirm-refused.v1')
      .flatMap(({ type, data }) => {
        const { runId, declarationId, declarationVersion, attempt, paymentVersion } = data.declaration;
        const confirmed = type === 'declaration.confirmed.v1';
        const version = BigInt(declarationVersion);
        return runId === null
          ? []
          : [
              {
                runId,
                declarationId,
                declarationVersion: version,
                attempt,
                confirmed,
                code: data.fact.code,
                paymentVersion: paymentVersion ?? null,
              },
            ];
      });
    // In the order of the log: what is asked again is answered later.
    const outOfOrder = answers.filter(isOutOfOrder);
    const final = answers.filter((answer) => !isOutOfOrder(answer));
    if (outOfOrder.length > 0) await this.runs.askAgain(tx, outOfOrder);
    if (final.length > 0) await this.runs.answer(tx, final);
  }
}

/** This database was restored and counts anew: declaration-workflow says up to where it had come. */
const isOutOfOrder = ({ code, paymentVersion }: ConfirmAnswer): boolean =>
  code === 'PAYMENT_OUT_OF_ORDER' && paymentVersion !== null;
