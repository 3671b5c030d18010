import type { LondonDate } from '@attest/calendar';
import type { ApprovalStage, HoldCode, ReadonlyPolicy } from '@attest/contracts';
import type { Figures, Marker } from './declaration.js';

/** Where an achievement's declaration belongs; known from the directory and the payment calendar. */
export interface Address {
  readonly commissionerCode: string;
  readonly paymentPeriod: string;
}

export interface AchievementIdentity {
  readonly serviceCode: string;
  readonly achievementDate: LondonDate;
  readonly organisationCode: string;
}

/** A membership change that reaches this achievement: its figures have to be made with `version` or later. */
export interface MembershipChange {
  readonly pcnCode: string;
  readonly version: number;
  readonly code: HoldCode;
  readonly practiceCodes: readonly string[];
  readonly changedFrom: LondonDate;
  readonly changedTo: LondonDate | null;
  readonly eventId: string;
}

/** The days on which an achievement may be declared, and the run that pays it. */
export interface DeclarationWindow {
  readonly paymentPeriod: string;
  readonly opensOn: LondonDate;
  /** Null: it can be declared at any time, and never late. */
  readonly providerDeadlineOn: LondonDate | null;
  /** The first later period whose own deadline has not passed, for one that is declared late. */
  readonly latePeriod: string;
  readonly latePayableFrom: Date;
}

interface ByPerson {
  readonly declarationId: string;
  readonly personId: string;
  readonly forOrganisation: string;
  /** The revision that the person saw; null where the request does not bind one. */
  readonly seenRevision: number | null;
}

interface ByPayment {
  readonly declarationId: string;
  readonly declarationVersion: number;
  readonly attempt: number;
  readonly runId: string;
  readonly paymentVersion: number;
}

/** Its event could not be applied, and an operator gave it up: whoever asked is refused. */
export interface Discarded {
  readonly who: string;
  readonly why: string;
}

/** Everything that can happen to the declarations of one achievement. */
export type Stimulus =
  | {
      readonly kind: 'figures';
      readonly achievement: AchievementIdentity;
      readonly address: Address;
      readonly figures: Figures;
      /** Changes already known that may be newer than these figures. */
      readonly memberships: readonly MembershipChange[];
      /** Of its service and financial year, for what is opened; left out: the default. */
      readonly policy?: ReadonlyPolicy | null;
    }
  | { readonly kind: 'marker'; readonly marker: Marker }
  | { readonly kind: 'membership'; readonly change: MembershipChange }
  | { readonly kind: 'readdress'; readonly address: Partial<Address> }
  | { readonly kind: 'policy'; readonly policy: ReadonlyPolicy | null }
  | {
      /** What the policy leaves to the system is looked at, and taken as far as it goes. */
      readonly kind: 'system-steps';
      readonly declarationId: string;
      readonly today: LondonDate;
      readonly window: DeclarationWindow | null;
      readonly parked: boolean;
      /** Its service and period are frozen (rule 5). */
      readonly frozen: boolean;
    }
  | (ByPerson & {
      readonly kind: 'declare';
      readonly actor: 'provider' | 'commissioner';
      readonly today: LondonDate;
      readonly window: DeclarationWindow | null;
      readonly parked: boolean;
      /** Its service and period are frozen (rule 5). */
      readonly frozen: boolean;
      readonly lateReason: string | null;
      readonly onBehalfReason: string | null;
    })
  | (ByPerson & {
      readonly kind: 'undeclare';
      readonly actor: 'provider' | 'commissioner';
      readonly reason: string | null;
    })
  | (ByPerson & { readonly kind: 'lapse'; readonly reason: string })
  | (ByPerson & {
      /** What two people decide was proposed by the first one, or taken back; nothing else changes. */
      readonly kind: 'proposal';
      readonly withdrawn: boolean;
      readonly code: 'CORRECTION' | 'SETTLEMENT_OUTSIDE';
      readonly reason: string;
      readonly parked: boolean;
      /** Its service and period are frozen (rule 5). */
      readonly frozen: boolean;
    })
  | (ByPerson & {
      readonly kind: 'settle-outside';
      /** The version that the first person looked at. */
      readonly declarationVersion: number;
      readonly proposedBy: string;
      readonly note: string;
      readonly parked: boolean;
      readonly frozen: boolean;
    })
  | (ByPerson & {
      readonly kind: 'admit-late';
      readonly reason: string;
      /** Of its own payment period; null where the calendar has no entry. */
      readonly own: { readonly paymentPeriod: string; readonly cutOffAt: Date } | null;
    })
  | (ByPerson & {
      readonly kind: 'release-hold';
      readonly holdId: string;
      readonly confirmed: boolean;
      readonly reason: string | null;
    })
  | (ByPerson & {
      readonly kind: 'hold-by-hand';
      readonly holdId: string;
      readonly reason: string;
      readonly today: LondonDate;
      readonly expiresOn: LondonDate | null;
    })
  | { readonly kind: 'escalate-holds'; readonly declarationId: string; readonly today: LondonDate }
  | (ByPerson & {
      readonly kind: 'keep-earlier-figure';
      readonly holdId: string;
      readonly confirmed: boolean;
      readonly reason: string;
      /** The newest result from before the hold's membership version; null where none is known. */
      readonly earlier: Figures | null;
      /** Every change that reaches this achievement, whether or not it is held for it. */
      readonly memberships: readonly MembershipChange[];
    })
  | (ByPerson & {
      readonly kind: 'revert';
      readonly actor: 'commissioner' | 'system';
      readonly reason: string;
    })
  | (ByPerson & {
      readonly kind: 'correct';
      readonly attempt: number;
      readonly proposedBy: string;
      readonly reason: string;
    })
  | {
      readonly kind: 'signature';
      readonly declarationId: string;
      readonly approvalId: string;
      readonly approvalVersion: number;
      readonly declarationVersion: number;
      readonly stage: ApprovalStage;
      readonly decision: 'approve' | 'refuse';
      readonly personId: string;
      readonly forOrganisation: string;
      readonly reason: string | null;
      readonly parked: boolean;
      /** Its service and period are frozen (rule 5). */
      readonly frozen: boolean;
      /** It was applied or refused before. */
      readonly answered: boolean;
      /** Of the commissioner's route; left out: the one that APPROVAL_MANAGEMENT signs. */
      readonly tier?: string | null;
      readonly discarded?: Discarded;
    }
  | {
      /** Whatever was signed cannot be read, and an operator gave it up. */
      readonly kind: 'signature-lost';
      readonly declarationId: string;
      /** Null where not even this can be read. */
      readonly approvalVersion: number | null;
      readonly discarded: Discarded;
    }
  | (ByPayment & {
      readonly kind: 'release-requested';
      readonly barrierPassed: boolean;
      readonly parked: boolean;
      /** Its service and period are frozen (rule 5). */
      readonly frozen: boolean;
      /** The same run had its answer before. */
      readonly answered: boolean;
      readonly discarded?: Discarded;
      /** Of one that was declared late: the cut-off of its payment period as the calendar has it now; left out: as declared. */
      readonly payableFrom?: Date | null;
    })
  | (ByPayment & {
      readonly kind: 'sealed';
      readonly pence: bigint;
      /** What recoveries took off the line. */
      readonly nettedPence: bigint;
      readonly fileName: string;
    })
  | (ByPayment & { readonly kind: 'netted'; readonly nettedPence: bigint; readonly debtPence: bigint })
  | (ByPayment & {
      readonly kind: 'not-included';
      readonly code: string;
      readonly words: string;
      readonly owedPence: bigint | null;
    })
  | (ByPayment & { readonly kind: 'acknowledged' })
  | (ByPayment & { readonly kind: 'rejected'; readonly reasonCode: string; readonly reason: string })
  | (ByPayment & {
      readonly kind: 'returned';
      readonly returnedOn: LondonDate;
      readonly reasonCode: string;
      readonly reason: string;
    });

export type StimulusOf<K extends Stimulus['kind']> = Extract<Stimulus, { kind: K }>;
