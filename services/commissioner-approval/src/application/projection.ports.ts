import type { ApprovalStage, ApprovalTier, DeclarationState } from '@attest/contracts';
import type { Tx } from '@attest/persistence';

export interface TaskState {
  readonly state: DeclarationState;
  readonly stage: ApprovalStage | null;
  /** The commissioner's tier that is due; null where its service has the usual route. */
  readonly tier: ApprovalTier | null;
  readonly since: string;
}

export interface SignatureAnswer {
  readonly approvalId: string;
  readonly state: 'applied' | 'refused';
  readonly code: string | null;
  readonly words: string | null;
  /** The newest version that was answered, where the answer says so: the next signature stands above it. */
  readonly approvalVersion: number | null;
  readonly at: string;
}

/** A signature that is known by its number only, because its event could not be read. */
export interface LostSignature {
  readonly declarationId: string;
  readonly approvalVersion: number;
  readonly code: string;
  readonly words: string;
  readonly at: string;
}

export abstract class TaskProjection {
  /** Keeps the row of the highest revision; an older or repeated event changes nothing. */
  abstract upsert(tx: Tx, tasks: readonly TaskState[]): Promise<void>;
  /** The newest known state of each of these that is known. */
  abstract revisions(tx: Tx, declarationIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** A pending signature becomes applied or refused, once; its bulk item says the same; the task is free again. */
  abstract answer(tx: Tx, answers: readonly SignatureAnswer[]): Promise<void>;
  /** What is pending on these declarations, but for those of which this revision is known already. */
  abstract pendingOf(
    tx: Tx,
    declarations: readonly { readonly declarationId: string; readonly revision: number | null }[],
  ): Promise<string[]>;
  /** Refuses whatever is pending under these numbers. */
  abstract endLost(tx: Tx, lost: readonly LostSignature[]): Promise<void>;
}
