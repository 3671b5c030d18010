import { Access } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { IdempotencyKeyReusedError } from '@attest/http';
import { failpoint } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  BulkEmptyError,
  BulkPreviewExpiredError,
  BulkPreviewOtherActionError,
  UnknownBulkDeclarationError,
} from '../domain/bulk.errors.js';
import type { BulkItemState } from '../domain/bulk.js';
import { ROLES_OF } from './bulk-roles.js';
import {
  BulkDeclarationStore,
  BulkRequests,
  type AskedItem,
  type BulkAsked,
  type BulkItem,
  type BulkProgress,
  type BulkRequest,
  type NewBulkDeclaration,
} from './bulk.ports.js';
import { PreviewBulk } from './preview-bulk.js';
import { WorkOnBulks } from './work-on-bulks.js';

/** Up to 10,000 as a job: recorded at once, done in the background, looked at by whoever asked for it. */
@Injectable()
export class ActInBulk {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly requests: BulkRequests,
    private readonly bulks: BulkDeclarationStore,
    private readonly previews: PreviewBulk,
    private readonly work: WorkOnBulks,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws RoleMissingError, IdempotencyKeyReusedError */
  async ofItems(
    request: BulkRequest,
    requestKey: string,
    items: readonly AskedItem[],
  ): Promise<BulkProgress> {
    await this.access.requireAnywhere(request, ROLES_OF[request.action]);
    const asked = { ...request, requestKey, previewId: null };
    return this.begin(asked, items, (tx, bulk) => this.requests.record(tx, bulk, items));
  }

  /**
   * @throws RoleMissingError, UnknownBulkPreviewError, BulkPreviewExpiredError, BulkPreviewOtherActionError,
   * BulkEmptyError, IdempotencyKeyReusedError
   */
  async ofPreview(request: BulkRequest, requestKey: string, previewId: string): Promise<BulkProgress> {
    await this.access.requireAnywhere(request, ROLES_OF[request.action]);
    const asked = { ...request, requestKey, previewId };
    // A repeat is answered also when the preview has expired since.
    const earlier = await this.earlier(asked, []);
    if (earlier) return earlier;
    const { expiresAt, items, action } = await this.previews.one(request, previewId);
    if (action !== request.action) throw new BulkPreviewOtherActionError(previewId, action, request.action);
    if (expiresAt <= this.clock.now()) throw new BulkPreviewExpiredError(previewId, expiresAt);
    if (items === 0) throw new BulkEmptyError(previewId);
    return this.begin(asked, [], (tx, bulk) => this.requests.recordPreviewed(tx, bulk));
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

  /** Between two chunks: what was done stays so, the rest ends `cancelled`. */
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
    items: readonly AskedItem[],
    record: (tx: Tx, bulk: NewBulkDeclaration) => Promise<boolean>,
  ): Promise<BulkProgress> {
    const bulk = { ...asked, bulkId: uuidV7(), requestedAt: this.clock.now() };
    const recorded = await this.database.transaction(async (tx) => {
      const isNew = await record(tx, bulk);
      if (isNew)
        tx.afterCommit(() => {
          failpoint('bulk-declaration-recorded');
          this.work.wake(asked.personId);
        });
      return isNew;
    });
    if (!recorded) return (await this.earlier(asked, items))!;
    return this.one(asked.personId, bulk.bulkId);
  }

  /** What the same request has recorded, where its answer is kept no longer. */
  private async earlier(asked: BulkAsked, items: readonly AskedItem[]): Promise<BulkProgress | undefined> {
    const earlier = await this.requests.ofKey(asked, items);
    if (earlier && !earlier.same) throw new IdempotencyKeyReusedError();
    return earlier && this.one(asked.personId, earlier.bulkId);
  }
}
