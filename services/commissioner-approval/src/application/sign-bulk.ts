import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { IdempotencyKeyReusedError } from '@attest/http';
import { failpoint } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import {
  BulkEmptyError,
  BulkPreviewExpiredError,
  BulkPreviewOtherStageError,
  UnknownBulkApprovalError,
} from '../domain/bulk.errors.js';
import type { BulkItemState } from '../domain/bulk.js';
import {
  BulkRequests,
  BulkStore,
  type BulkApproval,
  type BulkAsked,
  type BulkItem,
  type BulkProgress,
  type BulkSigning,
} from './bulk.ports.js';
import { PreviewBulk } from './preview-bulk.js';
import type { SigningItem } from './sign-tasks.js';
import { WorkOnBulks } from './work-on-bulks.js';

/** Signing or refusing up to 10,000 as a job: recorded at once, done in the background, seen by whoever asked for it. */
@Injectable()
export class SignBulk {
  constructor(
    private readonly database: Database,
    private readonly requests: BulkRequests,
    private readonly bulks: BulkStore,
    private readonly previews: PreviewBulk,
    private readonly work: WorkOnBulks,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws IdempotencyKeyReusedError */
  ofItems(signing: BulkSigning, requestKey: string, items: readonly SigningItem[]): Promise<BulkProgress> {
    const asked = { ...signing, requestKey, previewId: null };
    return this.begin(asked, items, (tx, bulk) => this.requests.record(tx, bulk, items));
  }

  /**
   * @throws UnknownBulkPreviewError, BulkPreviewExpiredError, BulkPreviewOtherStageError, BulkEmptyError,
   * IdempotencyKeyReusedError
   */
  async ofPreview(signing: BulkSigning, requestKey: string, previewId: string): Promise<BulkProgress> {
    const asked = { ...signing, requestKey, previewId };
    // A repeat is answered also when the preview has expired since.
    const earlier = await this.earlier(asked, []);
    if (earlier) return earlier;
    const { expiresAt, items, filter } = await this.previews.one(signing.personId, previewId);
    if (expiresAt <= this.clock.now()) throw new BulkPreviewExpiredError(previewId, expiresAt);
    if (filter.stage !== signing.stage) throw new BulkPreviewOtherStageError(previewId, signing.stage);
    if (items === 0) throw new BulkEmptyError(previewId);
    return this.begin(asked, [], (tx, bulk) => this.requests.recordPreviewed(tx, bulk));
  }

  /** @throws UnknownBulkApprovalError, also for somebody else's */
  async one(personId: string, bulkId: string): Promise<BulkProgress> {
    const progress = await this.bulks.progress(bulkId, personId);
    if (!progress) throw new UnknownBulkApprovalError(bulkId);
    return progress;
  }

  /** Newest first. */
  list(personId: string, before: string | undefined, limit: number): Promise<BulkProgress[]> {
    return this.bulks.list(personId, before, limit);
  }

  async items(
    personId: string,
    bulkId: string,
    afterOrdinal: number,
    limit: number,
    state?: BulkItemState,
  ): Promise<BulkItem[]> {
    await this.one(personId, bulkId);
    return this.bulks.items(bulkId, afterOrdinal, limit, state);
  }

  /** Between two chunks: a signature that was given stands, the rest ends `cancelled`. */
  async cancel(personId: string, bulkId: string): Promise<BulkProgress> {
    await this.one(personId, bulkId);
    await this.database.transaction(async (tx) => {
      await this.bulks.awaitTurns(tx, personId);
      await this.bulks.cancel(tx, bulkId, this.clock.now());
      // The person's next one may begin.
      tx.afterCommit(() => this.work.wake(personId));
    });
    return this.one(personId, bulkId);
  }

  private async begin(
    asked: BulkAsked,
    items: readonly SigningItem[],
    record: (tx: Tx, bulk: BulkApproval) => Promise<boolean>,
  ): Promise<BulkProgress> {
    const bulk = { ...asked, bulkId: uuidV7(), requestedAt: this.clock.now() };
    const recorded = await this.database.transaction(async (tx) => {
      const isNew = await record(tx, bulk);
      if (isNew)
        tx.afterCommit(() => {
          failpoint('bulk-approval-recorded');
          this.work.wake(asked.personId);
        });
      return isNew;
    });
    if (!recorded) return (await this.earlier(asked, items))!;
    return this.one(asked.personId, bulk.bulkId);
  }

  /** What the same request has recorded, where its answer is kept no longer. */
  private async earlier(asked: BulkAsked, items: readonly SigningItem[]): Promise<BulkProgress | undefined> {
    const earlier = await this.requests.ofKey(asked, items);
    if (earlier && !earlier.same) throw new IdempotencyKeyReusedError();
    return earlier && this.one(asked.personId, earlier.bulkId);
  }
}
