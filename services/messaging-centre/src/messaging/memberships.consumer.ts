import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PcnMembershipCorrectedV1, PcnMembershipJoinedV1, PcnMembershipLeftV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { TellMembership } from '../application/tell-membership.js';

type Handled = ReceivedEvent<
  typeof PcnMembershipJoinedV1 | typeof PcnMembershipLeftV1 | typeof PcnMembershipCorrectedV1
>;

@Controller()
export class MembershipsConsumer {
  constructor(private readonly tellMembership: TellMembership) {}

  @Consumes(PcnMembershipJoinedV1, PcnMembershipLeftV1, PcnMembershipCorrectedV1)
  handle(@Payload() events: readonly Handled[], @Ctx() batch: BatchContext): Promise<void> {
    return this.tellMembership.run(
      batch.tx,
      // What is told again is no news.
      events
        .filter((event) => event.republished === undefined)
        .map((event) => ({ type: event.type, state: event.data })),
    );
  }
}
