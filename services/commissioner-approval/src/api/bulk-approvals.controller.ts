import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { APPROVAL_ROLES } from '@attest/contracts';
import { cursorValues, Idempotent, toPage, type Page } from '@attest/http';
import { SignBulk } from '../application/sign-bulk.js';
import { UnknownBulkApprovalError } from '../domain/approval.errors.js';
import { BulkQueries, type BulkItemView, type BulkView } from '../application/queries.js';
import { BulkApprovalDto, ListBulkItemsDto } from './approval-task.dto.js';

@ApiTags('bulk approvals')
@Controller('bulk-approvals')
export class BulkApprovalsController {
  constructor(
    private readonly signBulk: SignBulk,
    private readonly bulks: BulkQueries,
  ) {}

  /** Signs up to 10,000 items; each has its own answer, found below the id that this returns. */
  @Post()
  @HttpCode(202)
  @Idempotent()
  @RequiresRole(...APPROVAL_ROLES, 'FINANCE_MANAGEMENT')
  async sign(@CurrentCaller() caller: Caller, @Body() body: BulkApprovalDto): Promise<BulkView> {
    const items = body.items.map((item) => ({
      declarationId: item.declarationId.toLowerCase(),
      declarationVersion: BigInt(item.declarationVersion),
    }));
    const bulkId = await this.signBulk.run(caller.personId, body.stage, items);
    return this.find(caller, bulkId);
  }

  @Get(':bulkId')
  @RequiresRole(...APPROVAL_ROLES, 'FINANCE_MANAGEMENT')
  one(@CurrentCaller() caller: Caller, @Param('bulkId', ParseUUIDPipe) bulkId: string): Promise<BulkView> {
    return this.find(caller, bulkId);
  }

  @Get(':bulkId/items')
  @RequiresRole(...APPROVAL_ROLES, 'FINANCE_MANAGEMENT')
  async items(
    @CurrentCaller() caller: Caller,
    @Param('bulkId', ParseUUIDPipe) bulkId: string,
    @Query() query: ListBulkItemsDto,
  ): Promise<Page<BulkItemView>> {
    await this.find(caller, bulkId);
    const after = Number(cursorValues(query.cursor, 'number')?.[0] ?? 0);
    const items = await this.bulks.items(bulkId, caller.personId, after, query.limit + 1, query.state);
    return toPage(
      items,
      query.limit,
      (item) => [item.ordinal],
      (item) => item,
    );
  }

  private async find(caller: Caller, bulkId: string): Promise<BulkView> {
    const bulk = await this.bulks.one(bulkId, caller.personId);
    if (!bulk) throw new UnknownBulkApprovalError(bulkId);
    return bulk;
  }
}
