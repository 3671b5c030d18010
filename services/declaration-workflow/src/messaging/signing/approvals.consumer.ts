import { ApprovalSignedV1, ApprovalStageRefusedV1 } from '@attest/contracts';
import { ConsumesAtMost, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ApplySignatures, type ArrivedSignature } from '../../application/signing/apply-signatures.js';

type Handled = ReceivedEvent<typeof ApprovalSignedV1 | typeof ApprovalStageRefusedV1>;

/** A hold waits for the declarations that are locked here, as for a chunk of a bulk and no longer. */
const MOST = 500;

/** Signatures and refusals, pending until they are answered here. */
@Controller()
export class ApprovalsConsumer {
  constructor(private readonly apply: ApplySignatures) {}

  @ConsumesAtMost(MOST, ApprovalSignedV1, ApprovalStageRefusedV1)
  async handle(@Payload() events: readonly Handled[], @Ctx() batch: BatchContext): Promise<void> {
    await this.apply.run(batch.tx, events.map(signatureOf));
  }
}

export function signatureOf(event: Handled): ArrivedSignature {
  const { approvalId, declarationId, declarationVersion, stage, personId, forOrganisation, approvalVersion } =
    event.data;
  return {
    eventId: event.id,
    approvalId,
    declarationId,
    declarationVersion,
    stage,
    personId,
    forOrganisation,
    approvalVersion,
    tier: event.data.tier ?? null,
    ...(event.type === 'approval.signed.v1'
      ? { decision: 'approve', reason: null }
      : { decision: 'refuse', reason: event.data.reason }),
  };
}
