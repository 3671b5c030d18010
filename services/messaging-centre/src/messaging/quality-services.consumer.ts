import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { QualityServicePublishedV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { CalendarStore } from '../application/ports.js';

/** When each service is to be declared. */
@Controller()
export class QualityServicesConsumer {
  constructor(private readonly calendar: CalendarStore) {}

  @Consumes(QualityServicePublishedV1)
  handle(
    @Payload() events: readonly ReceivedEvent<typeof QualityServicePublishedV1>[],
    @Ctx() batch: BatchContext,
  ): Promise<void> {
    return this.calendar.record(
      batch.tx,
      events.map((event) => event.data),
    );
  }
}
