import { Access, type Caller } from '@attest/auth';
import { BusinessClock, type LondonDate } from '@attest/calendar';
import { Database, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable } from '@nestjs/common';
import { ServiceUnknownError } from '../domain/catalogue.errors.js';
import { offerOf, offerTo, type Candidate } from '../domain/participation/offer.js';
import { changesOf, resultOf, type BulkResult, type DecidedItem } from './item-results.js';
import { ParticipationStore, ServiceStore } from './ports.js';
import { PUBLISHING } from './publish-service.js';
import { RecordParticipations } from './record-participations.js';

export interface WantedOffer {
  readonly serviceCode: string;
  readonly from: LondonDate;
  readonly to: LondonDate | null;
  readonly respondBy: LondonDate | null;
  readonly providers: 'all-of-kind' | readonly string[];
}

/** Offers a service to providers that the caller commissions: those named, or all of its kind that are open then. */
@Injectable()
export class MakeOffer {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly services: ServiceStore,
    private readonly participations: ParticipationStore,
    private readonly record: RecordParticipations,
    private readonly logger: Logger,
  ) {}

  async run(caller: Caller, wanted: WantedOffer): Promise<BulkResult> {
    const scope = await this.access.scope(caller, PUBLISHING);
    const result = await this.database.transaction((tx) => this.offer(tx, caller, scope, wanted));
    const { changed, unchanged, refused } = result;
    this.logger.info('SERVICE_OFFERED', { serviceCode: wanted.serviceCode, changed, unchanged, refused });
    return result;
  }

  private async offer(
    tx: Tx,
    caller: Caller,
    scope: readonly string[],
    wanted: WantedOffer,
  ): Promise<BulkResult> {
    const { serviceCode, providers } = wanted;
    await this.participations.lockOffers(tx, serviceCode);
    const published = (await this.services.lockForOffering(tx, [serviceCode])).get(serviceCode);
    if (!published) throw new ServiceUnknownError(serviceCode);
    const { service } = published;
    const offer = offerOf(service, wanted, this.clock.today());
    const codes =
      providers === 'all-of-kind'
        ? await this.participations.providersOfKind(tx, service.providerKind, scope, offer)
        : [...new Set(providers)];
    const candidates = await this.participations.candidates(tx, serviceCode, codes, scope);
    const others = candidates.flatMap((one) => (one.isInScope ? [] : [one.providerCode]));
    const seen = await this.access.seen(caller, others, tx);
    const items = candidates.map((candidate): DecidedItem => ({
      serviceCode,
      providerCode: candidate.providerCode,
      outcome: offerTo(
        candidate.isInScope || seen.has(candidate.providerCode) ? candidate : notThere(candidate),
        offer,
        service,
      ),
    }));
    await this.record.record(tx, changesOf(items), { personId: caller.personId, at: this.clock.now() });
    return resultOf(items);
  }
}

/** As if nobody knew it: what others have is nobody's business. */
const notThere = (candidate: Candidate): Candidate => ({ ...candidate, organisation: null, isParked: false });
