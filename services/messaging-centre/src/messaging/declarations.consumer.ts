import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DECLARATION_EVENTS, DeclarationRestatedV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { TellPeople } from '../application/tell-people.js';

@Controller()
export class DeclarationsConsumer {
  constructor(private readonly tellPeople: TellPeople) {}

  @Consumes(...DECLARATION_EVENTS, DeclarationRestatedV1)
  handle(
    @Payload()
    events: readonly ReceivedEvent<(typeof DECLARATION_EVENTS)[number] | typeof DeclarationRestatedV1>[],
    @Ctx() batch: BatchContext,
  ): Promise<void> {
    return this.tellPeople.run(batch.tx, events);
  }
}
