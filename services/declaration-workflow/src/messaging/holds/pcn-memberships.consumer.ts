import type { LondonDate } from '@attest/calendar';
import {
  PcnMembershipCorrectedV1,
  PcnMembershipJoinedV1,
  PcnMembershipLeftV1,
  type HoldCode,
} from '@attest/contracts';
import { ConsumesAtOnce, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { RecordMemberships } from '../../application/holds/record-memberships.js';
import type { MembershipChange } from '../../domain/core/stimulus.js';

type Handled = ReceivedEvent<
  typeof PcnMembershipJoinedV1 | typeof PcnMembershipLeftV1 | typeof PcnMembershipCorrectedV1
>;

const CODES: Readonly<Record<Handled['type'], HoldCode>> = {
  'pcn-membership.practice-joined.v1': 'PCN_PRACTICE_JOINED',
  'pcn-membership.practice-left.v1': 'PCN_PRACTICE_LEFT',
  'pcn-membership.corrected.v1': 'PCN_MEMBERSHIP_CORRECTED',
};

/** Who makes up a PCN changed. Members that become known for the first time change nothing that was known. */
@Controller()
export class PcnMembershipsConsumer {
  constructor(private readonly record: RecordMemberships) {}

  @ConsumesAtOnce(PcnMembershipJoinedV1, PcnMembershipLeftV1, PcnMembershipCorrectedV1)
  async handle(@Payload() events: readonly Handled[], @Ctx() batch: BatchContext): Promise<void> {
    await this.record.run(batch.tx, events.map(changeOf));
  }
}

function changeOf({ id, type, data }: Handled): MembershipChange {
  // Nobody is left from the change on: the PCN has closed, which holds as a leaving does.
  const closed =
    type !== 'pcn-membership.practice-joined.v1' &&
    data.members.every((spell) => spell.to !== null && spell.to <= data.changedFrom);
  return {
    pcnCode: data.pcnCode,
    version: data.membershipVersion,
    code: closed ? 'PCN_CLOSED' : CODES[type],
    practiceCodes: data.changedPractices,
    changedFrom: data.changedFrom as LondonDate,
    changedTo: data.changedTo as LondonDate | null,
    eventId: id,
  };
}
