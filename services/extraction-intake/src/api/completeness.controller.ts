import { Controller, Get, Query } from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { READING_ROLES } from '@attest/contracts';
import { ApiOkResponse, ApiTags, type Page, pageOf } from '@attest/http';
import { CompletenessStore } from '../application/ports.js';
import type { CompletenessView } from '../application/views.js';
import { CompletenessDto, CompletenessQuery, MissingPageDto, MissingPagesQuery } from './completeness.dto.js';

const READERS = [...READING_ROLES, 'EXTRACT_SUBMISSION'] as const;

@ApiTags('completeness')
@Controller('completeness')
export class CompletenessController {
  constructor(
    private readonly access: Access,
    private readonly completeness: CompletenessStore,
  ) {}

  /** How many pages were expected and have come, by service and achievement date. Counts alone, so for everybody. */
  @Get()
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: pageOf(CompletenessDto) })
  list(@Query() query: CompletenessQuery): Promise<Page<CompletenessView>> {
    return this.completeness.list(query);
  }

  /** Which practices of yours have sent nothing. */
  @Get('missing')
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: pageOf(MissingPageDto) })
  async missing(
    @CurrentCaller() caller: Caller,
    @Query() query: MissingPagesQuery,
  ): Promise<Page<MissingPageDto>> {
    const scope = await this.access.scope(caller, READERS);
    return this.completeness.missing(query, scope, query);
  }
}
