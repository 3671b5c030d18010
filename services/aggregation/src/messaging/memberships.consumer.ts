import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  PcnMembershipCorrectedV1,
  PcnMembershipEstablishedV1,
  PcnMembershipJoinedV1,
  PcnMembershipLeftV1,
} from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { RecordInputs } from '../application/record-inputs.js';

type MembershipEvent = ReceivedEvent<
  | typeof PcnMembershipEstablishedV1
  | typeof PcnMembershipJoinedV1
  | typeof PcnMembershipLeftV1
  | typeof PcnMembershipCorrectedV1
>;

@Controller()
export class MembershipsConsumer {
  constructor(private readonly record: RecordInputs) {}

  @Consumes(PcnMembershipEstablishedV1, PcnMembershipJoinedV1, PcnMembershipLeftV1, PcnMembershipCorrectedV1)
  handle(@Payload() events: readonly MembershipEvent[], @Ctx() batch: BatchContext): Promise<void> {
    return this.record.memberships(
      batch.tx,
      events.map((event) => event.data),
    );
  }
}
