import { READING_ROLES } from '@attest/contracts';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import {
  ApiOkResponse,
  ApiProduces,
  ApiTags,
  cursorNumber,
  cursorValue,
  type Page,
  setEtag,
  pageOf,
  toPage,
  wantsCsv,
} from '@attest/http';
import { Controller, Get, Headers, Param, ParseUUIDPipe, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LookAtDeclaration } from '../../application/looking/look-at-declaration.js';
import { declarationsCsv } from './declarations.csv.js';
import { HistoryQueryDto, ListDeclarationsDto } from '../core/declaration.dto.js';
import {
  DeclarationDetailView,
  DeclarationView,
  detailViewOf,
  HistoryView,
  listViewOf,
  WhyNotPaidView,
} from './declaration.view.js';

/** Declarations within the caller's organisations. */
@ApiTags('declarations')
@Controller('declarations')
@RequiresRole(...READING_ROLES)
export class DeclarationsController {
  constructor(private readonly look: LookAtDeclaration) {}

  /** Also as CSV, with the cursor of the next page in the header `next-cursor`. */
  @Get()
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: pageOf(DeclarationView) })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: ListDeclarationsDto,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<DeclarationView> | string> {
    const { cursor, limit, held, late, lateQueue, ...filter } = query;
    const found = await this.look.list(caller, {
      ...filter,
      held: held === undefined ? undefined : held === 'true',
      late: late === undefined ? undefined : late === 'true',
      lateQueue: lateQueue === 'true',
      after: cursorValue(cursor, 'uuid'),
      limit: limit + 1,
    });
    const page = toPage(found, limit, ({ declaration }) => [declaration.declarationId], listViewOf);
    if (!wantsCsv(accept)) return page;
    void reply.header('content-type', 'text/csv; charset=utf-8');
    if (page.nextCursor !== null) void reply.header('next-cursor', page.nextCursor);
    return declarationsCsv(page.items);
  }

  @Get(':declarationId')
  @ApiOkResponse({ type: DeclarationDetailView })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeclarationDetailView> {
    const shown = await this.look.one(caller, declarationId);
    setEtag(reply, shown.declaration.revision);
    return detailViewOf(shown);
  }

  /** Every status, hold, figure and person with times, oldest first. */
  @Get(':declarationId/history')
  @ApiOkResponse({ type: pageOf(HistoryView) })
  async history(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Query() query: HistoryQueryDto,
  ): Promise<Page<HistoryView>> {
    const after = cursorNumber(query.cursor);
    const rows = await this.look.history(caller, declarationId, after, query.limit + 1);
    return toPage(
      rows,
      query.limit,
      (row) => [row.revision],
      (row) => row,
    );
  }

  /** The one answer to "why is this not paid?". */
  @Get(':declarationId/why')
  @ApiOkResponse({ type: WhyNotPaidView })
  why(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
  ): Promise<WhyNotPaidView> {
    return this.look.why(caller, declarationId);
  }
}
