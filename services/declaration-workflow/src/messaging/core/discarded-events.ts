import { isLondonDate } from '@attest/calendar';
import {
  AchievementCalculatedV1,
  AchievementNotApplicableV1,
  ApprovalSignedV1,
  ApprovalStageRefusedV1,
  isUuid,
  PaymentReleaseRequestedV1,
  PaymentRestatedV1,
} from '@attest/contracts';
import { DiscardListener, type DiscardedEvent, type DiscardListening } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  AnswerDiscarded,
  type DiscardedFact,
  type DiscardedFigures,
  type LostSignature,
} from '../../application/core/answer-discarded.js';
import type { ArrivedPayment } from '../../application/payments/apply-payments.js';
import type { ArrivedSignature } from '../../application/signing/apply-signatures.js';
import { signatureOf } from '../signing/approvals.consumer.js';
import { paymentOf } from '../payments/payments.consumer.js';

const SIGNATURES: readonly string[] = [ApprovalSignedV1.type, ApprovalStageRefusedV1.type];

const FIGURES: readonly string[] = [AchievementCalculatedV1.type, AchievementNotApplicableV1.type];

/** Markers are followed by the figures that they announce; only figures are told once. */
function figuresOf({ topic, key, type, aggregateVersion, behind }: DiscardedEvent): DiscardedFigures[] {
  // Without a type they may be figures.
  if (topic !== 'achievements' || (type !== null && !FIGURES.includes(type))) return [];
  const [serviceCode, achievementDate, organisationCode] = key.split('|');
  if (!serviceCode || !achievementDate || !organisationCode || !isLondonDate(achievementDate)) return [];
  const followed = behind.some(
    (later) =>
      later.type !== null &&
      FIGURES.includes(later.type) &&
      (later.aggregateVersion ?? 0) > (aggregateVersion ?? 0),
  );
  return [
    {
      achievement: { serviceCode, achievementDate, organisationCode },
      revision: aggregateVersion,
      followed,
    },
  ];
}

/** Figures, signatures and payment events that an operator gave up here. */
@Injectable()
@DiscardListener('achievements', 'approvals', 'payments')
export class DiscardedEvents implements DiscardListening {
  constructor(private readonly answer: AnswerDiscarded) {}

  async discarded(tx: Tx, events: readonly DiscardedEvent[]): Promise<void> {
    await this.answer.figures(tx, events.flatMap(figuresOf));
    // Whose it was cannot be told from any other key.
    const of = (topic: string) => events.filter((one) => one.topic === topic && isUuid(one.key));
    const signatures: ArrivedSignature[] = [];
    const lost: LostSignature[] = [];
    for (const { event, key, type, aggregateVersion, who, why } of of('approvals')) {
      const discarded = { who, why };
      if (event) signatures.push({ ...signatureOf(event as Parameters<typeof signatureOf>[0]), discarded });
      else if (type === null || SIGNATURES.includes(type))
        lost.push({ declarationId: key, approvalVersion: aggregateVersion, discarded });
    }
    await this.answer.signatures(tx, signatures);
    await this.answer.lostSignatures(tx, lost);

    const requests: ArrivedPayment[] = [];
    const facts: DiscardedFact[] = [];
    for (const { event, key, type, aggregateVersion, who, why } of of('payments')) {
      const payment = event && paymentOf(event as Parameters<typeof paymentOf>[0]);
      if (payment?.kind === 'release-requested') requests.push({ ...payment, discarded: { who, why } });
      // What was told again can be told once more. Without a type it may be a fact, and that one must not be lost.
      else if (
        payment?.kind !== 'restated' &&
        type !== PaymentReleaseRequestedV1.type &&
        type !== PaymentRestatedV1.type
      )
        facts.push({ declarationId: key, paymentVersion: aggregateVersion, type, line: payment });
    }
    await this.answer.facts(tx, facts);
    await this.answer.requests(tx, requests);
  }
}
