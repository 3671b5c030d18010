import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { RequestFaultsError } from '@attest/errors';
import { IdempotencyKeyReusedError } from '@attest/http';
import { failpoint } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { BulkAsked, BulkItem, BulkProgress, BulkTypes, NewBulk } from './bulk.js';
import { BulkEmptyError } from './bulk.errors.js';
import { BulkLooks } from './bulk-looks.js';
import { BulkQueue } from './bulk-queue.js';
import { BulkRequests } from './bulk-requests.js';
import { BulkTables } from './bulk-tables.js';
import { BulkWork } from './bulk-work.js';
import { PreviewBulk } from './preview-bulk.js';
import { WorkOnBulks } from './work-on-bulks.js';

/** Who asks for what, and the key of their request. */
type Asking<T extends BulkTypes> = Omit<BulkAsked<T>, 'previewId'>;

/** Up to 10,000 as a job: recorded at once, done in the background, looked at by whoever asked for it. */
@Injectable()
export class AskForBulk<T extends BulkTypes> {
  constructor(
    private readonly database: Database,
    private readonly tables: BulkTables<T>,
    private readonly requests: BulkRequests<T>,
    private readonly queue: BulkQueue<T>,
    private readonly looks: BulkLooks<T>,
    private readonly previews: PreviewBulk<T>,
    private readonly work: BulkWork<T>,
    private readonly worker: WorkOnBulks<T>,
    private readonly clock: BusinessClock,
  ) {}

  /**
   * Of a preview or of items, as the body names one of them.
   * @throws RequestFaultsError where it names both or none; as `ofItems` and `ofPreview`
   */
  of<Sent>(
    asking: Asking<T>,
    { previewId, items }: { readonly previewId?: string; readonly items?: readonly Sent[] },
    itemsOf: (sent: readonly Sent[]) => readonly T['item'][],
  ): Promise<BulkProgress<T>> {
    if (previewId !== undefined && items === undefined)
      return this.ofPreview(asking, previewId.toLowerCase());
    if (items !== undefined && previewId === undefined) return this.ofItems(asking, itemsOf(items));
    throw new RequestFaultsError([{ at: 'items', detail: 'or a previewId must be given, and only one' }]);
  }

  /** @throws IdempotencyKeyReusedError, and what the service says of whoever may ask for it nowhere */
  async ofItems(asking: Asking<T>, items: readonly T['item'][]): Promise<BulkProgress<T>> {
    await this.work.mayAsk(asking.personId, asking.request);
    const asked = { ...asking, previewId: null };
    return this.begin(asked, items, (tx, bulk) => this.requests.record(tx, bulk, items));
  }

  /**
   * @throws UnknownBulkPreviewError, BulkPreviewExpiredError, BulkEmptyError, IdempotencyKeyReusedError, and what the
   * service says of whoever may ask for it nowhere and of previews that are no ground for it
   */
  async ofPreview(asking: Asking<T>, previewId: string): Promise<BulkProgress<T>> {
    const { personId, request } = asking;
    await this.work.mayAsk(personId, request);
    const asked = { ...asking, previewId };
    // A repeat is answered also when the preview has expired since.
    const earlier = await this.earlier(asked, []);
    if (earlier) return earlier;
    const preview = await this.previews.one(personId, previewId);
    this.work.mayActOn(request, preview, this.clock.now());
    if (preview.items === 0) throw new BulkEmptyError(previewId);
    return this.begin(asked, [], (tx, bulk) => this.requests.recordPreviewed(tx, bulk));
  }

  /** @throws the service's error of an unknown bulk, also for somebody else's */
  async one(personId: string, bulkId: string): Promise<BulkProgress<T>> {
    const progress = await this.looks.progress(bulkId, personId);
    if (!progress) throw this.work.unknown(bulkId);
    return progress;
  }

  /** Newest first. */
  list(personId: string, before: string | undefined, limit: number): Promise<BulkProgress<T>[]> {
    return this.looks.list(personId, before, limit);
  }

  async items(
    personId: string,
    bulkId: string,
    afterOrdinal: number,
    limit: number,
    state: T['state'] | undefined,
  ): Promise<BulkItem<T>[]> {
    await this.one(personId, bulkId);
    return this.looks.items(bulkId, afterOrdinal, limit, state);
  }

  /** Between two chunks: what was done stays so, the rest ends `cancelled`. */
  async cancel(personId: string, bulkId: string): Promise<BulkProgress<T>> {
    await this.one(personId, bulkId);
    await this.database.transaction(async (tx) => {
      await this.queue.awaitTurns(tx, personId);
      await this.queue.cancel(tx, bulkId, this.clock.now());
      // The person's next one may begin.
      tx.afterCommit(() => this.worker.wake(personId));
    });
    return this.one(personId, bulkId);
  }

  private async begin(
    asked: BulkAsked<T>,
    items: readonly T['item'][],
    record: (tx: Tx, bulk: NewBulk<T>) => Promise<boolean>,
  ): Promise<BulkProgress<T>> {
    const bulk = { ...asked, bulkId: uuidV7(), requestedAt: this.clock.now() };
    const recorded = await this.database.transaction(async (tx) => {
      const isNew = await record(tx, bulk);
      if (isNew)
        tx.afterCommit(() => {
          failpoint(`${this.tables.name}-recorded`);
          this.worker.wake(asked.personId);
        });
      return isNew;
    });
    if (!recorded) return (await this.earlier(asked, items))!;
    return this.one(asked.personId, bulk.bulkId);
  }

  /** What the same request has recorded, where its answer is kept no longer. */
  private async earlier(
    asked: BulkAsked<T>,
    items: readonly T['item'][],
  ): Promise<BulkProgress<T> | undefined> {
    const earlier = await this.requests.ofKey(asked, items);
    if (earlier && !earlier.same) throw new IdempotencyKeyReusedError();
    return earlier && this.one(asked.personId, earlier.bulkId);
  }
}
