import type { Caller } from '@attest/auth';
import type { AttestError } from '@attest/errors';
import type { Parameters, Tx } from '@attest/persistence';
import type { BulkChunk, BulkPreview, BulkTypes, ItemAnswer, NewBulkPreview } from './bulk.js';
import { BulkPreviewExpiredError } from './bulk.errors.js';

/** What a service does with the items of its bulk, and for whom. */
export abstract class BulkWork<T extends BulkTypes> {
  /** Items that are locked together: whoever needs one of them waits for one chunk at most. */
  abstract readonly chunkSize: number;
  /** Days for which it can be looked up what became of a bulk. */
  abstract readonly keptDays: number;

  /** @throws where the person may ask for this nowhere. For which items they may is asked when these are done. */
  abstract mayAsk(personId: string, request: T['request']): Promise<void>;

  /** Where the person may act so. @throws where that is nowhere and there is nothing to preview */
  abstract reach(caller: Caller, purpose: T['purpose'], filter: T['filter']): Promise<T['reach']>;

  /** @throws BulkPreviewExpiredError; a service adds for what else its previews are no ground */
  mayActOn(_: T['request'], { previewId, expiresAt }: BulkPreview<T>, now: Date): void {
    if (expiresAt <= now) throw new BulkPreviewExpiredError(previewId, expiresAt);
  }

  /** Does the items in this transaction, which answers them too. Answers in their order. */
  abstract do(tx: Tx, chunk: BulkChunk<T>): Promise<readonly ItemAnswer<T>[]>;

  /** There is no such bulk of this person. */
  abstract unknown(bulkId: string): AttestError;

  /** More fit a filter than a bulk may act on. */
  abstract tooLarge(): AttestError;
}

/** What a preview would act on. */
export interface FoundItems<T extends BulkTypes> {
  /**
   * SELECT with a row for each item: its columns, `pence`, `nth` (its pence count where that is 1), and a boolean for
   * each column in which the preview counts.
   */
  readonly sql: string;
  /** Columns of an item that the items of this preview have not. */
  readonly without?: readonly (keyof T['item'])[];
}

/** How a service finds what a preview counts. */
export abstract class BulkCandidates<T extends BulkTypes> {
  abstract find(preview: NewBulkPreview<T>, reach: T['reach'], parameters: Parameters): FoundItems<T>;
  /**
   * What a look at a preview tells of each item besides what was kept: columns, and the JOIN that they come from. `i` is
   * the item with the preview's `filter`.
   */
  abstract readonly facts: { readonly columns: string; readonly join: string };
}
