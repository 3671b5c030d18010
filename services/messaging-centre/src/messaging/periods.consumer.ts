import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PeriodFrozenV1, PeriodThawedV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { CalendarStore } from '../application/ports.js';

type Handled = ReceivedEvent<typeof PeriodFrozenV1 | typeof PeriodThawedV1>;

/** Nobody is reminded of what is frozen, and a thaw may move the deadline. */
@Controller()
export class PeriodsConsumer {
  constructor(private readonly calendar: CalendarStore) {}

  @Consumes(PeriodFrozenV1, PeriodThawedV1)
  handle(@Payload() events: readonly Handled[], @Ctx() batch: BatchContext): Promise<void> {
    return this.calendar.recordFreezes(
      batch.tx,
      events.map(({ type, data }) => ({
        freezeId: data.freezeId,
        serviceCode: data.serviceCode,
        achievementDate: data.achievementDate,
        scopeCode: data.scopeCode,
        version: data.freezeVersion,
        frozen: type === PeriodFrozenV1.type,
        providerDeadlineOn: 'providerDeadlineOn' in data ? data.providerDeadlineOn : null,
      })),
    );
  }
}
