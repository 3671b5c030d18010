import type { Page } from '@attest/http';

export interface FileView {
  readonly fileName: string;
  readonly runId: string;
  readonly paymentPeriod: string;
  readonly agencyCode: string;
  readonly lines: number;
  readonly totalPence: string;
  readonly sha256: string;
  readonly payOn: string;
  readonly sealedAt: Date;
}

export interface AcknowledgementView {
  readonly fileId: string;
  readonly fileName: string;
  readonly agencyCode: string;
  readonly receivedAt: Date;
  readonly lines: number;
  readonly applied: number;
  readonly repeated: number;
  readonly quarantined: number;
  readonly blank: number;
}

export interface AcknowledgementLineView {
  readonly line: number;
  readonly state: string;
  readonly code: string | null;
  readonly words: string | null;
  readonly text: string;
}

export interface LedgerEntryView {
  readonly entryId: bigint;
  readonly achievementDate: string;
  readonly declarationId: string;
  readonly declarationVersion: bigint;
  readonly attempt: number;
  readonly kind: string;
  readonly pence: bigint;
  readonly fileName: string | null;
  readonly lineNumber: number | null;
  /** Of a netting: the other side of it, and the run that did it. */
  readonly againstDeclarationId: string | null;
  readonly runId: string | null;
  readonly enteredAt: Date;
}

export interface AchievementStandingView {
  readonly achievementDate: string;
  readonly entitlement: bigint;
  readonly sealed: bigint;
  readonly rejected: bigint;
  readonly settledOutside: bigint;
  readonly netted: bigint;
  readonly paid: bigint;
  /** Recoveries that were taken over and that no payment could bear yet. */
  readonly debt: bigint;
  readonly owed: bigint;
}

/** A recovery that a run has taken over. */
export interface DebtView {
  readonly declarationId: string;
  readonly achievementDate: string;
  readonly agencyCode: string;
  readonly pence: bigint;
  readonly openPence: bigint;
  readonly runId: string;
  readonly recordedAt: Date;
  readonly settledAt: Date | null;
}

export interface AccountView {
  readonly providerCode: string;
  readonly serviceCode: string;
  readonly achievements: readonly AchievementStandingView[];
  readonly debts: readonly DebtView[];
  readonly entries: Page<LedgerEntryView>;
}

export interface Paging {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export abstract class PaymentQueries {
  /** Files of agencies, newest first; only those whose bytes stand in the store. */
  abstract files(
    agencyCodes: readonly string[] | 'all',
    filter: { runId?: string | undefined } & Paging,
  ): Promise<Page<FileView>>;
  abstract file(fileName: string): Promise<FileView | undefined>;
  abstract acknowledgementFile(fileId: string): Promise<AcknowledgementView | undefined>;
  abstract acknowledgementLines(
    fileId: string,
    filter: { state?: string | undefined } & Paging,
  ): Promise<Page<AcknowledgementLineView>>;
  abstract account(
    providerCode: string,
    serviceCode: string,
    paging: Paging,
  ): Promise<AccountView | undefined>;
}
