import type { DeclarationStatus, Hold } from '@attest/contracts';
import type { Declaration } from '../../domain/core/declaration.js';
import type { Correction, OutsideSettlement } from '../signing/proposal.ports.js';
import type { CalendarDates } from '../../domain/periods/window.js';

export interface DeclarationFilter {
  readonly serviceCode?: string | undefined;
  readonly achievementDate?: string | undefined;
  readonly organisationCode?: string | undefined;
  readonly commissionerCode?: string | undefined;
  /** A commissioner, a region or England: their declarations and those below them. */
  readonly reachedBy?: string | undefined;
  readonly paymentPeriod?: string | undefined;
  readonly status?: string | undefined;
  readonly kind?: string | undefined;
  readonly held?: boolean | undefined;
  readonly late?: boolean | undefined;
  /** Only those that wait in the late queue. */
  readonly lateQueue?: boolean | undefined;
  /** The id after which the page begins. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface FoundDeclaration {
  readonly declaration: Declaration;
  /** The agency's own word for sent. */
  readonly agencyLabel: string | null;
}

export interface ShownDeclaration extends FoundDeclaration {
  readonly calendar: CalendarDates | null;
  /** What two people decide, and waits for the second. */
  readonly correction: Correction | null;
  readonly outsideSettlement: OutsideSettlement | null;
  /** Newest first: the one that stands and the one before it. */
  readonly results: readonly ShownResult[];
}

export interface ShownResult {
  readonly figureRevision: number;
  readonly pence: bigint;
  readonly points: string | null;
  readonly notApplicable: string | null;
  readonly values: unknown;
  readonly inputs: unknown;
  readonly arrivedAt: Date;
}

export interface HistoryRow {
  readonly revision: number;
  readonly action: string;
  readonly fromStatus: DeclarationStatus | null;
  readonly toStatus: DeclarationStatus;
  readonly actor: string;
  readonly personId: string | null;
  readonly forOrganisation: string | null;
  readonly at: Date;
  readonly reason: string | null;
  readonly code: string | null;
  readonly approvalId: string | null;
  readonly declarationVersion: number;
  readonly figureRevision: number;
  readonly pence: bigint;
  readonly previousPence: bigint | null;
  readonly holds: readonly Hold[];
  readonly runId: string | null;
  readonly attempt: number;
  readonly causeEventId: string | null;
}

/** One thing that happened to one of a provider's declarations. */
export interface ProviderHistoryRow extends HistoryRow {
  readonly declarationId: string;
  readonly kind: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly commissionerCode: string;
  readonly paymentPeriod: string;
}

export interface ProviderHistoryFilter {
  readonly organisationCode: string;
  readonly serviceCode?: string | undefined;
  readonly achievementDate?: string | undefined;
  /** The row after which the page begins; newest first. */
  readonly after?:
    { readonly at: Date; readonly declarationId: string; readonly revision: number } | undefined;
  readonly limit: number;
}

/** What may be looked at. `scope`: codes at which the caller holds a role; each reaches its descendants. */
export abstract class DeclarationQueries {
  abstract list(scope: readonly string[], filter: DeclarationFilter): Promise<FoundDeclaration[]>;
  /** Undefined: there is none within the scope. */
  abstract one(scope: readonly string[], declarationId: string): Promise<ShownDeclaration | undefined>;
  abstract history(declarationId: string, afterRevision: number, limit: number): Promise<HistoryRow[]>;
  /** Whether the provider, or any declaration of it, lies within the scope. */
  abstract providerVisible(scope: readonly string[], organisationCode: string): Promise<boolean>;
  /** All declarations of a provider that lie within the scope, newest first. */
  abstract providerHistory(
    scope: readonly string[],
    filter: ProviderHistoryFilter,
  ): Promise<ProviderHistoryRow[]>;
}
