import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { ENGLAND } from '@attest/contracts';
import { Idempotent, PageQuery, type Page } from '@attest/http';
import { PaymentQueries, type FileView, type RunView } from '../application/queries.js';
import { StartRun } from '../application/start-run.js';
import { UnknownRunError } from '../domain/payment.errors.js';
import { StartRunDto } from './payments.dto.js';

const STARTERS = ['FINANCE_MANAGEMENT', 'NATIONAL_OPERATOR'] as const;
const READERS = [...STARTERS, 'VIEW'] as const;

/** A run pays all of England's providers, so whoever starts or reads one holds the role for England. */
@ApiTags('release runs')
@Controller('release-runs')
export class ReleaseRunsController {
  constructor(
    private readonly access: Access,
    private readonly startRun: StartRun,
    private readonly payments: PaymentQueries,
  ) {}

  /** Starts a run outside the calendar, for what the one at the cut-off left. */
  @Post()
  @HttpCode(202)
  @Idempotent()
  @RequiresRole(...STARTERS)
  async start(@CurrentCaller() caller: Caller, @Body() body: StartRunDto): Promise<RunView> {
    await this.access.require(caller, STARTERS, ENGLAND);
    const { runId } = await this.startRun.run({ ...body, cutOffAt: null, requestedBy: caller.personId });
    return this.known(runId);
  }

  @Get()
  @RequiresRole(...READERS)
  async list(@CurrentCaller() caller: Caller, @Query() query: PageQuery): Promise<Page<RunView>> {
    await this.access.require(caller, READERS, ENGLAND);
    return this.payments.runs(query);
  }

  /** How far a run has come, and its files once they are sealed. */
  @Get(':runId')
  @RequiresRole(...READERS)
  async one(
    @CurrentCaller() caller: Caller,
    @Param('runId', ParseUUIDPipe) runId: string,
  ): Promise<RunView & { files: FileView[] }> {
    await this.access.require(caller, READERS, ENGLAND);
    const run = await this.known(runId);
    const { items } = await this.payments.files('all', { runId, limit: 500 });
    return { ...run, files: items };
  }

  private async known(runId: string): Promise<RunView> {
    const run = await this.payments.run(runId);
    if (!run) throw new UnknownRunError(runId);
    return run;
  }
}
