import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PeriodFrozenV1, PeriodThawedV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { ReferenceStore } from '../application/ports.js';

type Handled = ReceivedEvent<typeof PeriodFrozenV1 | typeof PeriodThawedV1>;

/** What is frozen when a run seals is left out of its files. */
@Controller()
export class PeriodsConsumer {
  constructor(private readonly references: ReferenceStore) {}

  @Consumes(PeriodFrozenV1, PeriodThawedV1)
  handle(@Payload() events: readonly Handled[], @Ctx() batch: BatchContext): Promise<void> {
    return this.references.freezes(
      batch.tx,
      events.map(({ type, data }) => ({
        freezeId: data.freezeId,
        serviceCode: data.serviceCode,
        achievementDate: data.achievementDate,
        scopeCode: data.scopeCode,
        version: BigInt(data.freezeVersion),
        frozen: type === PeriodFrozenV1.type,
        cutOffAt: 'cutOffAt' in data ? data.cutOffAt : null,
      })),
    );
  }
}
