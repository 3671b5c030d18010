import type { Page } from '@attest/http';
import type { AnswerState, AnswerStep } from '../domain/quarantine.js';
import type { Paging } from './queries.js';
import type { AnswerKey } from './quarantine.ports.js';

/** What a line has come to. */
export const LINE_STATES = ['unanswered', 'acknowledged', 'rejected', 'returned'] as const;
export type LineState = (typeof LINE_STATES)[number];

/** Whether somebody still has to look into it. */
export const STANDINGS = ['open', 'settled'] as const;
export type Standing = (typeof STANDINGS)[number];

/** An answer of an agency that was kept aside, with the payment that it names. */
export interface QuarantinedAnswerView {
  readonly fileId: string;
  readonly fileName: string;
  readonly agencyCode: string;
  readonly receivedAt: Date;
  readonly line: number;
  readonly code: string;
  readonly words: string;
  readonly text: string;
  readonly state: AnswerState;
  readonly declarationId: string | null;
  readonly providerCode: string | null;
  readonly commissionerCode: string | null;
  readonly serviceCode: string | null;
  readonly achievementDate: string | null;
  /** The attempt that it speaks of, and what that one's line has come to; null where it names none that we know. */
  readonly attempt: number | null;
  readonly lineState: LineState | null;
  /** The last attempt that was sealed: what an older one is told of may mean that both were paid. */
  readonly newestAttempt: number | null;
  readonly newestLineState: LineState | null;
}

/** An answer cell by cell, as it was stated or repaired; null where a cell could not be read or is not kept. */
export interface AnswerCellsView {
  readonly fileName: string | null;
  readonly lineNumber: number | null;
  readonly declarationId: string | null;
  readonly attempt: number | null;
  readonly pence: string | null;
  readonly outcome: string | null;
  readonly reasonCode: string | null;
  readonly reason: string | null;
  readonly returnedOn: string | null;
}

export interface AnswerStepView {
  readonly step: AnswerStep;
  readonly personId: string;
  readonly at: Date;
  readonly reason: string | null;
  readonly repairId: string | null;
  /** What is applied; of a withdrawal or a dismissal null. */
  readonly answer: AnswerCellsView | null;
}

/** A line that was sealed for the same declaration. */
export interface AttemptView {
  readonly fileName: string;
  readonly lineNumber: number;
  readonly agencyCode: string;
  readonly attempt: number;
  readonly pence: string;
  readonly sealedAt: Date;
  readonly lineState: LineState;
  readonly returnedOn: string | null;
}

/** All that is needed to settle it. */
export interface QuarantinedAnswerDetail extends QuarantinedAnswerView {
  readonly version: bigint;
  readonly stated: AnswerCellsView;
  readonly attempts: readonly AttemptView[];
  readonly steps: readonly AnswerStepView[];
}

export interface AnswerFilter {
  readonly code?: string | undefined;
  readonly lineState?: LineState | undefined;
  readonly standing?: Standing | undefined;
}

export abstract class QuarantinedAnswers {
  /**
   * Newest file first. Of which payment an answer is, only its text says: what names none within the scope is for whoever
   * sees all of England.
   */
  abstract list(
    scope: readonly string[],
    filter: AnswerFilter & Paging,
  ): Promise<Page<QuarantinedAnswerView>>;
  /** Undefined where there is none within the scope. */
  abstract one(key: AnswerKey, scope: readonly string[]): Promise<QuarantinedAnswerDetail | undefined>;
}
