import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { refuseReason } from '@attest/errors';
import { ApiBearerAuth, ApiTags, Idempotent, type Page, cursorValue, toPage } from '@attest/http';
import {
  ConsumptionControl,
  DeadLetters,
  type ConsumptionPause,
  type DeadLetter,
  type ReplayResult,
} from '@attest/messaging';
import { asWork } from '@attest/persistence';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { DeadLetterQuery, PauseDto, ReplayDto, ResumeDto } from './operations.dto.js';

/** What a platform operator may do to one service's consumption. Pause and resume may be repeated freely. */
@ApiTags('operations')
@ApiBearerAuth()
@RequiresRole('NATIONAL_OPERATOR')
@Controller('operations')
export class OperationsController {
  constructor(
    private readonly control: ConsumptionControl,
    private readonly deadLetters: DeadLetters,
  ) {}

  @Get('consumption')
  async paused(): Promise<{ paused: ConsumptionPause[] }> {
    return { paused: await this.control.paused() };
  }

  @Post('consumption/pause')
  @HttpCode(200)
  async pause(
    @Body() body: PauseDto,
    @CurrentCaller() caller: Caller,
  ): Promise<{ paused: ConsumptionPause[] }> {
    await this.control.pause(body.topic, caller.personId, refuseReason(body.reason));
    return this.paused();
  }

  @Post('consumption/resume')
  @HttpCode(200)
  async resume(
    @Body() body: ResumeDto,
    @CurrentCaller() caller: Caller,
  ): Promise<{ paused: ConsumptionPause[] }> {
    await this.control.resume(body.topic, caller.personId);
    return this.paused();
  }

  @Get('dead-letters')
  async list(@Query() query: DeadLetterQuery): Promise<Page<DeadLetter>> {
    const letters = await this.deadLetters.list({
      limit: query.limit + 1,
      afterId: cursorValue(query.cursor, 'uuid'),
      ...(query.status === undefined ? {} : { status: query.status }),
    });
    return toPage(
      letters,
      query.limit,
      (letter) => [letter.id],
      (letter) => letter,
    );
  }

  /** Key by key, each in its own transaction: what was replayed stays so, and a repeat does the rest. */
  @Post('dead-letters/replay')
  @HttpCode(200)
  @Idempotent('in parts')
  replay(@Body() body: ReplayDto, @CurrentCaller() caller: Caller): Promise<ReplayResult> {
    const { reason, ...filter } = body;
    const why = refuseReason(reason);
    return asWork('job', () => this.deadLetters.replay({ ...filter, who: caller.personId, why }));
  }
}
