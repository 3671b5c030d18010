import { Controller, Get, Param, Query } from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { READING_ROLES } from '@attest/contracts';
import { ApiOkResponse, ApiTags, type Page, pageOf } from '@attest/http';
import { AchievementQueries, type AchievementSummary } from '../application/queries.js';
import { AchievementUnknownError } from '../domain/achievement.errors.js';
import { AchievementDto, AchievementSummaryDto } from './achievement-views.dto.js';
import { AchievementPath, AchievementQuery, ListAchievementsQuery } from './achievements.dto.js';

@ApiTags('achievements')
@Controller('achievements')
export class AchievementsController {
  constructor(
    private readonly access: Access,
    private readonly achievements: AchievementQueries,
  ) {}

  /** Achievements of your organisations. */
  @Get()
  @RequiresRole(...READING_ROLES)
  @ApiOkResponse({ type: pageOf(AchievementSummaryDto) })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: ListAchievementsQuery,
  ): Promise<Page<AchievementSummary>> {
    const scope = await this.access.scope(caller, READING_ROLES);
    return this.achievements.list(scope, {
      ...query,
      open: query.open === undefined ? undefined : query.open === 'true',
    });
  }

  /** One achievement: what it was made from, every step, and every figure it ever had. */
  @Get(':service/:date/:organisation')
  @RequiresRole(...READING_ROLES)
  @ApiOkResponse({ type: AchievementDto })
  async one(
    @CurrentCaller() caller: Caller,
    @Param() path: AchievementPath,
    @Query() query: AchievementQuery,
  ): Promise<AchievementDto> {
    const unknown = (): AchievementUnknownError =>
      new AchievementUnknownError(path.service, path.date, path.organisation);
    await this.access.require(caller, READING_ROLES, path.organisation, unknown);
    const identity = {
      serviceCode: path.service,
      achievementDate: path.date,
      organisationCode: path.organisation,
    };
    const summary = await this.achievements.find(identity);
    if (!summary) throw unknown();
    const wanted = query.figureRevision ?? summary.figureRevision;
    const figure = (await this.achievements.revision(identity, wanted)) ?? null;
    if (figure === null && query.figureRevision !== undefined) throw unknown();
    return { ...summary, figure, history: await this.achievements.history(identity) };
  }
}
