import { READING_ROLES } from '@attest/contracts';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import {
  ApiOkResponse,
  ApiParam,
  ApiProduces,
  ApiTags,
  cursorValues,
  type Page,
  pageOf,
  toPage,
  wantsCsv,
} from '@attest/http';
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LookAtDeclaration } from '../../application/looking/look-at-declaration.js';
import type { ProviderHistoryFilter } from '../../application/looking/queries.js';
import { ProviderHistoryDto, ProviderParamsDto } from './provider-history.dto.js';
import { providerHistoryCsv, ProviderHistoryView, providerHistoryViewOf } from './provider-history.view.js';

/** The payment declaration history of a provider, over all its declarations. */
@ApiTags('declarations')
@Controller('providers')
@RequiresRole(...READING_ROLES)
export class ProviderHistoryController {
  constructor(private readonly look: LookAtDeclaration) {}

  /**
   * Every status, hold, figure and person with times, newest first. Also as CSV, with the cursor of the next page in
   * the header `next-cursor`.
   */
  @Get(':organisationCode/declaration-history')
  @ApiParam({ name: 'organisationCode', example: 'A81001' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: pageOf(ProviderHistoryView) })
  async list(
    @CurrentCaller() caller: Caller,
    @Param() { organisationCode }: ProviderParamsDto,
    @Query() query: ProviderHistoryDto,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<ProviderHistoryView> | string> {
    const { cursor, limit, ...filter } = query;
    const rows = await this.look.providerHistory(caller, {
      ...filter,
      organisationCode,
      after: placeFrom(cursor),
      limit: limit + 1,
    });
    const page = toPage(
      rows,
      limit,
      (row) => [row.at.toISOString(), row.declarationId, row.revision],
      providerHistoryViewOf,
    );
    if (!wantsCsv(accept)) return page;
    void reply.header('content-type', 'text/csv; charset=utf-8');
    if (page.nextCursor !== null) void reply.header('next-cursor', page.nextCursor);
    return providerHistoryCsv(page.items);
  }
}

function placeFrom(cursor: string | undefined): ProviderHistoryFilter['after'] {
  const place = cursorValues(cursor, 'instant', 'uuid', 'number');
  return place && { at: new Date(place[0]), declarationId: place[1], revision: Number(place[2]) };
}
