import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { ENGLAND } from '@attest/contracts';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags, Idempotent } from '@attest/http';
import { AchievementQueries, type RecalculationView } from '../application/queries.js';
import { RequestRecalculation } from '../application/request-recalculation.js';
import { RecalculationUnknownError } from '../domain/achievement.errors.js';
import { RecalculationAcceptedDto, RecalculationDto } from './achievement-views.dto.js';
import { RequestRecalculationDto } from './achievements.dto.js';

const OPERATORS = ['NATIONAL_OPERATOR', 'COMMISSIONING_MANAGEMENT'] as const;

/** A period is all of England's, so whoever recalculates it holds the role for England. */
@ApiTags('recalculations')
@Controller('recalculations')
export class RecalculationsController {
  constructor(
    private readonly access: Access,
    private readonly request: RequestRecalculation,
    private readonly queries: AchievementQueries,
  ) {}

  /** Makes every figure of a service and date anew; only what differs is published. */
  @Post()
  @HttpCode(202)
  @Idempotent()
  @RequiresRole(...OPERATORS)
  @ApiAcceptedResponse({ type: RecalculationAcceptedDto })
  async recalculate(
    @CurrentCaller() caller: Caller,
    @Body() body: RequestRecalculationDto,
  ): Promise<RecalculationAcceptedDto> {
    await this.access.require(caller, OPERATORS, ENGLAND);
    return {
      recalculationId: await this.request.run(body.serviceCode, body.achievementDate, caller.personId),
    };
  }

  @Get(':recalculationId')
  @RequiresRole(...OPERATORS)
  @ApiOkResponse({ type: RecalculationDto })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('recalculationId', ParseUUIDPipe) recalculationId: string,
  ): Promise<RecalculationView> {
    await this.access.require(caller, OPERATORS, ENGLAND);
    const found = await this.queries.recalculation(recalculationId);
    if (!found) throw new RecalculationUnknownError(recalculationId);
    return found;
  }
}
