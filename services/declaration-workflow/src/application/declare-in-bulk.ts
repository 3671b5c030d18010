import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  BulkEmptyError,
  BulkPreviewExpiredError,
  UnknownBulkDeclarationError,
} from '../domain/bulk.errors.js';
import type { BulkItemState } from '../domain/bulk.js';
import {
  BulkDeclarationStore,
  type BulkItem,
  type BulkProgress,
  type NewBulkDeclaration,
} from './bulk.ports.js';
import type { DeclareItem, DeclareRequest } from './declare-achievements.js';
import { PreviewBulk } from './preview-bulk.js';
import { WorkOnBulks } from './work-on-bulks.js';

/** Declaring up to 10,000 as a job: recorded at once, done in the background, looked at by whoever asked for it. */
@Injectable()
export class DeclareInBulk {
  constructor(
    private readonly database: Database,
    private readonly bulks: BulkDeclarationStore,
    private readonly previews: PreviewBulk,
    private readonly work: WorkOnBulks,
    private readonly clock: BusinessClock,
  ) {}

  async ofItems(request: DeclareRequest, items: readonly DeclareItem[]): Promise<BulkProgress> {
    const bulk = this.newBulk(request, null);
    await this.database.transaction((tx) => this.bulks.record(tx, bulk, items));
    return this.begun(bulk);
  }

  /** @throws UnknownBulkPreviewError, BulkPreviewExpiredError, BulkEmptyError */
  async ofPreview(request: DeclareRequest, previewId: string): Promise<BulkProgress> {
    const { expiresAt, items } = await this.previews.one(request, previewId);
    if (expiresAt <= this.clock.now()) throw new BulkPreviewExpiredError(previewId, expiresAt);
    if (items === 0) throw new BulkEmptyError(previewId);
    const bulk = this.newBulk(request, previewId);
    await this.database.transaction((tx) => this.bulks.recordPreviewed(tx, bulk, previewId));
    return this.begun(bulk);
  }

  /** @throws UnknownBulkDeclarationError, also for somebody else's */
  async one(personId: string, bulkId: string): Promise<BulkProgress> {
    const progress = await this.bulks.progress(bulkId, personId);
    if (!progress) throw new UnknownBulkDeclarationError(bulkId);
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

  /** Between two chunks: what was declared stays so, the rest ends `cancelled`. */
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

  private newBulk(request: DeclareRequest, previewId: string | null): NewBulkDeclaration {
    return { ...request, bulkId: uuidV7(), previewId, requestedAt: this.clock.now() };
  }

  private begun({ bulkId, personId }: NewBulkDeclaration): Promise<BulkProgress> {
    this.work.wake(personId);
    return this.one(personId, bulkId);
  }
}
