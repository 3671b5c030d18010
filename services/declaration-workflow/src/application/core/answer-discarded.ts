import { BusinessClock } from '@attest/calendar';
import {
  achievementKey,
  ApprovalDiscardedV1,
  newEvent,
  PaymentReturnedV1,
  type NewEvent,
} from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { isEnded, type Declaration, mainOf, mayOpenAgain } from '../../domain/core/declaration.js';
import { FiguresNeededError, PaymentFactNeededError } from '../../domain/core/declaration.errors.js';
import { wordsOf } from '../../domain/core/refusals.js';
import type { AchievementIdentity, StimulusOf } from '../../domain/core/stimulus.js';
import { ApplyPayments, type ArrivedPayment } from '../payments/apply-payments.js';
import { ApplySignatures, reasonOf, type ArrivedSignature } from '../signing/apply-signatures.js';
import { DeclarationBatch } from './declaration-batch.js';
import { DeclarationStore } from './declaration.ports.js';
import { WriteDeclarations } from './write-declarations.js';

export type LostSignature = Omit<StimulusOf<'signature-lost'>, 'kind'>;

/** What payment-export told of a line; the line is null where it cannot be read. */
export interface DiscardedFact {
  readonly declarationId: string;
  readonly paymentVersion: number | null;
  /** Null where not even the headers can be read. */
  readonly type: string | null;
  readonly line: Pick<StimulusOf<'sealed'>, 'runId' | 'attempt' | 'declarationVersion'> | null;
}

export interface DiscardedFigures {
  readonly achievement: AchievementIdentity;
  /** Null where it cannot be read. */
  readonly revision: number | null;
  /** Newer figures waited behind them, and were applied now. */
  readonly followed: boolean;
}

/** Answers what an operator gave up, so that nobody waits for it for ever (docs/decisions/0025). */
@Injectable()
export class AnswerDiscarded {
  constructor(
    private readonly store: DeclarationStore,
    private readonly applySignatures: ApplySignatures,
    private readonly applyPayments: ApplyPayments,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
  ) {}

  async signatures(tx: Tx, signatures: readonly ArrivedSignature[]): Promise<void> {
    if (signatures.length > 0) await this.applySignatures.run(tx, signatures);
  }

  /** What cannot be read is answered by its declaration and the number of the signature. */
  async lostSignatures(tx: Tx, lost: readonly LostSignature[]): Promise<void> {
    if (lost.length === 0) return;
    const batch = await DeclarationBatch.of(tx, await this.store.lock(tx, idsOf(lost)), this.clock);
    const answers: NewEvent[] = [];
    for (const signature of lost) {
      batch.applyTo({ kind: 'signature-lost', ...signature }, null);
      const { declarationId, discarded } = signature;
      const d = batch.one(declarationId);
      const approvalVersion = signature.approvalVersion ?? d?.approvalVersion;
      // Nothing is known of it, here or in the event: there is no signature that could wait.
      if (approvalVersion === undefined) continue;
      answers.push(
        newEvent(ApprovalDiscardedV1, {
          declarationId,
          approvalVersion,
          code: 'EVENT_DISCARDED',
          words: wordsOf('EVENT_DISCARDED') + reasonOf(discarded),
          revision: d?.revision ?? 0,
        }) as NewEvent,
      );
    }
    await this.writer.run(tx, batch, answers);
  }

  async requests(tx: Tx, requests: readonly ArrivedPayment[]): Promise<void> {
    if (requests.length > 0) await this.applyPayments.run(tx, requests);
  }

  /** @throws FiguresNeededError where a declaration has not seen these figures, or newer ones */
  async figures(tx: Tx, figures: readonly DiscardedFigures[]): Promise<void> {
    if (figures.length === 0) return;
    const achievements = figures.map(({ achievement }) => achievement);
    const batch = await DeclarationBatch.of(
      tx,
      await this.store.lockAchievements(tx, achievements),
      this.clock,
    );
    for (const { achievement, revision, followed } of figures) {
      if (followed) continue;
      const family = batch.family(achievementKey(achievement));
      const needing = family.find((d) => !isEnded(d)) ?? lapsedForNow(family);
      // The first ones open it; without them there never is a declaration.
      if (family.length > 0 && !needing) continue;
      if (revision === null || revision > (needing?.latest.revision ?? 0))
        throw new FiguresNeededError({
          declarationId: needing?.declarationId ?? null,
          figureRevision: revision,
          knownRevision: needing?.latest.revision ?? null,
        });
    }
  }

  /** @throws PaymentFactNeededError where a declaration waits for it */
  async facts(tx: Tx, facts: readonly DiscardedFact[]): Promise<void> {
    if (facts.length === 0) return;
    const known = new Map((await this.store.lock(tx, idsOf(facts))).map((d) => [d.declarationId, d]));
    for (const fact of facts) {
      const d = known.get(fact.declarationId);
      if (d && isAwaited(d, fact))
        throw new PaymentFactNeededError({
          declarationId: d.declarationId,
          status: d.status,
          runId: d.runId,
          paymentVersion: fact.paymentVersion,
        });
    }
  }
}

/** Newer figures may open it again. */
function lapsedForNow(family: readonly Declaration[]): Declaration | undefined {
  const main = mainOf(family);
  return main && mayOpenAgain(main) ? main : undefined;
}

const idsOf = (of: readonly { readonly declarationId: string }[]): string[] => [
  ...new Set(of.map(({ declarationId }) => declarationId)),
];

/** Statuses that only payment-export ends. */
const WAITING: readonly Declaration['status'][] = ['RELEASING', 'SENT_TO_AGENCY'];

/** A fact of another line, or one that was applied before, is not what the declaration waits for. */
function isAwaited(d: Declaration, { paymentVersion, type, line }: DiscardedFact): boolean {
  // What is paid waits for nothing, yet a credit that came back must not be lost.
  const mayBeReturn = line !== null || type === null || type === PaymentReturnedV1.type;
  if (!WAITING.includes(d.status) && !(d.status === 'PAID' && mayBeReturn)) return false;
  if (paymentVersion !== null && paymentVersion <= d.paymentVersion) return false;
  if (line === null) return true;
  return (
    line.runId === d.runId && line.attempt === d.attempt && line.declarationVersion === d.declarationVersion
  );
}
