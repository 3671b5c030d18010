import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { QualityServicePublishedV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Logger } from '@attest/telemetry';
import { CalendarStore } from '../application/ports.js';

/** When each service is to be declared. */
@Controller()
export class QualityServicesConsumer {
  constructor(
    private readonly calendar: CalendarStore,
    private readonly logger: Logger,
  ) {}

  @Consumes(QualityServicePublishedV1)
  async handle(
    @Payload() events: readonly ReceivedEvent<typeof QualityServicePublishedV1>[],
    @Ctx() batch: BatchContext,
  ): Promise<void> {
    const kept = await this.calendar.record(
      batch.tx,
      events.map((event) => event.data),
    );
    for (const entry of kept) this.logger.warn('CALENDAR_ENTRY_KEPT', { ...entry });
  }
}
