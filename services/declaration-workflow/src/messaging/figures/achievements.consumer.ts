import type { LondonDate } from '@attest/calendar';
import {
  AchievementAwaitingV1,
  AchievementBlockedV1,
  AchievementCalculatedV1,
  AchievementNotApplicableV1,
  type EventOf,
} from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  membershipsIn,
  NOT_APPLICABLE_HASH,
  otherInputs,
  resultHash,
  type ArrivedFigures,
} from '../../application/figures/arrived-figures.js';
import { RecordAchievements, type Arrival } from '../../application/figures/record-achievements.js';

type Handled = ReceivedEvent<
  | typeof AchievementCalculatedV1
  | typeof AchievementAwaitingV1
  | typeof AchievementBlockedV1
  | typeof AchievementNotApplicableV1
>;

/** Figures, or why there are none yet. */
@Controller()
export class AchievementsConsumer {
  constructor(private readonly record: RecordAchievements) {}

  @Consumes(AchievementCalculatedV1, AchievementAwaitingV1, AchievementBlockedV1, AchievementNotApplicableV1)
  async handle(@Payload() events: readonly Handled[], @Ctx() batch: BatchContext): Promise<void> {
    await this.record.run(batch.tx, events.map(arrivalOf));
  }
}

function arrivalOf(event: Handled): Arrival {
  const { serviceCode, achievementDate, organisationCode } = event.data;
  return {
    eventId: event.id,
    achievement: { serviceCode, achievementDate: achievementDate as LondonDate, organisationCode },
    news: newsOf(event),
  };
}

function newsOf(event: Handled): Arrival['news'] {
  switch (event.type) {
    case 'achievement.calculated.v1':
      return calculated(event.data);
    case 'achievement.not-applicable.v1':
      return notApplicable(event.data);
    case 'achievement.awaiting-aggregation.v1':
      return { until: event.data.closesAtRevision, since: new Date(event.time), code: null };
    case 'achievement.blocked.v1':
      return { until: event.data.closesAtRevision, since: new Date(event.time), code: event.data.code };
  }
}

const calculated = (data: EventOf<typeof AchievementCalculatedV1>): ArrivedFigures => ({
  figures: {
    revision: data.figureRevision,
    pence: BigInt(data.pence),
    resultHash: resultHash(data.pence, data.values),
    memberships: membershipsIn(data.inputs),
    notApplicable: null,
    inputs: otherInputs(data.inputs),
  },
  detail: { points: data.points, values: data.values, inputs: data.inputs },
});

const notApplicable = (data: EventOf<typeof AchievementNotApplicableV1>): ArrivedFigures => ({
  figures: {
    revision: data.figureRevision,
    pence: 0n,
    resultHash: NOT_APPLICABLE_HASH,
    memberships: membershipsIn(data.inputs),
    notApplicable: data.code,
    inputs: otherInputs(data.inputs),
  },
  detail: { points: null, values: [], inputs: data.inputs },
});
