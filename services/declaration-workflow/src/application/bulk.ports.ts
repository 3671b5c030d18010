import type { Tx } from '@attest/persistence';
import type { BulkItemCode, BulkItemState } from '../domain/bulk.js';
import type { DeclareItem, DeclareRequest } from './declare-achievements.js';

/** What a bulk shall act on. */
export interface BulkFilter {
  readonly serviceCode?: string | undefined;
  readonly paymentPeriod?: string | undefined;
  readonly achievementDate?: string | undefined;
  readonly status?: string | undefined;
  readonly kind?: string | undefined;
  readonly organisationCode?: string | undefined;
  readonly commissionerCode?: string | undefined;
  readonly held?: boolean | undefined;
  readonly late?: boolean | undefined;
  readonly amountFromPence?: bigint | undefined;
  readonly amountToPence?: bigint | undefined;
}

export interface NewBulkPreview {
  readonly previewId: string;
  readonly personId: string;
  readonly filter: BulkFilter;
  readonly madeAt: Date;
  readonly expiresAt: Date;
}

/** What a bulk would act on, counted when it was made; bound to exactly those ids and revisions. */
export interface BulkPreview extends NewBulkPreview {
  readonly items: number;
  readonly pence: bigint;
  /** Of them: those that stand under a hold, and those whose figures are being added up. They would be refused. */
  readonly held: number;
  readonly awaitingAggregation: number;
}

export interface BulkPreviewItem {
  readonly ordinal: number;
  readonly declarationId: string;
  readonly revision: number;
  readonly pence: bigint;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly organisationCode: string;
  readonly commissionerCode: string;
  /** It has another revision by now and would be refused. */
  readonly changed: boolean;
}

export abstract class BulkPreviewStore {
  /** Undefined: more than a bulk may act on, and nothing was kept. `scope`: codes at which the person may declare. */
  abstract make(
    preview: NewBulkPreview,
    scope: readonly string[],
    most: number,
  ): Promise<BulkPreview | undefined>;
  abstract one(previewId: string, personId: string): Promise<BulkPreview | undefined>;
  abstract items(previewId: string, afterOrdinal: number, limit: number): Promise<BulkPreviewItem[]>;
}

export interface NewBulkDeclaration extends DeclareRequest {
  readonly bulkId: string;
  readonly previewId: string | null;
  readonly requestedAt: Date;
}

export interface BulkProgress {
  readonly bulkId: string;
  readonly previewId: string | null;
  readonly requestedAt: Date;
  readonly cancelledAt: Date | null;
  readonly endedAt: Date | null;
  readonly items: number;
  readonly queued: number;
  readonly declared: number;
  readonly refused: number;
  readonly cancelled: number;
}

export interface BulkItem {
  readonly ordinal: number;
  readonly declarationId: string;
  readonly revision: number | null;
  readonly state: BulkItemState;
  readonly code: BulkItemCode | null;
  /** Of the declaration, where it was declared. */
  readonly declaredRevision: number | null;
  readonly declarationVersion: number | null;
}

export interface QueuedItem extends DeclareItem {
  readonly ordinal: number;
}

/** The next items of a person's oldest job. */
export interface BulkChunk {
  readonly bulkId: string;
  readonly request: DeclareRequest;
  readonly items: readonly QueuedItem[];
}

export interface ItemAnswer {
  readonly ordinal: number;
  readonly state: BulkItemState;
  readonly code: BulkItemCode;
  readonly revision: number | null;
  readonly declarationVersion: number | null;
}

/** How long it can be looked up what became of a bulk. */
export abstract class BulkKeeping {
  abstract readonly keptDays: number;
}

/** Bulks and their items: recorded first, so that a crash loses nothing. */
export abstract class BulkDeclarationStore {
  /** An item that stands there twice is refused the second time. */
  abstract record(tx: Tx, bulk: NewBulkDeclaration, items: readonly DeclareItem[]): Promise<void>;
  /** With exactly what the preview was bound to. */
  abstract recordPreviewed(tx: Tx, bulk: NewBulkDeclaration, previewId: string): Promise<void>;
  /** Whether this transaction may work on this lane of the person's jobs: one at a time may, in all replicas. */
  abstract tryTurn(tx: Tx, personId: string, lane: number): Promise<boolean>;
  /** Waits for the turns of all lanes, a chunk at most. */
  abstract awaitTurns(tx: Tx, personId: string): Promise<void>;
  /** Items of this lane of the oldest job, in id order; undefined when the person has no job left. */
  abstract nextChunk(tx: Tx, personId: string, lane: number, limit: number): Promise<BulkChunk | undefined>;
  /** Whether anything of it is queued, in whatever lane. */
  abstract anyQueued(tx: Tx, bulkId: string): Promise<boolean>;
  abstract answer(tx: Tx, bulkId: string, answers: readonly ItemAnswer[]): Promise<void>;
  /** Nothing is queued any more: keeps the final counts. */
  abstract end(tx: Tx, bulkId: string, at: Date): Promise<void>;
  /** What is still queued ends `cancelled`; nothing happens to a job that has ended. */
  abstract cancel(tx: Tx, bulkId: string, at: Date): Promise<void>;
  /** Everybody who has a job that has not ended. */
  abstract peopleWaiting(): Promise<string[]>;
  abstract progress(bulkId: string, personId: string): Promise<BulkProgress | undefined>;
  abstract list(personId: string, before: string | undefined, limit: number): Promise<BulkProgress[]>;
  abstract items(
    bulkId: string,
    afterOrdinal: number,
    limit: number,
    state?: BulkItemState,
  ): Promise<BulkItem[]>;
}

/** What nobody needs to look up any more goes in chunks, the oldest first; declarations keep their history. */
export abstract class OldBulks {
  /** Those that ended before, with their items. */
  abstract forgetEnded(before: Date): Promise<void>;
  /** Previews that expired before. */
  abstract forgetPreviews(before: Date): Promise<void>;
}
