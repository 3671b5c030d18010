import type { Tx } from '@attest/persistence';
import type { BulkAction, BulkItemCode, BulkItemState } from '../domain/bulk.js';
import type { DeclareRequest } from './signing/declare-achievements.js';

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
  /** Of releasing alone: only holds of this kind. */
  readonly holdCode?: string | undefined;
  readonly amountFromPence?: bigint | undefined;
  readonly amountToPence?: bigint | undefined;
}

export interface NewBulkPreview {
  readonly previewId: string;
  readonly personId: string;
  readonly action: BulkAction;
  readonly filter: BulkFilter;
  readonly madeAt: Date;
  readonly expiresAt: Date;
}

/** What a bulk would act on, counted when it was made; bound to exactly those ids and revisions. */
export interface BulkPreview extends NewBulkPreview {
  /** Declarations, or holds where these are to be released. */
  readonly items: number;
  /** Of their declarations, each counted once. */
  readonly pence: bigint;
  /**
   * Of them: those that stand under a hold, and those whose figures have not arrived. Declaring refuses both, releasing
   * the second, admitting neither.
   */
  readonly held: number;
  readonly awaitingAggregation: number;
}

export interface BulkPreviewItem {
  readonly ordinal: number;
  readonly declarationId: string;
  /** Where it is to be released. */
  readonly holdId: string | null;
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
  /** Undefined: more than a bulk may act on, and nothing was kept. `scope`: codes at which the person may act. */
  abstract make(
    preview: NewBulkPreview,
    scope: readonly string[],
    most: number,
  ): Promise<BulkPreview | undefined>;
  abstract one(previewId: string, personId: string): Promise<BulkPreview | undefined>;
  abstract items(previewId: string, afterOrdinal: number, limit: number): Promise<BulkPreviewItem[]>;
}

/** What a person wants done with each item. */
export interface BulkRequest extends DeclareRequest {
  readonly action: BulkAction;
  /** Why it is released or admitted; null where nobody had to say. */
  readonly reason: string | null;
}

/** The request as it was sent, of a preview or of items. */
export interface BulkAsked extends BulkRequest {
  /** The person's own, the same for each repeat. */
  readonly requestKey: string;
  readonly previewId: string | null;
}

export interface NewBulkDeclaration extends BulkAsked {
  readonly bulkId: string;
  readonly requestedAt: Date;
}

export interface AskedItem {
  readonly declarationId: string;
  /** Where it is to be released. */
  readonly holdId: string | null;
  /** The revision that was seen. */
  readonly revision: number | null;
}

export interface BulkProgress {
  readonly bulkId: string;
  readonly action: BulkAction;
  readonly previewId: string | null;
  readonly requestedAt: Date;
  readonly cancelledAt: Date | null;
  readonly endedAt: Date | null;
  readonly items: number;
  readonly queued: number;
  readonly declared: number;
  readonly released: number;
  readonly admitted: number;
  readonly refused: number;
  readonly cancelled: number;
}

export interface BulkItem extends AskedItem {
  readonly ordinal: number;
  readonly state: BulkItemState;
  readonly code: BulkItemCode | null;
  /** Of the declaration since, where it was done. */
  readonly declaredRevision: number | null;
  readonly declarationVersion: number | null;
}

export interface QueuedItem extends AskedItem {
  readonly ordinal: number;
}

/** The next items of a person's oldest job. */
export interface BulkChunk {
  readonly bulkId: string;
  readonly request: BulkRequest;
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

/** Bulks as they are asked for: recorded first and once, so that a crash loses nothing and repeats nothing. */
export abstract class BulkRequests {
  /** An item that stands there twice is refused the second time. False: the key has recorded one before. */
  abstract record(tx: Tx, bulk: NewBulkDeclaration, items: readonly AskedItem[]): Promise<boolean>;
  /** With exactly what its preview was bound to. */
  abstract recordPreviewed(tx: Tx, bulk: NewBulkDeclaration): Promise<boolean>;
  /** What the key has recorded before, and whether it was for the same request. */
  abstract ofKey(
    asked: BulkAsked,
    items: readonly AskedItem[],
  ): Promise<{ readonly bulkId: string; readonly same: boolean } | undefined>;
}

/** Bulks and their items while they are worked on and looked at. */
export abstract class BulkDeclarationStore {
  /** Whether this transaction may work on this lane of the person's jobs: one at a time may, in all replicas. */
  abstract tryTurn(tx: Tx, personId: string, lane: number): Promise<boolean>;
  /** Waits for the turns of all lanes, a chunk at most. */
  abstract awaitTurns(tx: Tx, personId: string): Promise<void>;
  /** Items of this lane of the oldest job, in id order; undefined when the person has no job left. */
  abstract nextChunk(tx: Tx, personId: string, lane: number, limit: number): Promise<BulkChunk | undefined>;
  /** Whether anything of it is queued, in whatever lane. */
  abstract anyQueued(tx: Tx, bulkId: string): Promise<boolean>;
  /** By declaration, the revision from before this bulk did something to it, where nothing else has moved it since. */
  abstract seenBefore(
    tx: Tx,
    bulkId: string,
    declarationIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;
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
