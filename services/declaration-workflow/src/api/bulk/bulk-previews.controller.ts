import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { amountsOf, bulkPreviewsController, PreviewBulk, type BulkPreview } from '@attest/bulk';
import { RequestFaultsError } from '@attest/errors';
import { ApiCreatedResponse, ApiTags, Idempotent } from '@attest/http';
import { Body, Controller, Post } from '@nestjs/common';
import { BULK_ROLES } from '../../application/bulk/bulk-roles.js';
import type { DeclarationBulk } from '../../application/bulk/declaration-bulk.js';
import { BulkPreviewDto } from './bulk.dto.js';
import { BulkPreviewItemView, BulkPreviewView } from './bulk.view.js';

/** What a bulk would act on: count and pounds, bound to ids and revisions. Only who asked for one sees it. */
@ApiTags('bulk declarations')
@Controller('bulk-previews')
@RequiresRole(...BULK_ROLES)
export class BulkPreviewsController extends bulkPreviewsController<DeclarationBulk>({
  preview: BulkPreviewView,
  item: BulkPreviewItemView,
}) {
  constructor(previews: PreviewBulk<DeclarationBulk>) {
    super(previews);
  }

  /** Of all declarations or holds on which you may act so, those that fit; at most 10,000. */
  @Post()
  @Idempotent()
  @ApiCreatedResponse({ type: BulkPreviewView })
  async make(
    @CurrentCaller() caller: Caller,
    @Body() body: BulkPreviewDto,
  ): Promise<BulkPreview<DeclarationBulk>> {
    const { action, ...filter } = body;
    if (filter.holdCode !== undefined && action !== 'release-holds')
      throw new RequestFaultsError([
        {
          at: 'holdCode',
          detail: 'chooses holds to release: leave it out, or ask for action "release-holds"',
        },
      ]);
    return this.previews.make(
      caller,
      { action },
      {
        ...filter,
        // What can be declared at all, unless asked otherwise.
        status: filter.status ?? (action === 'declare' ? 'AWAITING_PROVIDER_APPROVAL' : undefined),
        ...amountsOf(filter),
      },
    );
  }
}
