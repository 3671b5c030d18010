import { Injectable } from '@nestjs/common';
import { newEvent, PaymentAcknowledgedV1, PaymentRejectedV1, PaymentReturnedV1 } from '@attest/contracts';
import type { AttestError } from '@attest/errors';
import { Outbox } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import type { Acknowledgement } from '../domain/acknowledgement.js';
import { AcknowledgementFileRefusedError } from '../domain/payment.errors.js';
import { AcknowledgementStore, type AppliedAnswer, type LockedLine } from './acknowledgement.ports.js';

/** Moves the lines that were answered, in the ledger and for everybody who is told; wherever the answers came from. */
@Injectable()
export class ApplyAnswers {
  constructor(
    private readonly store: AcknowledgementStore,
    private readonly outbox: Outbox,
  ) {}

  /** @throws what `tooEarly` makes, with the code RUN_NOT_ENDED */
  async lock(
    tx: Tx,
    agencyCode: string,
    answers: readonly Acknowledgement[],
    tooEarly: () => AttestError = () => new AcknowledgementFileRefusedError('RUN_NOT_ENDED'),
  ): Promise<Map<string, LockedLine>> {
    const known = await this.store.lockLines(tx, agencyCode, answers);
    // Its lines are not yet told as sealed: an answer must not overtake what it answers. Nothing of it is kept.
    if ([...known.values()].some((line) => line.early)) throw tooEarly();
    return known;
  }

  async apply(tx: Tx, applied: readonly AppliedAnswer[], at: Date): Promise<void> {
    if (applied.length === 0) return;
    const versions = await this.store.apply(tx, applied, at);
    await this.outbox.add(
      tx,
      applied.map((one) => toEvent(one, versions.get(one.line.declarationId)!, at)),
    );
  }
}

function toEvent({ line, answer }: AppliedAnswer, paymentVersion: bigint, at: Date) {
  const facts = {
    declarationId: line.declarationId,
    declarationVersion: Number(line.declarationVersion),
    attempt: line.attempt,
    runId: line.runId,
    paymentVersion: Number(paymentVersion),
    fileName: line.fileName,
    lineNumber: line.lineNumber,
    agencyCode: line.agencyCode,
    pence: String(line.pence),
  };
  const { outcome, reasonCode, reason } = answer;
  const when = at.toISOString();
  switch (outcome) {
    case 'ACCEPTED':
      return newEvent(PaymentAcknowledgedV1, { ...facts, acknowledgedAt: when });
    case 'REJECTED':
      return newEvent(PaymentRejectedV1, { ...facts, rejectedAt: when, reasonCode, reason });
    case 'RETURNED': {
      const returnedOn = answer.returnedOn!;
      return newEvent(PaymentReturnedV1, { ...facts, returnedOn, recordedAt: when, reasonCode, reason });
    }
  }
}
