import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { RequestFaultsError } from '@attest/errors';
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
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ActInBulk } from '../application/act-in-bulk.js';
import { BULK_ROLES } from '../application/bulk-roles.js';
import { askedItemsOf, bulkRequestOf } from './bulk-request.js';
import { BulkDeclarationDto, BulkDeclarationItemsQueryDto, BulkDeclarationsQueryDto } from './bulk.dto.js';
import { BulkDeclarationItemView, BulkDeclarationView, itemViewOf } from './bulk.view.js';
import { NothingDto } from './core/declaration.dto.js';

/** Declaring, releasing or admitting up to 10,000 as a job. Only who asked for one sees it. */
@ApiTags('bulk declarations')
@Controller('bulk-declarations')
@RequiresRole(...BULK_ROLES)
export class BulkDeclarationsController {
  constructor(
    private readonly bulks: ActInBulk,
    private readonly streams: EventStreams,
  ) {}

  /** Answers at once; each item gets an answer of its own, found below the id that this returns. */
  @Post()
  @HttpCode(202)
  @Idempotent()
  @ApiAcceptedResponse({ type: BulkDeclarationView })
  async begin(
    @CurrentCaller() caller: Caller,
    @IdempotencyKey() key: string,
    @Body() body: BulkDeclarationDto,
  ): Promise<BulkDeclarationView> {
    const { previewId, items } = body;
    const request = bulkRequestOf(caller, body);
    if (previewId !== undefined && items === undefined)
      return this.bulks.ofPreview(request, key, previewId.toLowerCase());
    if (items !== undefined && previewId === undefined)
      return this.bulks.ofItems(request, key, askedItemsOf(body.action, items));
    throw new RequestFaultsError([{ at: 'items', detail: 'or a previewId must be given, and only one' }]);
  }

  /** Yours, newest first. */
  @Get()
  @ApiOkResponse({ type: pageOf(BulkDeclarationView) })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() { cursor, limit }: BulkDeclarationsQueryDto,
  ): Promise<Page<BulkDeclarationView>> {
    const rows = await this.bulks.list(caller.personId, cursorValue(cursor, 'uuid'), limit + 1);
    return toPage(
      rows,
      limit,
      (row) => [row.bulkId],
      (row) => row,
    );
  }

  @Get(':bulkId')
  @ApiOkResponse({ type: BulkDeclarationView })
  one(
    @CurrentCaller() caller: Caller,
    @Param('bulkId', ParseUUIDPipe) bulkId: string,
  ): Promise<BulkDeclarationView> {
    return this.bulks.one(caller.personId, bulkId);
  }

  @Get(':bulkId/items')
  @ApiOkResponse({ type: pageOf(BulkDeclarationItemView) })
  async items(
    @CurrentCaller() caller: Caller,
    @Param('bulkId', ParseUUIDPipe) bulkId: string,
    @Query() { cursor, limit, state }: BulkDeclarationItemsQueryDto,
  ): Promise<Page<BulkDeclarationItemView>> {
    const rows = await this.bulks.items(caller.personId, bulkId, cursorNumber(cursor), limit + 1, state);
    return toPage(rows, limit, (row) => [row.ordinal], itemViewOf);
  }

  /** Its progress as server-sent events, `progress` until `ended`; each carries the whole of it. */
  @Get(':bulkId/events')
  @ApiProduces('text/event-stream')
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'only what came after' })
  @ApiOkResponse({ type: BulkDeclarationView, description: 'The data of each event.' })
  events(
    @CurrentCaller() caller: Caller,
    @Param('bulkId', ParseUUIDPipe) bulkId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { personId } = caller;
    return this.streams.send(request, reply, `${personId} ${bulkId}`, async () => {
      const data = await this.bulks.one(personId, bulkId);
      const ended = data.endedAt !== null;
      // The last item is answered before the job is ended, which is a change of its own.
      return { sequence: data.items - data.queued + Number(ended), ended, data };
    });
  }

  /** What was not done yet ends `cancelled`; what was, stays. */
  @Post(':bulkId/cancel')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: BulkDeclarationView })
  cancel(
    @CurrentCaller() caller: Caller,
    @Param('bulkId', ParseUUIDPipe) bulkId: string,
    @Body() _: NothingDto,
  ): Promise<BulkDeclarationView> {
    return this.bulks.cancel(caller.personId, bulkId);
  }
}
