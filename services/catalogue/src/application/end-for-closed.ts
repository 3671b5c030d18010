import { BusinessClock } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { endByClosing } from '../domain/participation/closing.js';
import { changesOf, type DecidedItem } from './item-results.js';
import { participationKey, ParticipationStore, ServiceStore } from './ports.js';
import { RecordParticipations } from './record-participations.js';

/** Ends what organisations that close still take part in (design §5 rule 9). */
@Injectable()
export class EndForClosed {
  constructor(
    private readonly clock: BusinessClock,
    private readonly services: ServiceStore,
    private readonly participations: ParticipationStore,
    private readonly record: RecordParticipations,
  ) {}

  async run(tx: Tx, providerCodes: readonly string[]): Promise<void> {
    const beyond = await this.participations.beyondClosing(tx, [...new Set(providerCodes)]);
    if (beyond.length === 0) return;
    // First the services, then the participations: as whoever ends them by hand does.
    await this.services.lockForOffering(tx, [...new Set(beyond.map(({ serviceCode }) => serviceCode))]);
    const known = await this.participations.lock(tx, beyond);
    const items = beyond.map((key): DecidedItem => ({
      ...key,
      outcome: endByClosing(known.get(participationKey(key))!, key.closeOn),
    }));
    await this.record.record(tx, changesOf(items), { personId: 'system', at: this.clock.now() });
  }
}
