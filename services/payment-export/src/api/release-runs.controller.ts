import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { APPROVAL_ROLES, ENGLAND } from '@attest/contracts';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiTags,
  Idempotent,
  type Page,
  PageQuery,
  pageOf,
} from '@attest/http';
import { PaymentQueries } from '../application/queries.js';
import { RunQueries, type RunView } from '../application/run.queries.js';
import { StartRun } from '../application/start-run.js';
import { notIncludedWords } from '../domain/not-included.js';
import { UnknownRunError } from '../domain/payment.errors.js';
import { RunDetailDto, RunDto, RunItemDto } from './payment-views.dto.js';
import { RunItemsQuery, StartRunDto } from './payments.dto.js';

const STARTERS = ['FINANCE_MANAGEMENT', 'NATIONAL_OPERATOR'] as const;
const READERS = [...STARTERS, ...APPROVAL_ROLES, 'VIEW'] as const;

/** A run pays all of England's providers, so whoever starts one holds the role for England. */
@ApiTags('release runs')
@ApiBearerAuth()
@Controller('release-runs')
export class ReleaseRunsController {
  constructor(
    private readonly access: Access,
    private readonly startRun: StartRun,
    private readonly runs: RunQueries,
    private readonly payments: PaymentQueries,
  ) {}

  /** Starts a run outside the calendar, for what the one at the cut-off left. */
  @Post()
  @HttpCode(202)
  @Idempotent()
  @RequiresRole(...STARTERS)
  @ApiAcceptedResponse({ type: RunDto })
  async start(@CurrentCaller() caller: Caller, @Body() body: StartRunDto): Promise<RunDto> {
    await this.access.require(caller, STARTERS, ENGLAND);
    const { runId } = await this.startRun.run({ ...body, cutOffAt: null, requestedBy: caller.personId });
    return this.known(runId);
  }

  /** Newest first. */
  @Get()
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: pageOf(RunDto) })
  async list(@CurrentCaller() caller: Caller, @Query() query: PageQuery): Promise<Page<RunDto>> {
    await this.access.require(caller, READERS, ENGLAND);
    return this.runs.runs(query);
  }

  /** How far a run has come, and its files once they are sealed. A commissioner reads the counts of its own. */
  @Get(':runId')
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: RunDetailDto })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('runId', ParseUUIDPipe) runId: string,
  ): Promise<RunDetailDto> {
    const run = await this.known(runId);
    const scope = await this.access.scope(caller, READERS);
    if (!scope.includes(ENGLAND)) {
      // What a run came to says, in words, what all of England was paid.
      const words = run.state === 'aborted' ? run.words : null;
      return { ...run, ...(await this.runs.countsWithin(runId, scope)), words, files: [] };
    }
    const { items } = await this.payments.files('all', { runId, limit: 500 });
    return { ...run, files: items };
  }

  /** What the run asked for within the caller's organisations, and why something was left out. */
  @Get(':runId/items')
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: pageOf(RunItemDto) })
  async items(
    @CurrentCaller() caller: Caller,
    @Param('runId', ParseUUIDPipe) runId: string,
    @Query() query: RunItemsQuery,
  ): Promise<Page<RunItemDto>> {
    await this.known(runId);
    const scope = await this.access.scope(caller, READERS);
    const { items, nextCursor } = await this.runs.items(runId, { ...query, scope });
    const told = items.map((item) => ({
      ...item,
      words: item.code === null ? null : notIncludedWords(item.code),
    }));
    return { items: told, nextCursor };
  }

  private async known(runId: string): Promise<RunView> {
    const run = await this.runs.run(runId);
    if (!run) throw new UnknownRunError(runId);
    return run;
  }
}
