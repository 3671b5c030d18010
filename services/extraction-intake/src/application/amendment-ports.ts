import type { RulePack } from '@attest/contracts';
import type { Page } from '@attest/http';
import type { Tx } from '@attest/persistence';
import type { PageCounts } from '../domain/amend-page.js';
import type { AmendmentActor, AmendmentPounds, AmendmentState } from '../domain/amendment.js';
import type { AmendablePractice, AmendableService, Participation } from '../domain/amendment-window.js';
import type { PeriodKey } from './ports.js';

/** One request as it is stored. Old and new values stand in the order of `fields`. */
export interface Amendment extends PeriodKey {
  readonly amendmentId: string;
  readonly amendmentVersion: number;
  readonly state: AmendmentState;
  readonly practiceCode: string;
  /** Of the practice, as the directory has it now. */
  readonly practiceName: string | null;
  readonly commissionerCode: string | null;
  readonly pageVersion: number;
  readonly rulePackVersion: number;
  readonly fields: RulePack['fields'];
  readonly oldValues: PageCounts;
  readonly newValues: PageCounts;
  readonly pounds: AmendmentPounds;
  readonly reconciliation: boolean;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedFor: string | null;
  readonly decidedAt: Date | null;
  readonly decisionReason: string | null;
  readonly newPageVersion: number | null;
  /** The first later version that a file brought: an accepted amendment counts no more since then. */
  readonly overtakenByPageVersion: number | null;
}

export type NewAmendment = Pick<
  Amendment,
  | 'amendmentId'
  | 'serviceCode'
  | 'achievementDate'
  | 'practiceCode'
  | 'pageVersion'
  | 'rulePackVersion'
  | 'oldValues'
  | 'newValues'
  | 'pounds'
  | 'reconciliation'
  | 'reason'
  | 'requestedBy'
  | 'requestedAt'
>;

export interface Decision {
  readonly state: Exclude<AmendmentState, 'requested'>;
  readonly actor: AmendmentActor;
  readonly personId: string | null;
  readonly forOrganisation: string | null;
  readonly at: Date;
  readonly reason: string | null;
  readonly causeFileId: string | null;
}

export interface AmendmentStep {
  readonly amendmentVersion: number;
  readonly at: Date;
  readonly actor: AmendmentActor;
  readonly personId: string | null;
  readonly forOrganisation: string | null;
  readonly from: AmendmentState | null;
  readonly to: AmendmentState;
  readonly reason: string | null;
  readonly causeFileId: string | null;
}

export interface AmendmentFilter {
  readonly state?: AmendmentState | undefined;
  readonly serviceCode?: string | undefined;
  readonly achievementDate?: string | undefined;
  readonly organisationCode?: string | undefined;
  readonly commissionerCode?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export abstract class AmendmentStore {
  /** False when the page has an open request already. Writes its first step too. */
  abstract add(tx: Tx, amendment: NewAmendment, forOrganisation: string): Promise<boolean>;
  /** The row is locked until the end of the transaction. */
  abstract lock(tx: Tx, amendmentId: string, now: Date): Promise<Amendment | undefined>;
  /**
   * Ends open requests, with a step each, and answers those that were open; set-based, since one file may overtake
   * many. `accepted` names the new version of the page.
   */
  abstract decide(
    tx: Tx,
    amendmentIds: readonly string[],
    decision: Decision,
    accepted?: { newPageVersion: number },
  ): Promise<Amendment[]>;
  /** Open requests of a period by practice. Lock the period first. */
  abstract openOf(tx: Tx, period: PeriodKey): Promise<Map<string, string>>;
  abstract find(amendmentId: string, now: Date): Promise<Amendment | undefined>;
  abstract steps(amendmentId: string): Promise<AmendmentStep[]>;
  /** Within the organisations of `scope`, newest first. */
  abstract list(filter: AmendmentFilter, scope: readonly string[], now: Date): Promise<Page<Amendment>>;
}

/** What a request is checked against, all as at one moment. */
export interface AmendmentReference {
  readonly service: (AmendableService & { readonly cutOffAt: Date | null }) | undefined;
  /** The pack that holds now; null when only its fields were recorded. */
  readonly rulePack: RulePack | null;
  readonly practice: AmendablePractice | undefined;
  readonly participation: Participation | undefined;
  /** The newest event about the service or the practice is parked: what it is now is not sure. */
  readonly parked: boolean;
}

export abstract class AmendmentReferenceStore {
  abstract of(tx: Tx, period: PeriodKey, practiceCode: string): Promise<AmendmentReference>;
}
