// What was said of a month, as the checks keep it.
import type {
  AchievementInput,
  ApprovalRoute,
  ApprovalSignedV1,
  DeclaredValue,
  DeclarationState,
  EventOf,
  ReleaseRunEndedV1,
} from '@attest/contracts';

/** Of a declaration, what the checks ask for: whole, half a million of them would fill the memory. */
export type Declaration = Pick<
  DeclarationState,
  | 'declarationId'
  | 'organisationCode'
  | 'serviceCode'
  | 'achievementDate'
  | 'kind'
  | 'status'
  | 'revision'
  | 'declarationVersion'
  | 'figureRevision'
  | 'pence'
  | 'declaredBy'
  | 'holds'
  | 'awaitingAggregation'
>;

/** What a version was asked for in the steps that it took; what is left out is the usual. */
export interface Asked {
  readonly declaration?: ApprovalRoute['declaration'];
  /** The tiers of the commissioner, by name. */
  readonly tiers?: readonly string[];
  readonly finance?: ApprovalRoute['finance'];
}

export type Signature = Pick<
  EventOf<typeof ApprovalSignedV1>,
  'approvalId' | 'declarationId' | 'declarationVersion' | 'stage' | 'tier' | 'personId'
>;

export interface PaidLine {
  readonly declarationId: string;
  readonly pence: string;
  readonly runId: string;
}

/** What was settled without money leaving, at one agency. */
export interface Netting {
  readonly declarationId: string;
  readonly pence: string;
  readonly agencyCode: string;
}

export interface Figure {
  readonly figureRevision: number;
  readonly pence: string;
  readonly points: string | null;
  /** Points alone. */
  readonly values: readonly DeclaredValue[];
  /** Memberships alone. */
  readonly inputs: readonly AchievementInput[];
}

export type EndedRun = EventOf<typeof ReleaseRunEndedV1>;

/**
 * What was said of a month. A version is `declaration|version`, an identity `declaration|version|attempt`, an
 * achievement `service|date|organisation`.
 */
export interface History {
  /** newest state by declaration id */
  readonly newest: Map<string, Declaration>;
  /** what finance applied, by version */
  readonly financeApproved: Map<string, Declaration>;
  readonly settledNil: Set<string>;
  /** whose signatures were taken back while its period was frozen, and not signed again: by version */
  readonly reverted: Set<string>;
  readonly confirmed: (Declaration & { readonly runId: string | null })[];
  /** what each version was asked for when it took its step, where that is not the usual */
  readonly asked: Map<string, Asked>;
  readonly signatures: Map<string, Signature>;
  readonly appliedSignatures: Set<string>;
  /** lines by identity */
  readonly sealed: Map<string, PaidLine>;
  readonly acknowledged: Map<string, PaidLine>;
  /** rejected at once, or returned after they were paid: nothing of these lines was paid */
  readonly rejected: Map<string, PaidLine>;
  readonly returned: Map<string, PaidLine>;
  /** settled in a run without a line, and what recoveries took off lines: by identity */
  readonly netted: Map<string, Netting>;
  readonly takenOff: Map<string, Netting>;
  readonly runs: EndedRun[];
  readonly achievements: Map<string, Figure[]>;
  /** the newest revision that says so, by achievement */
  readonly nothingToPay: Map<string, number>;
  /** what its commissioner ended, and the revision of a figure that was kept: by declaration id */
  readonly withdrawn: Set<string>;
  readonly kept: Map<string, number>;
  /** a line of it was rejected, whatever became of it */
  readonly everRejected: Set<string>;
  readonly outOfOrder: string[];
  readonly notInTable: string[];
  statusSteps: number;
}

export const emptyHistory = (): History => ({
  newest: new Map(),
  financeApproved: new Map(),
  settledNil: new Set(),
  reverted: new Set(),
  confirmed: [],
  asked: new Map(),
  signatures: new Map(),
  appliedSignatures: new Set(),
  sealed: new Map(),
  acknowledged: new Map(),
  rejected: new Map(),
  returned: new Map(),
  netted: new Map(),
  takenOff: new Map(),
  runs: [],
  achievements: new Map(),
  nothingToPay: new Map(),
  withdrawn: new Set(),
  kept: new Map(),
  everRejected: new Set(),
  outOfOrder: [],
  notInTable: [],
  statusSteps: 0,
});

/** The newest state of a declaration that something else was said of: nothing is paid for one that nobody told. */
export function stateOf({ newest }: Pick<History, 'newest'>, declarationId: string): Declaration {
  const declaration = newest.get(declarationId);
  if (!declaration)
    throw new Error(`${declarationId} is paid, and nothing was said of the declaration itself`);
  return declaration;
}
