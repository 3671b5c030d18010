import { Injectable } from '@nestjs/common';
import { Access, type Caller } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { BULK_ITEMS_MOST } from '../domain/bulk.js';
import { BulkTooLargeError, UnknownBulkPreviewError } from '../domain/bulk.errors.js';
import {
  BulkPreviewStore,
  type BulkFilter,
  type BulkPreview,
  type BulkPreviewItem,
  type SignsAt,
} from './bulk.ports.js';
import { ROLES_OF_STAGE } from './sign-tasks.js';

/** Long enough to look at it and to ask somebody; figures are another story tomorrow. */
const LASTS_MS = 3_600_000;

/** What a bulk would sign, before anybody signs. */
@Injectable()
export class PreviewBulk {
  constructor(
    private readonly access: Access,
    private readonly previews: BulkPreviewStore,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws BulkTooLargeError */
  async make(caller: Caller, filter: BulkFilter): Promise<BulkPreview> {
    const signs: SignsAt[] = [];
    for (const role of ROLES_OF_STAGE[filter.stage])
      for (const code of await this.access.scope(caller, [role])) signs.push({ role, code });
    const madeAt = this.clock.now();
    const preview = await this.previews.make(
      {
        previewId: uuidV7(),
        personId: caller.personId,
        filter,
        madeAt,
        expiresAt: new Date(madeAt.getTime() + LASTS_MS),
      },
      signs,
      BULK_ITEMS_MOST,
    );
    if (!preview) throw new BulkTooLargeError();
    return preview;
  }

  /** @throws UnknownBulkPreviewError, also for somebody else's */
  async one(personId: string, previewId: string): Promise<BulkPreview> {
    const preview = await this.previews.one(previewId, personId);
    if (!preview) throw new UnknownBulkPreviewError(previewId);
    return preview;
  }

  async items(
    personId: string,
    previewId: string,
    afterOrdinal: number,
    limit: number,
  ): Promise<BulkPreviewItem[]> {
    await this.one(personId, previewId);
    return this.previews.items(previewId, afterOrdinal, limit);
  }
}
