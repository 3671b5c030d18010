import { BusinessClockMovedV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { MovableClock } from './movable-clock.js';

/** Lets business time follow the catalogue's, in development and tests. */
@Controller()
export class BusinessClockConsumer {
  constructor(private readonly clock: MovableClock) {}

  @Consumes(BusinessClockMovedV1)
  async handle(
    @Payload() events: readonly ReceivedEvent<typeof BusinessClockMovedV1>[],
    @Ctx() batch: BatchContext,
  ): Promise<void> {
    const newest = events.reduce((a, b) => (b.data.clockVersion > a.data.clockVersion ? b : a));
    await this.clock.move(batch.tx, newest.data);
  }
}
