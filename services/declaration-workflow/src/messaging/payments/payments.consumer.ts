import type { LondonDate } from '@attest/calendar';
import {
  PaymentAcknowledgedV1,
  PaymentNettedV1,
  PaymentNotIncludedV1,
  PaymentRejectedV1,
  PaymentReleaseRequestedV1,
  PaymentRestatedV1,
  PaymentReturnedV1,
  PaymentSealedV1,
} from '@attest/contracts';
import { ConsumesAtMost, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ApplyPayments, type ArrivedPayment } from '../../application/payments/apply-payments.js';

type Handled = ReceivedEvent<
  | typeof PaymentReleaseRequestedV1
  | typeof PaymentSealedV1
  | typeof PaymentNettedV1
  | typeof PaymentNotIncludedV1
  | typeof PaymentAcknowledgedV1
  | typeof PaymentRejectedV1
  | typeof PaymentReturnedV1
  | typeof PaymentRestatedV1
>;

/** A hold waits for the declarations that are locked here, as for a chunk of a bulk and no longer. */
const MOST = 500;

/** What release runs ask for, and what became of their lines. */
@Controller()
export class PaymentsConsumer {
  constructor(private readonly apply: ApplyPayments) {}

  @ConsumesAtMost(
    MOST,
    PaymentReleaseRequestedV1,
    PaymentSealedV1,
    PaymentNettedV1,
    PaymentNotIncludedV1,
    PaymentAcknowledgedV1,
    PaymentRejectedV1,
    PaymentReturnedV1,
    PaymentRestatedV1,
  )
  async handle(@Payload() events: readonly Handled[], @Ctx() batch: BatchContext): Promise<void> {
    await this.apply.run(batch.tx, events.map(paymentOf));
  }
}

export function paymentOf(event: Handled): ArrivedPayment {
  if (event.type === 'payment.restated.v1') return { kind: 'restated', eventId: event.id, ...event.data };
  const { declarationId, declarationVersion, attempt, runId, paymentVersion } = event.data;
  const instruction = {
    eventId: event.id,
    declarationId,
    declarationVersion,
    attempt,
    runId,
    paymentVersion,
  };
  switch (event.type) {
    case 'payment.release-requested.v1':
      return { ...instruction, kind: 'release-requested', barrierId: event.data.barrierId };
    case 'payment.sealed.v1':
      return {
        ...instruction,
        kind: 'sealed',
        pence: BigInt(event.data.pence),
        nettedPence: BigInt(event.data.nettedPence ?? '0'),
        fileName: event.data.fileName,
      };
    case 'payment.netted.v1':
      return {
        ...instruction,
        kind: 'netted',
        nettedPence: BigInt(event.data.nettedPence),
        debtPence: BigInt(event.data.debtPence),
      };
    case 'payment.not-included.v1':
      return {
        ...instruction,
        kind: 'not-included',
        code: event.data.code,
        words: event.data.words,
        owedPence: event.data.owedPence === null ? null : BigInt(event.data.owedPence),
      };
    case 'payment.acknowledged.v1':
      return { ...instruction, kind: 'acknowledged' };
    case 'payment.rejected.v1':
      return {
        ...instruction,
        kind: 'rejected',
        reasonCode: event.data.reasonCode,
        reason: event.data.reason,
      };
    case 'payment.returned.v1':
      return {
        ...instruction,
        kind: 'returned',
        returnedOn: event.data.returnedOn as LondonDate,
        reasonCode: event.data.reasonCode,
        reason: event.data.reason,
      };
  }
}
