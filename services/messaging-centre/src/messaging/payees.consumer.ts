import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PayeeChangedV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { TellPayee } from '../application/tell-payee.js';

@Controller()
export class PayeesConsumer {
  constructor(private readonly tellPayee: TellPayee) {}

  @Consumes(PayeeChangedV1)
  handle(
    @Payload() events: readonly ReceivedEvent<typeof PayeeChangedV1>[],
    @Ctx() batch: BatchContext,
  ): Promise<void> {
    return this.tellPayee.run(
      batch.tx,
      events.map(({ data }) => data),
    );
  }
}
