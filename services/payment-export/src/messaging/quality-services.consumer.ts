import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { AgencyPublishedV1, QualityServicePublishedV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Logger } from '@attest/telemetry';
import { ReferenceStore } from '../application/ports.js';

/** Who pays which service, and when. */
@Controller()
export class QualityServicesConsumer {
  constructor(
    private readonly references: ReferenceStore,
    private readonly logger: Logger,
  ) {}

  @Consumes(QualityServicePublishedV1, AgencyPublishedV1)
  async handle(
    @Payload() events: readonly ReceivedEvent<typeof QualityServicePublishedV1 | typeof AgencyPublishedV1>[],
    @Ctx() batch: BatchContext,
  ): Promise<void> {
    const agencies = events.flatMap((event) =>
      event.type === AgencyPublishedV1.type
        ? [{ ...event.data, version: BigInt(event.data.agencyVersion) }]
        : [],
    );
    const routings = events.flatMap((event) =>
      event.type === QualityServicePublishedV1.type
        ? [{ ...event.data.service, version: BigInt(event.data.serviceVersion) }]
        : [],
    );
    if (agencies.length > 0) await this.references.agencies(batch.tx, agencies);
    if (routings.length === 0) return;
    for (const entry of await this.references.routings(batch.tx, routings))
      this.logger.warn('CALENDAR_ENTRY_KEPT', { ...entry });
  }
}
