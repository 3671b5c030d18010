import type { LondonDate, Period } from '@attest/calendar';
import type { AgencyPublishedV1, EventOf, QualityService } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import type { Candidate } from '../domain/participation/offer.js';
import type { Participation } from '../domain/participation/participation.js';

export interface PublishedService {
  readonly service: QualityService;
  readonly version: bigint;
}

export interface Author {
  readonly personId: string;
  readonly at: Date;
}

/** Services as they were published, every version of them. */
export abstract class ServiceStore {
  /** Nobody publishes or offers this service until the transaction ends; also when it is not there yet. */
  abstract lockForPublishing(tx: Tx, serviceCode: string): Promise<PublishedService | null>;
  /** As they are; none of them is published anew until the transaction ends. */
  abstract lockForOffering(tx: Tx, serviceCodes: readonly string[]): Promise<Map<string, PublishedService>>;
  abstract save(tx: Tx, published: PublishedService, author: Author): Promise<void>;
  /** Open participations that the service's dates would leave outside. */
  abstract countOutside(tx: Tx, service: QualityService): Promise<number>;
}

export type Agency = EventOf<typeof AgencyPublishedV1>;

export abstract class AgencyStore {
  abstract lock(tx: Tx, agencyCode: string): Promise<Agency | null>;
  abstract exists(tx: Tx, agencyCode: string): Promise<boolean>;
  abstract save(tx: Tx, agency: Agency, author: Author): Promise<void>;
}

export interface ParticipationKey {
  readonly serviceCode: string;
  readonly providerCode: string;
}
export const participationKey = (key: ParticipationKey): string => `${key.serviceCode} ${key.providerCode}`;

export interface ParticipationChange {
  readonly participation: Participation;
  readonly reason: string | null;
}

/** Who takes part. All reads and writes take sets. */
export abstract class ParticipationStore {
  /** One offer of a service at a time: what is not there yet cannot be locked otherwise. */
  abstract lockOffers(tx: Tx, serviceCode: string): Promise<void>;
  /** Of these providers, what they are offered or take part in beyond the day on which they close. */
  abstract beyondClosing(
    tx: Tx,
    providerCodes: readonly string[],
  ): Promise<(ParticipationKey & { readonly closeOn: LondonDate })[]>;
  /** Locked in key order, so that two requests never wait for each other in a circle. */
  abstract lock(tx: Tx, keys: readonly ParticipationKey[]): Promise<Map<string, Participation>>;
  abstract save(tx: Tx, changes: readonly ParticipationChange[], author: Author): Promise<void>;
  /** Takes `count` new numbers for each service's events and gives the first of each; the last lock of a transaction. */
  abstract takeVersions(tx: Tx, counts: ReadonlyMap<string, number>): Promise<Map<string, bigint>>;
  /** Providers of a kind in a scope that are open on some of the dates, in code order. */
  abstract providersOfKind(tx: Tx, kind: string, scope: readonly string[], dates: Period): Promise<string[]>;
  /** As the directory knows them; whoever it does not know has no organisation. */
  abstract candidates(
    tx: Tx,
    serviceCode: string,
    providerCodes: readonly string[],
    scope: readonly string[],
  ): Promise<Candidate[]>;
}

export interface ServiceView {
  readonly serviceCode: string;
  readonly version: bigint;
  readonly name: string;
  readonly providerKind: string;
  readonly startOn: LondonDate;
  readonly endOn: LondonDate | null;
  readonly agencyCode: string;
}

export interface VersionView {
  readonly version: bigint;
  readonly rulePackVersion: number;
  readonly publishedAt: Date;
  readonly publishedBy: string;
}

export interface ParticipationView extends Participation {
  readonly providerName: string | null;
}

export interface Slice<A extends readonly string[]> {
  readonly after: A | undefined;
  readonly limit: number;
}

export abstract class ClockStore {
  /** How often the clock was moved; nobody else moves it until the transaction ends. */
  abstract lockVersion(tx: Tx): Promise<number>;
}

/** Reads. `scope` is where the caller holds a role: what lies outside is not there. */
export abstract class Queries {
  abstract services(slice: Slice<[string]>): Promise<ServiceView[]>;
  abstract service(serviceCode: string, version?: bigint): Promise<PublishedService | null>;
  abstract versions(serviceCode: string): Promise<VersionView[]>;
  abstract agencies(): Promise<Agency[]>;
  abstract participations(
    scope: readonly string[],
    filter: {
      serviceCode?: string | undefined;
      providerCode?: string | undefined;
      status?: string | undefined;
    },
    slice: Slice<[string, string]>,
  ): Promise<ParticipationView[]>;
}
