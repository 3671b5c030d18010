import { londonDate } from '@attest/calendar';
import type { RulePack } from '@attest/contracts';
import { ByteDictionary, pairKey } from './byte-dictionary.js';
import { dateNumber } from './field-bytes.js';
import { SubmissionLimit } from './submission-time.js';

/** A quality service as intake needs it. */
export interface KnownService {
  readonly serviceCode: string;
  readonly startOn: string;
  /** The day after the last one. */
  readonly endOn: string | null;
  readonly achievementDates: readonly string[];
  readonly rulePack: Pick<RulePack, 'version' | 'fields' | 'ignoredFields'>;
  /** As written in the field, `2025/26`; null where it is not known. */
  readonly oldestOpenFinancialYear?: string | null;
  /** What was last said of it could not be read: what it is now is not sure. */
  readonly parked: boolean;
}

export interface KnownOrganisation {
  readonly code: string;
  readonly kind: string;
  /** As a service's. */
  readonly parked: boolean;
  readonly openOn: string | null;
  readonly closeOn: string | null;
}

const LAST_DATE = 99_991_231;

export type DateFault = 'DATE_OUTSIDE_SERVICE' | 'DATE_NOT_COLLECTED' | 'YEAR_CLOSED' | 'DATE_AHEAD';

/** A service with its codes ready to be found by their bytes. */
export class ServiceFields {
  readonly fields: ByteDictionary;
  readonly fieldCount: number;
  readonly parked: boolean;
  private readonly startOn: number;
  private readonly endOn: number;
  private readonly oldestOpenOn: number;
  private readonly dates: ReadonlyMap<number, string>;

  constructor(
    readonly service: KnownService,
    /** In London. */
    private readonly today: number,
  ) {
    const { fields, ignoredFields } = service.rulePack;
    this.fieldCount = fields.length;
    this.parked = service.parked;
    this.fields = new ByteDictionary(
      [...fields, ...ignoredFields].map((f) => pairKey(f.indicatorCode, f.fieldName)),
    );
    this.startOn = dateNumber(service.startOn);
    this.endOn = service.endOn === null ? LAST_DATE : dateNumber(service.endOn);
    const oldest = service.oldestOpenFinancialYear ?? null;
    this.oldestOpenOn = oldest === null ? 0 : dateNumber(`${oldest.slice(0, 4)}-04-01`);
    this.dates = new Map(service.achievementDates.map((date) => [dateNumber(date), date]));
  }

  /** The achievement date, or why it is not one of this service. */
  dateOf(date: number): string | undefined {
    return this.dateFault(date) === undefined ? this.dates.get(date) : undefined;
  }

  dateFault(date: number): DateFault | undefined {
    if (date < this.startOn || date >= this.endOn) return 'DATE_OUTSIDE_SERVICE';
    if (!this.dates.has(date)) return 'DATE_NOT_COLLECTED';
    if (date < this.oldestOpenOn) return 'YEAR_CLOSED';
    return date > this.today ? 'DATE_AHEAD' : undefined;
  }
}

/** All organisations, by their bytes; number = place in the arrays. */
export class OrganisationIndex {
  readonly codes: ByteDictionary;
  readonly kinds: Uint8Array;
  readonly openOn: Int32Array;
  readonly closeOn: Int32Array;

  constructor(private readonly organisations: readonly KnownOrganisation[]) {
    this.codes = new ByteDictionary(organisations.map((o) => o.code));
    this.kinds = Uint8Array.from(organisations, kindOf);
    this.openOn = Int32Array.from(organisations, (o) => (o.openOn === null ? 0 : dateNumber(o.openOn)));
    this.closeOn = Int32Array.from(organisations, (o) =>
      o.closeOn === null ? LAST_DATE : dateNumber(o.closeOn),
    );
  }

  get size(): number {
    return this.organisations.length;
  }

  code(place: number): string {
    return this.organisations[place]!.code;
  }
}

export const PRACTICE = 1;
export const PCN = 2;
export const OTHER = 3;
export const PARKED = 4;

const kindOf = ({ kind, parked }: KnownOrganisation): number =>
  parked ? PARKED : kind === 'practice' ? PRACTICE : kind === 'pcn' ? PCN : OTHER;

/** Everything that rows are checked against, as it was when the file came. */
export class Reference {
  readonly organisations: OrganisationIndex;
  readonly services: readonly ServiceFields[];
  readonly serviceCodes: ByteDictionary;

  readonly submissions: SubmissionLimit;

  /** @param receivedAt by the business clock */
  constructor(
    services: readonly KnownService[],
    organisations: readonly KnownOrganisation[],
    receivedAt: Date,
  ) {
    this.submissions = new SubmissionLimit(receivedAt);
    const today = dateNumber(londonDate(receivedAt));
    this.organisations = new OrganisationIndex(organisations);
    this.services = services.map((service) => new ServiceFields(service, today));
    this.serviceCodes = new ByteDictionary(services.map((service) => service.serviceCode));
  }

  service(serviceCode: string): ServiceFields | undefined {
    return this.services.find((known) => known.service.serviceCode === serviceCode);
  }
}
