import { Injectable } from '@nestjs/common';
import { Logger } from '@attest/telemetry';
import type { EventOf, ParticipationsChangedV1, QualityServicePublishedV1 } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { CompletenessStore, PageStore, ReferenceStore } from './ports.js';
import { RecordCompleteness } from './record-completeness.js';

/** Services, rule packs and participations as the catalogue says them; what is expected follows. */
@Injectable()
export class RecordQualityServices {
  constructor(
    private readonly reference: ReferenceStore,
    private readonly pages: PageStore,
    private readonly completeness: CompletenessStore,
    private readonly recordCompleteness: RecordCompleteness,
    private readonly logger: Logger,
  ) {}

  async run(
    tx: Tx,
    published: readonly EventOf<typeof QualityServicePublishedV1>[],
    changed: readonly EventOf<typeof ParticipationsChangedV1>[],
  ): Promise<void> {
    for (const entry of await this.reference.recordServices(tx, published))
      this.logger.warn('CALENDAR_ENTRY_KEPT', { ...entry });
    await this.reference.recordParticipations(tx, changed);
    const services = new Set([
      ...published.map((p) => p.service.serviceCode),
      ...changed.map((c) => c.serviceCode),
    ]);
    const periods = await this.completeness.periodsOf(tx, [...services]);
    await this.pages.lockPeriods(tx, periods);
    await this.recordCompleteness.run(tx, periods);
  }
}
