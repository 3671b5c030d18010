import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DECLARATION_EVENTS, DeclarationRestatedV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { FollowDeclarations } from '../application/follow-declarations.js';

@Controller()
export class DeclarationsConsumer {
  constructor(private readonly follow: FollowDeclarations) {}

  @Consumes(...DECLARATION_EVENTS, DeclarationRestatedV1)
  handle(
    @Payload()
    events: readonly ReceivedEvent<(typeof DECLARATION_EVENTS)[number] | typeof DeclarationRestatedV1>[],
    @Ctx() batch: BatchContext,
  ): Promise<void> {
    return this.follow.run(batch.tx, events);
  }
}
