import type { ApprovalStage, Role } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import type { BulkItemState } from '../domain/bulk.js';
import type { Signing, SigningItem } from './sign-tasks.js';

/** What a bulk shall act on. */
export interface BulkFilter {
  readonly stage: ApprovalStage;
  readonly serviceCode?: string | undefined;
  readonly paymentPeriod?: string | undefined;
  readonly achievementDate?: string | undefined;
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

/** What a bulk would sign, counted when it was made; bound to exactly those ids and declaration versions. */
export interface BulkPreview extends NewBulkPreview {
  readonly items: number;
  readonly pence: bigint;
  /** Of them: under a hold, being added up, parked, declared or signed by the same person. They would be refused. */
  readonly held: number;
  readonly awaitingAggregation: number;
  readonly parked: number;
  readonly yourOwn: number;
}

export interface BulkPreviewItem {
  readonly ordinal: number;
  readonly declarationId: string;
  readonly declarationVersion: bigint;
  readonly pence: bigint;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly organisationCode: string;
  readonly commissionerCode: string;
  /** It has another version by now, or waits for another stage, and would be refused. */
  readonly changed: boolean;
  /** An event that it depends on could not be applied here by now. */
  readonly parked: boolean;
}

/** A role that signs, and an organisation at which the person holds it; it reaches all below. */
export interface SignsAt {
  readonly role: Role;
  readonly code: string;
}

export abstract class BulkPreviewStore {
  /** Undefined: more than a bulk may act on, and nothing was kept. */
  abstract make(
    preview: NewBulkPreview,
    signs: readonly SignsAt[],
    most: number,
  ): Promise<BulkPreview | undefined>;
  abstract one(previewId: string, personId: string): Promise<BulkPreview | undefined>;
  abstract items(previewId: string, afterOrdinal: number, limit: number): Promise<BulkPreviewItem[]>;
}

/** Who signs, or refuses, which stage: the same for all items. */
export type BulkSigning = Omit<Signing, 'bulkId'>;

/** What somebody asked for, and the key of the request. */
export interface BulkAsked extends BulkSigning {
  readonly requestKey: string;
  /** Null where its items were named one by one. */
  readonly previewId: string | null;
}

export interface BulkApproval extends BulkAsked {
  readonly bulkId: string;
  readonly requestedAt: Date;
}

export interface BulkProgress {
  readonly bulkId: string;
  readonly stage: ApprovalStage;
  readonly decision: 'approve' | 'refuse';
  readonly previewId: string | null;
  readonly requestedAt: Date;
  readonly cancelledAt: Date | null;
  /** When the last signature was given; each is answered soon after. */
  readonly signedAt: Date | null;
  readonly items: number;
  readonly queued: number;
  readonly pending: number;
  readonly applied: number;
  readonly refused: number;
  readonly cancelled: number;
}

export interface BulkItem {
  readonly ordinal: number;
  readonly declarationId: string;
  readonly declarationVersion: bigint;
  readonly state: BulkItemState;
  readonly approvalId: string | null;
  readonly code: string | null;
  readonly words: string | null;
}

export interface QueuedItem extends SigningItem {
  readonly ordinal: number;
}

/** The next items of a person's oldest bulk. */
export interface BulkChunk {
  readonly bulkId: string;
  readonly signing: BulkSigning;
  readonly items: readonly QueuedItem[];
}

export interface ItemAnswer {
  readonly ordinal: number;
  readonly state: 'pending' | 'refused';
  readonly approvalId: string | null;
  readonly code: string | null;
  readonly words: string | null;
}

/** How long it can be looked up what became of a bulk. */
export abstract class BulkKeeping {
  abstract readonly keptDays: number;
}

/** Bulks are recorded first, so that a crash loses nothing; and once for each key, so that a repeat does nothing twice. */
export abstract class BulkRequests {
  /** An item that stands there twice is refused the second time. False: the key has its bulk, and nothing was done. */
  abstract record(tx: Tx, bulk: BulkApproval, items: readonly SigningItem[]): Promise<boolean>;
  /** With exactly what its preview was bound to. False: the key has its bulk, and nothing was done. */
  abstract recordPreviewed(tx: Tx, bulk: BulkApproval): Promise<boolean>;
  /** The bulk that the person asked for with this key, and whether they asked for the same. */
  abstract ofKey(
    asked: BulkAsked,
    items: readonly SigningItem[],
  ): Promise<{ readonly bulkId: string; readonly same: boolean } | undefined>;
}

/** Bulks and their items. */
export abstract class BulkStore {
  /** Whether this transaction may work on this lane of the person's jobs: one at a time may, in all replicas. */
  abstract tryTurn(tx: Tx, personId: string, lane: number): Promise<boolean>;
  /** Waits for the turns of all lanes, a chunk at most. */
  abstract awaitTurns(tx: Tx, personId: string): Promise<void>;
  /** Items of this lane of the oldest job, in id order; undefined when the person has no job left. */
  abstract nextChunk(tx: Tx, personId: string, lane: number, limit: number): Promise<BulkChunk | undefined>;
  /** Whether anything of it is queued, in whatever lane. */
  abstract anyQueued(tx: Tx, bulkId: string): Promise<boolean>;
  abstract answer(tx: Tx, bulkId: string, answers: readonly ItemAnswer[]): Promise<void>;
  /** Nothing is queued any more. */
  abstract end(tx: Tx, bulkId: string, at: Date): Promise<void>;
  /** What is still queued ends `cancelled`; nothing happens to a bulk that has none. */
  abstract cancel(tx: Tx, bulkId: string, at: Date): Promise<void>;
  /** Keeps the final counts of every bulk of which the last item has been answered, and when that was seen. */
  abstract endAnswered(at: Date): Promise<void>;
  /** Everybody who has something queued. */
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

/** What nobody needs to look up any more goes in chunks, the oldest first; signatures stay. */
export abstract class OldBulks {
  /** Those of which the last item was answered before, with their items. */
  abstract forgetAnswered(before: Date): Promise<void>;
  /** Previews that expired before. */
  abstract forgetPreviews(before: Date): Promise<void>;
}
