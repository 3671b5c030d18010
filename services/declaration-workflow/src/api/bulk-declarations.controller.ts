import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { refuseReason, RequestFaultsError } from '@attest/errors';
import {
  CursorFaultyError,
  decodeCursor,
  EventStreams,
  Idempotent,
  pageOf,
  toPage,
  type Page,
} from '@attest/http';
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DeclareInBulk } from '../application/declare-in-bulk.js';
import type { DeclareRequest } from '../application/declare-achievements.js';
import { ordinalFrom } from './bulk-cursor.js';
import { BulkDeclarationDto, BulkDeclarationItemsQueryDto, BulkDeclarationsQueryDto } from './bulk.dto.js';
import { BulkDeclarationItemView, BulkDeclarationView, itemViewOf } from './bulk.view.js';
import { declareItemsOf } from './declare-items.js';
import { NothingDto } from './declaration.dto.js';

/** Declaring up to 10,000 as a job. Only who asked for one sees it. */
@ApiTags('bulk declarations')
@Controller('bulk-declarations')
@RequiresRole('DECLARATION_MANAGEMENT')
export class BulkDeclarationsController {
  constructor(
    private readonly bulks: DeclareInBulk,
    private readonly streams: EventStreams,
  ) {}

  /** Answers at once; each item gets an answer of its own, found below the id that this returns. */
  @Post()
  @HttpCode(202)
  @Idempotent()
  @ApiAcceptedResponse({ type: BulkDeclarationView })
  async declare(
    @CurrentCaller() caller: Caller,
    @Body() body: BulkDeclarationDto,
  ): Promise<BulkDeclarationView> {
    const { previewId, items } = body;
    const request = requestOf(caller, body);
    if (previewId !== undefined && items === undefined)
      return this.bulks.ofPreview(request, previewId.toLowerCase());
    if (items !== undefined && previewId === undefined)
      return this.bulks.ofItems(request, declareItemsOf(items));
    throw new RequestFaultsError([{ at: 'items', detail: 'or a previewId must be given, and only one' }]);
  }

  /** Yours, newest first. */
  @Get()
  @ApiOkResponse({ type: pageOf(BulkDeclarationView) })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() { cursor, limit }: BulkDeclarationsQueryDto,
  ): Promise<Page<BulkDeclarationView>> {
    const rows = await this.bulks.list(caller.personId, bulkFrom(cursor), limit + 1);
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
    const rows = await this.bulks.items(caller.personId, bulkId, ordinalFrom(cursor), limit + 1, state);
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

  /** What was not declared yet ends `cancelled`; what was, stays. */
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

const requestOf = (caller: Caller, body: BulkDeclarationDto): DeclareRequest => ({
  personId: caller.personId,
  lateReason: body.lateReason === undefined ? null : refuseReason(body.lateReason),
  onBehalfReason: body.onBehalfReason === undefined ? null : refuseReason(body.onBehalfReason),
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function bulkFrom(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [id] = decodeCursor(cursor, 1);
  if (!UUID.test(id!)) throw new CursorFaultyError();
  return id;
}
