import type { CalendarEntry, DeclarationState } from '@attest/contracts';
import type { LedgerMeaning } from '../domain/ledger.js';

export interface OrganisationPayee {
  readonly organisationCode: string;
  readonly payeeCode: string;
  readonly payeeName: string;
  readonly accountReference: string;
  readonly version: bigint;
}

export interface AgencyPublishedState {
  readonly agencyCode: string;
  readonly name: string;
  readonly adapter: string;
  readonly version: bigint;
}

/** Who pays a service, and when. */
export interface Routing {
  readonly serviceCode: string;
  readonly agencyCode: string;
  readonly version: bigint;
  readonly calendar: readonly CalendarEntry[];
}

/** A service and achievement date that is frozen or was thawed, for a commissioner and those below it. */
export interface PeriodFreeze {
  readonly freezeId: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly scopeCode: string;
  readonly version: bigint;
  readonly frozen: boolean;
  readonly cutOffAt: string | null;
}

export interface DeclarationNews {
  readonly state: DeclarationState;
  /** What it means to the ledger. */
  readonly means: LedgerMeaning | null;
  readonly at: string;
}
