import { CurrentCaller, type Caller } from '@attest/auth';
import {
  ApiHeader,
  ApiOkResponse,
  ApiProduces,
  ApiPropertyOptional,
  cursorNumber,
  cursorValue,
  EventStreams,
  Idempotent,
  NothingDto,
  type Page,
  PageQuery,
  pageOf,
  type StreamState,
  toPage,
} from '@attest/http';
import { Body, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Req, Res, type Type } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AskForBulk } from './ask-for-bulk.js';
import type { BulkItem, BulkProgress, BulkTypes } from './bulk.js';

/** How a service answers with its bulks. */
export interface BulkAnswers<T extends BulkTypes, Progress extends BulkProgress<T>, Item extends object> {
  readonly progress: Type<Progress>;
  readonly item: Type<Item>;
  readonly states: readonly T['state'][];
  readonly itemOf: (item: BulkItem<T>) => Item;
  /** A number that grows with each change of it, and whether no more will follow. */
  readonly stepOf: (progress: BulkProgress<T>) => Omit<StreamState<never>, 'data'>;
}

/**
 * The routes of a bulk besides the one that begins it. A service's controller extends what this makes, because the
 * OpenAPI document names the service's own answers.
 */
export function bulksController<T extends BulkTypes, Progress extends BulkProgress<T>, Item extends object>(
  answers: BulkAnswers<T, Progress, Item>,
) {
  class ListItemsDto extends PageQuery {
    @ApiPropertyOptional({ enum: answers.states })
    @IsOptional()
    @IsIn(answers.states)
    state?: string;
  }

  abstract class BulksController {
    constructor(
      readonly bulks: AskForBulk<T>,
      readonly streams: EventStreams,
    ) {}

    /** Yours, newest first. */
    @Get()
    @ApiOkResponse({ type: pageOf(answers.progress) })
    async list(
      @CurrentCaller() caller: Caller,
      @Query() { cursor, limit }: PageQuery,
    ): Promise<Page<BulkProgress<T>>> {
      const rows = await this.bulks.list(caller.personId, cursorValue(cursor, 'uuid'), limit + 1);
      return toPage(
        rows,
        limit,
        (row) => [row.bulkId],
        (row) => row,
      );
    }

    @Get(':bulkId')
    @ApiOkResponse({ type: answers.progress })
    one(
      @CurrentCaller() caller: Caller,
      @Param('bulkId', ParseUUIDPipe) bulkId: string,
    ): Promise<BulkProgress<T>> {
      return this.bulks.one(caller.personId, bulkId);
    }

    @Get(':bulkId/items')
    @ApiOkResponse({ type: pageOf(answers.item) })
    async items(
      @CurrentCaller() caller: Caller,
      @Param('bulkId', ParseUUIDPipe) bulkId: string,
      @Query() { cursor, limit, state }: ListItemsDto,
    ): Promise<Page<Item>> {
      const rows = await this.bulks.items(caller.personId, bulkId, cursorNumber(cursor), limit + 1, state);
      return toPage(rows, limit, (row) => [row.ordinal], answers.itemOf);
    }

    /** Its progress as server-sent events, `progress` until `ended`; each carries the whole of it. */
    @Get(':bulkId/events')
    @ApiProduces('text/event-stream')
    @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'only what came after' })
    @ApiOkResponse({ type: answers.progress, description: 'The data of each event.' })
    events(
      @CurrentCaller() caller: Caller,
      @Param('bulkId', ParseUUIDPipe) bulkId: string,
      @Req() request: FastifyRequest,
      @Res() reply: FastifyReply,
    ): Promise<void> {
      const { personId } = caller;
      return this.streams.send(request, reply, `${personId} ${bulkId}`, async () => {
        const data = await this.bulks.one(personId, bulkId);
        return { ...answers.stepOf(data), data };
      });
    }

    /** What was not done yet ends `cancelled`; what was, stays. */
    @Post(':bulkId/cancel')
    @HttpCode(200)
    @Idempotent()
    @ApiOkResponse({ type: answers.progress })
    cancel(
      @CurrentCaller() caller: Caller,
      @Param('bulkId', ParseUUIDPipe) bulkId: string,
      @Body() _: NothingDto,
    ): Promise<BulkProgress<T>> {
      return this.bulks.cancel(caller.personId, bulkId);
    }
  }
  return BulksController;
}
