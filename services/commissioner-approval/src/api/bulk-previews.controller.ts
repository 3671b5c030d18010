import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { APPROVAL_ROLES } from '@attest/contracts';
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
import { PreviewBulk } from '../application/preview-bulk.js';
import { BulkPageDto, BulkPreviewDto } from './bulk.dto.js';
import { BulkPreviewItemView, BulkPreviewView, previewViewOf } from './bulk.view.js';

/** What a bulk would sign: count and pounds, bound to ids and versions. Only who asked for one sees it. */
@ApiTags('bulk approvals')
@Controller('bulk-previews')
@RequiresRole(...APPROVAL_ROLES, 'FINANCE_MANAGEMENT')
export class BulkPreviewsController {
  constructor(private readonly previews: PreviewBulk) {}

  /** Of all tasks of a stage that you may sign, those that fit; at most 10,000. */
  @Post()
  @Idempotent()
  @ApiCreatedResponse({ type: BulkPreviewView })
  async make(@CurrentCaller() caller: Caller, @Body() body: BulkPreviewDto): Promise<BulkPreviewView> {
    const { amountFromPence, amountToPence, ...filter } = body;
    const preview = await this.previews.make(caller, {
      ...filter,
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
    return previewViewOf(await this.previews.one(caller.personId, previewId));
  }

  @Get(':previewId/items')
  @ApiOkResponse({ type: pageOf(BulkPreviewItemView) })
  async items(
    @CurrentCaller() caller: Caller,
    @Param('previewId', ParseUUIDPipe) previewId: string,
    @Query() { cursor, limit }: BulkPageDto,
  ): Promise<Page<BulkPreviewItemView>> {
    const rows = await this.previews.items(caller.personId, previewId, cursorNumber(cursor), limit + 1);
    return toPage(
      rows,
      limit,
      (row) => [row.ordinal],
      (row) => row,
    );
  }
}
