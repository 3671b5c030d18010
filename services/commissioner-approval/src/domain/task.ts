import type {
  ApprovalStage,
  ApprovalTier,
  DeclarationState,
  DeclarationStatus,
  Role,
} from '@attest/contracts';

/** What commissioner-approval knows of one declaration: enough to say whether somebody may sign it now. */
export interface ApprovalTask {
  readonly declarationId: string;
  readonly declarationVersion: bigint;
  readonly status: DeclarationStatus;
  readonly commissionerCode: string;
  readonly held: boolean;
  readonly awaitingAggregation: boolean;
  readonly pendingApprovalId: string | null;
  readonly declaredBy: string | null;
  readonly commissionerSignedBy: string | null;
  readonly kind: 'achievement' | 'adjustment';
  /** The commissioner's tier that is due, where its service has a route of its own. */
  readonly tier: ApprovalTier | null;
  /** Everybody who has signed a tier of this version. */
  readonly signedBy: readonly string[];
  /** An event that it depends on could not be applied here. */
  readonly parked: boolean;
}

/** The stage that a status waits for; the other statuses wait for no signature. */
export function stageOf(status: DeclarationStatus): ApprovalStage | null {
  if (status === 'AWAITING_COMMISSIONER_APPROVAL') return 'commissioner';
  if (status === 'AWAITING_FINANCE_APPROVAL') return 'finance';
  return null;
}

/** The commissioner's tier that a declaration waits for, as its own service says. */
export function tierOf({ status, approvalRoute }: DeclarationState): ApprovalTier | null {
  if (stageOf(status) !== 'commissioner' || !approvalRoute) return null;
  return approvalRoute.tiers.find((tier) => tier.name === approvalRoute.tierDue) ?? null;
}

/** The tier that a signature is for; only the commissioner's stage has any. */
export const tierSigned = (signature: {
  readonly stage: ApprovalStage;
  readonly task: Pick<ApprovalTask, 'tier'>;
}): string | null => (signature.stage === 'commissioner' ? (signature.task.tier?.name ?? null) : null);

/** The role that signs a stage of this task: finance, the tier that is due, or the usual one. */
export const roleFor = (stage: ApprovalStage, task: Pick<ApprovalTask, 'tier'>): Role =>
  stage === 'finance' ? 'FINANCE_MANAGEMENT' : (task.tier?.role ?? 'APPROVAL_MANAGEMENT');

/** What the person may do at the task's commissioner. */
export interface Standing {
  /** Holds any role at the task's commissioner. To all others it is not there. */
  readonly sees: boolean;
  /** Holds a role that signs this stage there. */
  readonly mayAct: boolean;
  /** Holds the very role that the due tier needs. */
  readonly mayTakeTier: boolean;
}

export interface SigningRequest {
  readonly stage: ApprovalStage;
  readonly decision: 'approve' | 'refuse';
  readonly declarationVersion: bigint;
  readonly personId: string;
}

export type RefusalCode =
  | 'UNKNOWN_DECLARATION'
  | 'NOT_YOUR_ORGANISATION'
  | 'UPSTREAM_EVENT_PARKED'
  | 'WRONG_STAGE'
  | 'WRONG_TIER_ROLE'
  | 'VERSION_SUPERSEDED'
  | 'ON_HOLD'
  | 'AWAITING_AGGREGATION'
  | 'SIGNATURE_PENDING'
  | 'SAME_PERSON';

/**
 * Why this person may not sign this task now, or `null`. declaration-workflow checks again where the signature is
 * applied: what is refused here is only refused earlier and with a friendlier answer.
 */
export function refusalOf(
  task: ApprovalTask | undefined,
  { sees, mayAct, mayTakeTier }: Standing,
  request: SigningRequest,
): RefusalCode | null {
  if (!task || !sees) return 'UNKNOWN_DECLARATION';
  if (!mayAct) return 'NOT_YOUR_ORGANISATION';
  // Whatever else is known of it may be out of date; sending it back rests on it, too.
  if (task.parked) return 'UPSTREAM_EVENT_PARKED';
  if (task.declarationVersion !== request.declarationVersion) return 'VERSION_SUPERSEDED';
  if (stageOf(task.status) !== request.stage) return 'WRONG_STAGE';
  if (!mayTakeTier) return 'WRONG_TIER_ROLE';
  if (task.pendingApprovalId !== null) return 'SIGNATURE_PENDING';
  // Sending it back leads away from payment: neither a hold nor four-eyes stands in its way.
  if (request.decision === 'refuse') return null;
  if (task.held) return 'ON_HOLD';
  if (task.awaitingAggregation) return 'AWAITING_AGGREGATION';
  // Four-eyes (design §5 rule 8): nobody signs two stages, nor a stage of something they declared.
  const others = [task.declaredBy, task.commissionerSignedBy, ...task.signedBy];
  if (others.includes(request.personId)) return 'SAME_PERSON';
  return null;
}

const WORDS: Record<RefusalCode, string> = {
  UNKNOWN_DECLARATION: 'There is no such declaration here. Look it up again in the list of approval tasks.',
  NOT_YOUR_ORGANISATION:
    'You do not hold the role for this stage at its commissioner. Ask somebody who does.',
  UPSTREAM_EVENT_PARKED:
    'Something that it depends on could not be read and waits for repair. An operator has to replay or discard it first.',
  WRONG_STAGE: 'It does not wait for this stage now. Reload the task and look at its status.',
  WRONG_TIER_ROLE:
    "It waits for a tier of its commissioner's route that needs another role. The task names the role; let somebody who holds it sign.",
  VERSION_SUPERSEDED:
    'It has changed since you looked. Reload the task, check the new figures and sign again.',
  ON_HOLD: 'It is on hold. Release the hold first, then sign.',
  AWAITING_AGGREGATION: 'New data is being added up. Sign again when the figures have arrived.',
  SIGNATURE_PENDING:
    'Somebody has just signed this stage and the signature is being applied. Look again in a moment, and sign again if it still waits for you.',
  SAME_PERSON: 'You declared it or signed another stage or tier of it. Another person must sign this one.',
};

/** What happened and what to do next, for people. */
export function wordsFor(code: RefusalCode): string {
  return WORDS[code];
}
