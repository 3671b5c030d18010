import type { ApprovalStage, DeclarationStatus } from '@attest/contracts';

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
}

/** The stage that a status waits for; the other statuses wait for no signature. */
export function stageOf(status: DeclarationStatus): ApprovalStage | null {
  if (status === 'AWAITING_COMMISSIONER_APPROVAL') return 'commissioner';
  if (status === 'AWAITING_FINANCE_APPROVAL') return 'finance';
  return null;
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
  | 'WRONG_STAGE'
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
  mayAct: boolean,
  request: SigningRequest,
): RefusalCode | null {
  if (!task) return 'UNKNOWN_DECLARATION';
  if (!mayAct) return 'NOT_YOUR_ORGANISATION';
  if (task.declarationVersion !== request.declarationVersion) return 'VERSION_SUPERSEDED';
  if (stageOf(task.status) !== request.stage) return 'WRONG_STAGE';
  if (task.pendingApprovalId !== null) return 'SIGNATURE_PENDING';
  // Sending it back leads away from payment: neither a hold nor four-eyes stands in its way.
  if (request.decision === 'refuse') return null;
  if (task.held) return 'ON_HOLD';
  if (task.awaitingAggregation) return 'AWAITING_AGGREGATION';
  // Four-eyes (design §5 rule 8): nobody signs two stages, nor a stage of something they declared.
  if (task.declaredBy === request.personId || task.commissionerSignedBy === request.personId)
    return 'SAME_PERSON';
  return null;
}

const WORDS: Record<RefusalCode, string> = {
  UNKNOWN_DECLARATION: 'There is no such declaration here. Look it up again in the list of approval tasks.',
  NOT_YOUR_ORGANISATION:
    'You do not hold the role for this stage at its commissioner. Ask somebody who does.',
  WRONG_STAGE: 'It does not wait for this stage now. Reload the task and look at its status.',
  VERSION_SUPERSEDED:
    'It has changed since you looked. Reload the task, check the new figures and sign again.',
  ON_HOLD: 'It is on hold. Release the hold first, then sign.',
  AWAITING_AGGREGATION: 'New data is being added up. Sign again when the figures have arrived.',
  SIGNATURE_PENDING:
    'Somebody has just signed this stage and the signature is being applied. Look again in a moment.',
  SAME_PERSON: 'You declared it or signed its other stage. Another person must sign this one.',
};

/** What happened and what to do next, for people. */
export function wordsFor(code: RefusalCode): string {
  return WORDS[code];
}
