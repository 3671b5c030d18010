import type { Tx } from '@attest/persistence';
import type { Acknowledgement, AnsweredLine } from '../domain/acknowledgement.js';
import type { StatedAnswer } from '../domain/stated-answer.js';
import type { Instruction } from './ports.js';

export interface LockedLine extends AnsweredLine, Instruction {
  readonly runId: string;
  readonly fileName: string;
  readonly lineNumber: number;
  readonly agencyCode: string;
  /** Its run has not ended: the line is not yet told as sealed. */
  readonly early: boolean;
}

export interface AcknowledgementReceipt {
  readonly fileId: string;
  readonly fileName: string;
  readonly agencyCode: string;
  readonly receivedAt: Date;
  readonly lines: number;
  readonly applied: number;
  readonly repeated: number;
  readonly quarantined: number;
  /** Rows without any value, as spreadsheets leave them; not among the lines. */
  readonly blank: number;
}

export interface LineResult {
  readonly line: number;
  readonly state: 'applied' | 'repeated' | 'quarantined';
  readonly code: string | null;
  readonly words: string | null;
  readonly text: string;
  /** What it names, as far as that can be read. */
  readonly stated: StatedAnswer;
}

/** An answer that moves its line. */
export interface AppliedAnswer {
  readonly line: LockedLine;
  readonly answer: Acknowledgement;
}

export abstract class AcknowledgementStore {
  abstract bySha256(tx: Tx, agencyCode: string, sha256: string): Promise<AcknowledgementReceipt | undefined>;
  /** The sealed lines that the answers name, by `file|line|declaration|attempt`; their instructions locked in id order. */
  abstract lockLines(
    tx: Tx,
    agencyCode: string,
    answers: readonly Acknowledgement[],
  ): Promise<Map<string, LockedLine>>;
  /** Sets instructions and enters the ledger; returns the next payment version of each declaration. */
  abstract apply(tx: Tx, applied: readonly AppliedAnswer[], at: Date): Promise<Map<string, bigint>>;
  /** Each line with what became of it; those in quarantine also with what they name. */
  abstract record(
    tx: Tx,
    receipt: AcknowledgementReceipt,
    sha256: string,
    personId: string,
    lines: readonly LineResult[],
  ): Promise<void>;
}

export const lineKey = (a: {
  fileName: string;
  lineNumber: number;
  declarationId: string;
  attempt: number;
}): string => `${a.fileName}|${a.lineNumber}|${a.declarationId}|${a.attempt}`;
