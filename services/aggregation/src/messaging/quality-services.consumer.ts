import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ParticipationsChangedV1, QualityServicePublishedV1, type EventOf } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Logger } from '@attest/telemetry';
import { RecordInputs } from '../application/record-inputs.js';

type QualityServicesEvent = ReceivedEvent<typeof QualityServicePublishedV1 | typeof ParticipationsChangedV1>;

@Controller()
export class QualityServicesConsumer {
  constructor(
    private readonly record: RecordInputs,
    private readonly logger: Logger,
  ) {}

  @Consumes(QualityServicePublishedV1, ParticipationsChangedV1)
  async handle(
    @Payload() events: readonly QualityServicesEvent[],
    @Ctx() batch: BatchContext,
  ): Promise<void> {
    const published: EventOf<typeof QualityServicePublishedV1>[] = [];
    const changed: EventOf<typeof ParticipationsChangedV1>[] = [];
    for (const event of events) {
      if (event.type === 'quality-service.published.v1') published.push(event.data);
      else changed.push(event.data);
    }
    for (const entry of await this.record.services(batch.tx, published, changed))
      this.logger.warn('CALENDAR_ENTRY_KEPT', { ...entry });
  }
}
