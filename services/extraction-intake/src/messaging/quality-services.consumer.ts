import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ParticipationsChangedV1, QualityServicePublishedV1, type EventOf } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { RecordQualityServices } from '../application/record-quality-services.js';

type QualityServicesEvent = ReceivedEvent<typeof QualityServicePublishedV1 | typeof ParticipationsChangedV1>;

@Controller()
export class QualityServicesConsumer {
  constructor(private readonly record: RecordQualityServices) {}

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
    await this.record.run(batch.tx, published, changed);
  }
}
