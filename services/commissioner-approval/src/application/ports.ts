import type { ApprovalStage } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import type { ApprovalTask } from '../domain/task.js';

export interface LockedTask extends ApprovalTask {
  readonly approvalVersion: bigint;
}

export interface NewSignature {
  readonly approvalId: string;
  readonly task: LockedTask;
  readonly stage: ApprovalStage;
  readonly decision: 'approve' | 'refuse';
  readonly personId: string;
  readonly reason: string | null;
  readonly signedAt: Date;
  readonly bulkId: string | null;
}

/** Tasks and signatures. All writes take sets. */
export abstract class ApprovalStore {
  /** Locks in id order, so that two bulks over the same tasks never wait for each other in a circle. */
  abstract lockTasks(tx: Tx, declarationIds: readonly string[]): Promise<Map<string, LockedTask>>;
  abstract addSignatures(tx: Tx, signatures: readonly NewSignature[]): Promise<void>;
}
