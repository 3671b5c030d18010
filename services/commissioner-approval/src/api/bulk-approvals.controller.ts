import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { APPROVAL_ROLES } from '@attest/contracts';
import { refuseReason, RequestFaultsError } from '@attest/errors';
import {
  ApiAcceptedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiProduces,
  ApiTags,
  cursorNumber,
  cursorValue,
  EventStreams,
  IdempotencyKey,
  Idempotent,
  type Page,
  pageOf,
  toPage,
} from '@attest/http';
import type { BulkSigning } from '../application/bulk.ports.js';
import { SignBulk } from '../application/sign-bulk.js';
import { BulkApprovalDto, BulkPageDto, ListBulkItemsDto, NothingDto } from './bulk.dto.js';
import { BulkApprovalView, BulkItemView } from './bulk.view.js';

/** Signing or refusing up to 10,000 as a job. Only who asked for one sees it. */
@ApiTags('bulk approvals')
@Controller('bulk-approvals')
@RequiresRole(...APPROVAL_ROLES, 'FINANCE_MANAGEMENT')
export class BulkApprovalsController {
  constructor(
    private readonly bulks: SignBulk,
    private readonly streams: EventStreams,
  ) {}

  /** Answers at once; each item gets an answer of its own, found below the id that this returns. */
  @Post()
  @HttpCode(202)
  @Idempotent()
  @ApiAcceptedResponse({ type: BulkApprovalView })
  async sign(
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() key: string,
    @Body() body: BulkApprovalDto,
  ): Promise<BulkApprovalView> {
    const { previewId, items } = body;
    const signing = signingOf(caller, body);
    if (previewId !== undefined && items === undefined)
      return this.bulks.ofPreview(signing, key, previewId.toLowerCase());
    if (items !== undefined && previewId === undefined)
      return this.bulks.ofItems(
        signing,
        key,
        items.map(({ declarationId, declarationVersion }) => ({
          declarationId: declarationId.toLowerCase(),
          declarationVersion: BigInt(declarationVersion),
        })),
      );
    throw new RequestFaultsError([{ at: 'items', detail: 'or a previewId must be given, and only one' }]);
  }

  /** Yours, newest first. */
  @Get()
  @ApiOkResponse({ type: pageOf(BulkApprovalView) })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() { cursor, limit }: BulkPageDto,
  ): Promise<Page<BulkApprovalView>> {
    const rows = await this.bulks.list(caller.personId, cursorValue(cursor, 'uuid'), limit + 1);
    return toPage(
      rows,
      limit,
      (row) => [row.bulkId],
      (row) => row,
    );
  }

  @Get(':bulkId')
  @ApiOkResponse({ type: BulkApprovalView })
  one(
    @CurrentCaller() caller: Caller,
    @Param('bulkId', ParseUUIDPipe) bulkId: string,
  ): Promise<BulkApprovalView> {
    return this.bulks.one(caller.personId, bulkId);
  }

  @Get(':bulkId/items')
  @ApiOkResponse({ type: pageOf(BulkItemView) })
  async items(
    @CurrentCaller() caller: Caller,
    @Param('bulkId', ParseUUIDPipe) bulkId: string,
    @Query() { cursor, limit, state }: ListBulkItemsDto,
  ): Promise<Page<BulkItemView>> {
    const rows = await this.bulks.items(caller.personId, bulkId, cursorNumber(cursor), limit + 1, state);
    return toPage(
      rows,
      limit,
      (row) => [row.ordinal],
      (row) => row,
    );
  }

  /** Its progress as server-sent events, `progress` until every item is answered; each carries the whole of it. */
  @Get(':bulkId/events')
  @ApiProduces('text/event-stream')
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'only what came after' })
  @ApiOkResponse({ type: BulkApprovalView, description: 'The data of each event.' })
  events(
    @CurrentCaller() caller: Caller,
    @Param('bulkId', ParseUUIDPipe) bulkId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { personId } = caller;
    return this.streams.send(request, reply, `${personId} ${bulkId}`, async () => {
      const data = await this.bulks.one(personId, bulkId);
      const { items, queued, pending } = data;
      // Each item moves twice: when it is signed, and when that is answered.
      return { sequence: 2 * (items - queued) - pending, ended: queued + pending === 0, data };
    });
  }

  /** What was not signed yet ends `cancelled`; signatures that were given stand. */
  @Post(':bulkId/cancel')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: BulkApprovalView })
  cancel(
    @CurrentCaller() caller: Caller,
    @Param('bulkId', ParseUUIDPipe) bulkId: string,
    @Body() _: NothingDto,
  ): Promise<BulkApprovalView> {
    return this.bulks.cancel(caller.personId, bulkId);
  }
}

/** @throws RequestFaultsError, ReasonMissingError and its kind */
function signingOf(caller: Caller, { stage, decision, reason }: BulkApprovalDto): BulkSigning {
  if (decision === 'approve' && reason !== undefined)
    throw new RequestFaultsError([{ at: 'reason', detail: 'belongs to refusing only' }]);
  return {
    personId: caller.personId,
    stage,
    decision,
    reason: decision === 'refuse' ? refuseReason(reason ?? '') : null,
  };
}
