import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { RequestFaultsError } from '@attest/errors';
import {
  ApiCreatedResponse,
  ApiOkResponse,
  ApiTags,
  cursorNumber,
  Idempotent,
  type Page,
  pageOf,
  toPage,
} from '@attest/http';
import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { BULK_ROLES } from '../application/bulk-roles.js';
import { PreviewBulk } from '../application/preview-bulk.js';
import { BulkPreviewDto, BulkPreviewItemsQueryDto } from './bulk.dto.js';
import { BulkPreviewItemView, BulkPreviewView, previewViewOf } from './bulk.view.js';

/** What a bulk would act on: count and pounds, bound to ids and revisions. Only who asked for one sees it. */
@ApiTags('bulk declarations')
@Controller('bulk-previews')
@RequiresRole(...BULK_ROLES)
export class BulkPreviewsController {
  constructor(private readonly previews: PreviewBulk) {}

  /** Of all declarations or holds on which you may act so, those that fit; at most 10,000. */
  @Post()
  @Idempotent()
  @ApiCreatedResponse({ type: BulkPreviewView })
  async make(@CurrentCaller() caller: Caller, @Body() body: BulkPreviewDto): Promise<BulkPreviewView> {
    const { action, amountFromPence, amountToPence, ...filter } = body;
    if (filter.holdCode !== undefined && action !== 'release-holds')
      throw new RequestFaultsError([
        {
          at: 'holdCode',
          detail: 'chooses holds to release: leave it out, or ask for action "release-holds"',
        },
      ]);
    const preview = await this.previews.make(caller, action, {
      ...filter,
      // What can be declared at all, unless asked otherwise.
      status: filter.status ?? (action === 'declare' ? 'AWAITING_PROVIDER_APPROVAL' : undefined),
      amountFromPence: amountFromPence === undefined ? undefined : BigInt(amountFromPence),
      amountToPence: amountToPence === undefined ? undefined : BigInt(amountToPence),
    });
    return previewViewOf(preview);
  }

  @Get(':previewId')
  @ApiOkResponse({ type: BulkPreviewView })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('previewId', ParseUUIDPipe) previewId: string,
  ): Promise<BulkPreviewView> {
    return previewViewOf(await this.previews.one(caller, previewId));
  }

  @Get(':previewId/items')
  @ApiOkResponse({ type: pageOf(BulkPreviewItemView) })
  async items(
    @CurrentCaller() caller: Caller,
    @Param('previewId', ParseUUIDPipe) previewId: string,
    @Query() { cursor, limit }: BulkPreviewItemsQueryDto,
  ): Promise<Page<BulkPreviewItemView>> {
    const rows = await this.previews.items(caller, previewId, cursorNumber(cursor), limit + 1);
    return toPage(
      rows,
      limit,
      (row) => [row.ordinal],
      (row) => row,
    );
  }
}
