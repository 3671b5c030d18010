import type { Tx } from '@attest/persistence';
import type { Acknowledgement } from '../domain/acknowledgement.js';
import type { AnswerInQuarantine, AnswerState, AnswerStep } from '../domain/quarantine.js';
import type { StatedAnswer } from '../domain/stated-answer.js';

export interface AnswerKey {
  readonly fileId: string;
  readonly line: number;
}

export interface LockedAnswer extends AnswerInQuarantine {
  readonly agencyCode: string;
  readonly stated: StatedAnswer;
  readonly repair: {
    readonly repairId: string;
    readonly proposedBy: string;
    readonly answer: Acknowledgement;
  } | null;
}

export interface TakenStep {
  readonly step: AnswerStep;
  readonly state: AnswerState;
  /** That this step makes. */
  readonly version: bigint;
  readonly personId: string;
  readonly at: Date;
  readonly repairId: string | null;
  readonly reason: string | null;
  readonly answer: Acknowledgement | null;
}

export abstract class QuarantineStore {
  /** Undefined where there is none within the scope. */
  abstract lock(tx: Tx, key: AnswerKey, scope: readonly string[]): Promise<LockedAnswer | undefined>;
  abstract isWithin(tx: Tx, declarationId: string, scope: readonly string[]): Promise<boolean>;
  /** Moves the answer and writes what was done, which nobody changes any more. */
  abstract step(tx: Tx, key: AnswerKey, taken: TakenStep): Promise<void>;
}
