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

export interface BulkRequestItem {
  readonly declarationId: string;
  readonly declarationVersion: bigint;
}

export interface QueuedItem extends BulkRequestItem {
  readonly ordinal: number;
}

export interface ItemAnswer {
  readonly ordinal: number;
  readonly state: 'pending' | 'refused';
  readonly approvalId: string | null;
  readonly code: string | null;
  readonly words: string | null;
}

export interface BulkApproval {
  readonly bulkId: string;
  readonly stage: ApprovalStage;
  readonly personId: string;
}

/** A bulk and its items: queued first, then signed in chunks, so that a crash in between loses nothing. */
export abstract class BulkStore {
  abstract record(tx: Tx, bulk: BulkApproval, at: Date, items: readonly BulkRequestItem[]): Promise<void>;
  /** Up to `limit` items not yet signed, in declaration order, locked; another runner's are passed over. */
  abstract takeQueued(tx: Tx, bulkId: string, limit: number): Promise<QueuedItem[]>;
  abstract answer(tx: Tx, bulkId: string, answers: readonly ItemAnswer[]): Promise<void>;
  abstract finish(tx: Tx, bulkId: string, at: Date): Promise<void>;
  abstract unfinished(olderThan: Date): Promise<BulkApproval[]>;
}
