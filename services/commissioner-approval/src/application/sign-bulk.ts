import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { Database, type Tx } from '@attest/persistence';
import {
  BulkEmptyError,
  BulkPreviewExpiredError,
  BulkPreviewOtherStageError,
  UnknownBulkApprovalError,
} from '../domain/bulk.errors.js';
import type { BulkItemState } from '../domain/bulk.js';
import {
  BulkStore,
  type BulkApproval,
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
    private readonly bulks: BulkStore,
    private readonly previews: PreviewBulk,
    private readonly work: WorkOnBulks,
    private readonly clock: BusinessClock,
  ) {}

  ofItems(signing: BulkSigning, items: readonly SigningItem[]): Promise<BulkProgress> {
    return this.begin(signing, null, (tx, bulk) => this.bulks.record(tx, bulk, items));
  }

  /** @throws UnknownBulkPreviewError, BulkPreviewExpiredError, BulkPreviewOtherStageError, BulkEmptyError */
  async ofPreview(signing: BulkSigning, previewId: string): Promise<BulkProgress> {
    const { expiresAt, items, filter } = await this.previews.one(signing.personId, previewId);
    if (expiresAt <= this.clock.now()) throw new BulkPreviewExpiredError(previewId, expiresAt);
    if (filter.stage !== signing.stage) throw new BulkPreviewOtherStageError(previewId, signing.stage);
    if (items === 0) throw new BulkEmptyError(previewId);
    return this.begin(signing, previewId, (tx, bulk) => this.bulks.recordPreviewed(tx, bulk, previewId));
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
    });
    // The person's next one may begin.
    this.work.wake(personId);
    return this.one(personId, bulkId);
  }

  private async begin(
    signing: BulkSigning,
    previewId: string | null,
    record: (tx: Tx, bulk: BulkApproval) => Promise<void>,
  ): Promise<BulkProgress> {
    const bulk = { ...signing, bulkId: uuidV7(), previewId, requestedAt: this.clock.now() };
    await this.database.transaction((tx) => record(tx, bulk));
    this.work.wake(signing.personId);
    return this.one(signing.personId, bulk.bulkId);
  }
}
