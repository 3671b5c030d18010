import { Access, RoleMissingError, type Caller } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { Injectable } from '@nestjs/common';
import { BULK_ITEMS_MOST, type BulkAction } from '../domain/bulk.js';
import { BulkTooLargeError, UnknownBulkPreviewError } from '../domain/bulk.errors.js';
import { ROLES_OF } from './bulk-roles.js';
import { BulkPreviewStore, type BulkFilter, type BulkPreview, type BulkPreviewItem } from './bulk.ports.js';

/** Long enough to look at it and to ask somebody; figures are another story tomorrow. */
const LASTS_MS = 3_600_000;

/** What a bulk would act on, before anybody acts. */
@Injectable()
export class PreviewBulk {
  constructor(
    private readonly access: Access,
    private readonly previews: BulkPreviewStore,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws RoleMissingError, BulkTooLargeError */
  async make(caller: Caller, action: BulkAction, filter: BulkFilter): Promise<BulkPreview> {
    const scope = await this.access.scope(caller, ROLES_OF[action]);
    if (scope.length === 0) throw new RoleMissingError(ROLES_OF[action]);
    const madeAt = this.clock.now();
    const preview = await this.previews.make(
      {
        previewId: uuidV7(),
        personId: caller.personId,
        action,
        filter,
        madeAt,
        expiresAt: new Date(madeAt.getTime() + LASTS_MS),
      },
      scope,
      BULK_ITEMS_MOST,
    );
    if (!preview) throw new BulkTooLargeError();
    return preview;
  }

  /** @throws UnknownBulkPreviewError, also for somebody else's */
  async one(caller: Caller, previewId: string): Promise<BulkPreview> {
    const preview = await this.previews.one(previewId, caller.personId);
    if (!preview) throw new UnknownBulkPreviewError(previewId);
    return preview;
  }

  async items(
    caller: Caller,
    previewId: string,
    afterOrdinal: number,
    limit: number,
  ): Promise<BulkPreviewItem[]> {
    await this.one(caller, previewId);
    return this.previews.items(previewId, afterOrdinal, limit);
  }
}
