import type { Caller } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { Injectable } from '@nestjs/common';
import type { BulkPreview, BulkPreviewItem, BulkTypes } from './bulk.js';
import { UnknownBulkPreviewError } from './bulk.errors.js';
import { BulkPreviewStore } from './bulk-preview.store.js';
import { BulkWork } from './bulk-work.js';

/** Long enough to look at it and to ask somebody; figures are another story tomorrow. */
const LASTS_MS = 3_600_000;

/** What a bulk would act on, before anybody acts. */
@Injectable()
export class PreviewBulk<T extends BulkTypes> {
  constructor(
    private readonly previews: BulkPreviewStore<T>,
    private readonly work: BulkWork<T>,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws BulkTooLargeError, and what the service says of whoever may act so nowhere */
  async make(caller: Caller, purpose: T['purpose'], filter: T['filter']): Promise<BulkPreview<T>> {
    const reach = await this.work.reach(caller, purpose, filter);
    const madeAt = this.clock.now();
    const preview = await this.previews.make(
      {
        previewId: uuidV7(),
        personId: caller.personId,
        purpose,
        filter,
        madeAt,
        expiresAt: new Date(madeAt.getTime() + LASTS_MS),
      },
      reach,
    );
    if (!preview) throw this.work.tooLarge();
    return preview;
  }

  /** @throws UnknownBulkPreviewError, also for somebody else's */
  async one(personId: string, previewId: string): Promise<BulkPreview<T>> {
    const preview = await this.previews.one(previewId, personId);
    if (!preview) throw new UnknownBulkPreviewError(previewId);
    return preview;
  }

  async items(
    personId: string,
    previewId: string,
    afterOrdinal: number,
    limit: number,
  ): Promise<BulkPreviewItem<T>[]> {
    await this.one(personId, previewId);
    return this.previews.items(previewId, afterOrdinal, limit);
  }
}
