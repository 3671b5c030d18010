import { CurrentCaller, type Caller } from '@attest/auth';
import { ApiOkResponse, cursorNumber, type Page, PageQuery, pageOf, toPage } from '@attest/http';
import { Get, Param, ParseUUIDPipe, Query, type Type } from '@nestjs/common';
import type { BulkPreview, BulkPreviewItem, BulkTypes } from './bulk.js';
import type { PreviewBulk } from './preview-bulk.js';

/** How a service answers with its previews. */
export interface PreviewAnswers<T extends BulkTypes> {
  readonly preview: Type<BulkPreview<T>>;
  readonly item: Type<BulkPreviewItem<T>>;
}

/** The routes of a preview besides the one that makes it, for a service's controller to extend. */
export function bulkPreviewsController<T extends BulkTypes>(answers: PreviewAnswers<T>) {
  abstract class BulkPreviewsController {
    constructor(readonly previews: PreviewBulk<T>) {}

    @Get(':previewId')
    @ApiOkResponse({ type: answers.preview })
    one(
      @CurrentCaller() caller: Caller,
      @Param('previewId', ParseUUIDPipe) previewId: string,
    ): Promise<BulkPreview<T>> {
      return this.previews.one(caller.personId, previewId);
    }

    @Get(':previewId/items')
    @ApiOkResponse({ type: pageOf(answers.item) })
    async items(
      @CurrentCaller() caller: Caller,
      @Param('previewId', ParseUUIDPipe) previewId: string,
      @Query() { cursor, limit }: PageQuery,
    ): Promise<Page<BulkPreviewItem<T>>> {
      const rows = await this.previews.items(caller.personId, previewId, cursorNumber(cursor), limit + 1);
      return toPage(
        rows,
        limit,
        (row) => [row.ordinal],
        (row) => row,
      );
    }
  }
  return BulkPreviewsController;
}
