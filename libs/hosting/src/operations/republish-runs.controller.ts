import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { refuseReason } from '@attest/errors';
import { ApiBearerAuth, ApiTags, cursorValue, Idempotent, PageQuery, toPage, type Page } from '@attest/http';
import { Republisher, type RepublishRun } from '@attest/messaging';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { RepublishDto } from './republish-runs.dto.js';

/** Has this service tell again what it stands for, for readers that are new or were away for long. */
@ApiTags('operations')
@ApiBearerAuth()
@RequiresRole('NATIONAL_OPERATOR')
@Controller('operations/republish-runs')
export class RepublishRunsController {
  constructor(private readonly republisher: Republisher) {}

  /** The newest first, with how far each is. */
  @Get()
  async list(@Query() query: PageQuery): Promise<Page<RepublishRun>> {
    const runs = await this.republisher.list({
      limit: query.limit + 1,
      beforeId: cursorValue(query.cursor, 'uuid'),
    });
    return toPage(
      runs,
      query.limit,
      (run) => [run.runId],
      (run) => run,
    );
  }

  /** Only records it: a running replica tells page by page. */
  @Post()
  @Idempotent()
  ask(@Body() body: RepublishDto, @CurrentCaller() caller: Caller): Promise<RepublishRun> {
    const { reason, ...wanted } = body;
    return this.republisher.request({ ...wanted, who: caller.personId, why: refuseReason(reason) });
  }
}
