import { AgencyPublishedV1, QualityServicePublishedV1 } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Logger } from '@attest/telemetry';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { FollowReferences } from '../../application/references/follow-references.js';
import { PolicyStore } from '../../application/signing/policy.ports.js';
import { ServiceStore } from '../../application/references/reference.ports.js';

type Handled = ReceivedEvent<typeof QualityServicePublishedV1 | typeof AgencyPublishedV1>;

/** Which services there are, when they are declared and paid, and what they depend on. */
@Controller()
export class QualityServicesConsumer {
  constructor(
    private readonly services: ServiceStore,
    private readonly policies: PolicyStore,
    private readonly follow: FollowReferences,
    private readonly logger: Logger,
  ) {}

  @Consumes(QualityServicePublishedV1, AgencyPublishedV1)
  async handle(@Payload() events: readonly Handled[], @Ctx() batch: BatchContext): Promise<void> {
    const published = [];
    const agencies = [];
    for (const event of events) {
      if (event.type === 'quality-service.published.v1') published.push(event.data);
      else agencies.push(event.data);
    }
    await this.services.recordAgencies(batch.tx, agencies);
    if (published.length === 0) return;
    for (const entry of await this.services.recordServices(batch.tx, published))
      this.logger.warn('CALENDAR_ENTRY_KEPT', { ...entry });
    await this.policies.record(batch.tx, published);
    await this.follow.run(batch.tx, 'service', [...new Set(published.map((one) => one.service.serviceCode))]);
  }
}
