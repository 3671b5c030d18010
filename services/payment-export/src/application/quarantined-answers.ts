import type { Page } from '@attest/http';
import type { Paging } from './queries.js';

/** What a line has come to. */
export const LINE_STATES = ['unanswered', 'acknowledged', 'rejected'] as const;
export type LineState = (typeof LINE_STATES)[number];

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

export abstract class QuarantinedAnswers {
  /**
   * Newest file first. Of which payment an answer is, only its text says: what names none within the scope is for whoever
   * sees all of England.
   */
  abstract list(
    scope: readonly string[],
    filter: { code?: string | undefined; lineState?: LineState | undefined } & Paging,
  ): Promise<Page<QuarantinedAnswerView>>;
}
