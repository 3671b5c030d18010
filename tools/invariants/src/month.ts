// What the checks look at. Who plays a month brings it; nothing here comes from a service's own code.
import type { Kafka } from '@attest/messaging/kafka';
import type { OpenDebt, SealedFile } from './evidence.js';
import type { History } from './history.js';
import type { Services } from './services.js';

/** What a month was made from and was to come to, as its manifest says. */
export interface Expectations {
  /** CSV files of published results. */
  readonly expected: { readonly qof: string; readonly qofTotals: string; readonly items: string };
  readonly qof: { readonly serviceCode: string; readonly achievementDate: string };
  readonly services: readonly {
    readonly serviceCode: string;
    readonly achievementDate: string;
    /** The monthly amount of one patient, in pence, where it is paid by registered patients. */
    readonly capitation?: { readonly numerator: number; readonly denominator: number } | undefined;
  }[];
}

/** A running month, with everything that the checks need of it. */
export interface CheckedMonth {
  readonly world: Services & { readonly manifest: Expectations };
  readonly kafka: Kafka;
  /** The folder that holds the file stores and the agency's book. */
  readonly runDir: string;
}

/** Everything that the checks compare. */
export interface Evidence {
  readonly world: Services & { readonly manifest: Expectations };
  readonly history: History;
  readonly files: readonly SealedFile[];
  readonly openDebts: readonly OpenDebt[];
  /** The agency's own book, where there is one. */
  readonly agencyLedger?: { readonly acceptedPence: string } | undefined;
}
