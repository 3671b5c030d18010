import { Body, Controller, Post } from '@nestjs/common';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { amountsOf, bulkPreviewsController, PreviewBulk, type BulkPreview } from '@attest/bulk';
import { APPROVAL_ROLES } from '@attest/contracts';
import { ApiCreatedResponse, ApiTags, Idempotent } from '@attest/http';
import type { ApprovalBulk } from '../../application/bulk/approval-bulk.js';
import { BulkPreviewDto } from './bulk.dto.js';
import { BulkPreviewItemView, BulkPreviewView } from './bulk.view.js';

/** What a bulk would sign: count and pounds, bound to ids and versions. Only who asked for one sees it. */
@ApiTags('bulk approvals')
@Controller('bulk-previews')
@RequiresRole(...APPROVAL_ROLES, 'FINANCE_MANAGEMENT')
export class BulkPreviewsController extends bulkPreviewsController<ApprovalBulk>({
  preview: BulkPreviewView,
  item: BulkPreviewItemView,
}) {
  constructor(previews: PreviewBulk<ApprovalBulk>) {
    super(previews);
  }

  /** Of all tasks of a stage that you may sign, those that fit; at most 10,000. */
  @Post()
  @Idempotent()
  @ApiCreatedResponse({ type: BulkPreviewView })
  make(@CurrentCaller() caller: Caller, @Body() body: BulkPreviewDto): Promise<BulkPreview<ApprovalBulk>> {
    return this.previews.make(caller, {}, { ...body, ...amountsOf(body) });
  }
}
