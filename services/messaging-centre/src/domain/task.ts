import type { DeclarationState } from '@attest/contracts';

export const TASK_KINDS = ['DECLARE', 'RELEASE_HOLD', 'CORRECT_PAYMENT'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export interface OpenTask {
  readonly kind: TaskKind;
  /** Who has to do it. */
  readonly organisationCode: string;
}

/** What somebody has to do about a declaration now, or `null`. Signatures stand in commissioner-approval's queue. */
export function taskOf(d: DeclarationState): OpenTask | null {
  if (d.holds.length > 0) return { kind: 'RELEASE_HOLD', organisationCode: d.commissionerCode };
  if (d.status === 'REJECTED_BY_AGENCY')
    return { kind: 'CORRECT_PAYMENT', organisationCode: d.commissionerCode };
  if (d.approvalRoute?.declaration === 'not-required') return null;
  if (d.status === 'AWAITING_PROVIDER_APPROVAL' && !d.awaitingAggregation) {
    return { kind: 'DECLARE', organisationCode: d.organisationCode };
  }
  return null;
}
