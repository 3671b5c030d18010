import { Access, type Caller } from '@attest/auth';
import { BusinessClock, type LondonDate } from '@attest/calendar';
import { refuseReason } from '@attest/errors';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { ServiceUnknownError } from '../domain/catalogue.errors.js';
import { refusal } from '../domain/participation/participation.js';
import { end } from '../domain/participation/respond.js';
import { changesOf, resultOf, type BulkResult, type DecidedItem } from './item-results.js';
import { participationKey, ParticipationStore, ServiceStore } from './ports.js';
import { PUBLISHING } from './publish-service.js';
import { RecordParticipations } from './record-participations.js';

export interface WantedEnd {
  readonly serviceCode: string;
  readonly providerCodes: readonly string[];
  /** The first day on which they no longer take part. */
  readonly on: LondonDate;
  readonly reason: unknown;
}

/** A commissioner ends participations, or takes unanswered offers back. */
@Injectable()
export class EndParticipations {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly services: ServiceStore,
    private readonly participations: ParticipationStore,
    private readonly record: RecordParticipations,
  ) {}

  async run(
    caller: Caller,
    { serviceCode, providerCodes, on, reason: given }: WantedEnd,
  ): Promise<BulkResult> {
    const reason = refuseReason(given);
    const codes = [...new Set(providerCodes)];
    const allowed = await this.access.allowed(caller, PUBLISHING, codes);
    const seen = await this.access.seen(caller, codes);
    return this.database.transaction(async (tx) => {
      const services = await this.services.lockForOffering(tx, [serviceCode]);
      if (!services.has(serviceCode)) throw new ServiceUnknownError(serviceCode);
      const keys = codes
        .filter((code) => allowed.has(code))
        .map((providerCode) => ({ serviceCode, providerCode }));
      const known = await this.participations.lock(tx, keys);
      const items = codes.map((providerCode): DecidedItem => ({
        serviceCode,
        providerCode,
        outcome:
          allowed.has(providerCode) || !seen.has(providerCode)
            ? end(providerCode, known.get(participationKey({ serviceCode, providerCode })), on, reason)
            : refusal('NOT_YOUR_ORGANISATION', `${providerCode} is not one of your providers. Leave it out.`),
      }));
      await this.record.record(tx, changesOf(items), { personId: caller.personId, at: this.clock.now() });
      return resultOf(items);
    });
  }
}
