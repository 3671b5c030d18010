// What `manifest.json` of a month says (README.md).
import type { CalendarEntry, QualityService } from '@attest/contracts';

export interface Manifest {
  readonly madeUp: boolean;
  readonly paymentPeriod: string;
  /** The instants to which the story moves the business clock. */
  readonly calendar: {
    readonly beforeOpen: string;
    readonly open: string;
    readonly afterDeadline: string;
    readonly cutOff: string;
  };
  readonly nextMonth: NextMonth;
  readonly agency: Agency;
  readonly organisationFiles: readonly OrganisationFile[];
  readonly services: readonly MonthService[];
  readonly extractFiles: readonly ExtractFile[];
  readonly qof: QofService;
  readonly pcnAchievementDate: string;
  readonly expected: Expected;
  readonly cast: Cast;
  /** All that have to sign, abolished ones too. */
  readonly commissioners: readonly string[];
  /** By path. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** What the calendar of one monthly service goes on with. */
export interface NextMonth {
  readonly serviceCode: string;
  readonly paymentPeriod: string;
  readonly entry: CalendarEntry;
  readonly cutOff: string;
}

/** The body of `POST agencies`. */
export interface Agency {
  readonly agencyCode: string;
  readonly name: string;
  readonly adapter: string;
  readonly label: string;
}

export interface OrganisationFile {
  readonly layout: 'practices' | 'pcns' | 'pcn-memberships' | 'practice-pcn-icb' | 'people';
  readonly asAt: string;
  readonly path: string;
}

export interface MonthService {
  readonly serviceCode: string;
  /** Of the document. */
  readonly path: string;
  readonly providerKind: QualityService['providerKind'];
  readonly achievementDate: string;
  readonly participation: {
    readonly from: string;
    readonly to: string | null;
    readonly respondBy: string;
    readonly providers: readonly string[];
  };
  /** Where it pays by the head. */
  readonly capitation?: Ratio;
}

/** Pence a patient and month. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

export interface QofService {
  readonly serviceCode: string;
  readonly achievementDate: string;
}

export type ExtractFile = QofExtractFile | CqrsExtractFile;

export interface QofExtractFile extends QofService {
  readonly layout: 'qof-long';
  readonly path: string;
}

export interface CqrsExtractFile {
  readonly layout: 'cqrs';
  readonly path: string;
  readonly serviceCode: string;
  readonly rows: number;
  readonly pence: string;
}

export interface Expected {
  /** Of July 2026, as are `pcns` and `commissioners`. */
  readonly practices: number;
  readonly pcns: number;
  readonly commissioners: number;
  /** One per service and provider. */
  readonly declarations: number;
  readonly itemPence: string;
  /** Rows. */
  readonly leftOut: number;
  /** Paths of CSV files. */
  readonly items: string;
  readonly qof: string;
  readonly qofTotals: string;
}

/** Who plays which part in the story. */
export interface Cast {
  readonly mover: Move;
  readonly lateMover: Move;
  readonly amended: {
    readonly practiceCode: string;
    readonly serviceCode: string;
    readonly file: string;
    readonly pence: string;
    readonly amendedPence: string;
  };
  readonly rejected: readonly PaymentLine[];
}

export interface Move {
  readonly practiceCode: string;
  readonly leavesPcnCode: string;
  readonly joinsPcnCode: string;
  readonly effectiveOn: string;
}

/** Whose payment for what. */
export interface PaymentLine {
  readonly providerCode: string;
  readonly serviceCode: string;
}
