import { READING_ROLES } from '@attest/contracts';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import type { LondonDate } from '@attest/calendar';
import { refuseReason } from '@attest/errors';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiTags,
  cursorValue,
  Idempotent,
  type Page,
  pageOf,
  toPage,
} from '@attest/http';
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { FreezePeriod, FREEZING_ROLES } from '../../application/periods/freeze-period.js';
import { LookAtFreezes } from '../../application/periods/look-at-freezes.js';
import { ReasonDto } from '../core/declaration.dto.js';
import { DeclarationView, listViewOf } from '../looking/declaration.view.js';
import { FreezeDto, FrozenDeclarationsDto, ListFreezesDto, ThawDto } from './freeze.dto.js';
import { freezeViewOf, FreezeView } from './freeze.view.js';

/** Stops declaring, signing and paying of a service and achievement date until it is thawed. */
@ApiTags('freezes')
@Controller('freezes')
export class FreezesController {
  constructor(
    private readonly periods: FreezePeriod,
    private readonly look: LookAtFreezes,
  ) {}

  @Post()
  @Idempotent()
  @RequiresRole(...FREEZING_ROLES)
  @ApiCreatedResponse({ type: FreezeView })
  async freeze(@CurrentCaller() caller: Caller, @Body() body: FreezeDto): Promise<FreezeView> {
    const { serviceCode, achievementDate, commissionerCode = null } = body;
    const reason = refuseReason(body.reason);
    return freezeViewOf(
      await this.periods.freeze(caller, {
        serviceCode,
        achievementDate: achievementDate as LondonDate,
        commissionerCode,
        reason,
      }),
    );
  }

  /** Takes back every signature before confirm, in the background; the freeze says how far it is. */
  @Post(':freezeId/revert-approvals')
  @HttpCode(202)
  @Idempotent()
  @RequiresRole(...FREEZING_ROLES)
  @ApiAcceptedResponse({ type: FreezeView })
  async revertApprovals(
    @CurrentCaller() caller: Caller,
    @Param('freezeId', ParseUUIDPipe) freezeId: string,
    @Body() body: ReasonDto,
  ): Promise<FreezeView> {
    const reason = refuseReason(body.reason);
    return freezeViewOf(await this.periods.revertApprovals(caller, freezeId.toLowerCase(), reason));
  }

  /** Declaring, signing and paying go on; new dates hold for what it reached. */
  @Post(':freezeId/thaw')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole(...FREEZING_ROLES)
  @ApiOkResponse({ type: FreezeView })
  async thaw(
    @CurrentCaller() caller: Caller,
    @Param('freezeId', ParseUUIDPipe) freezeId: string,
    @Body() body: ThawDto,
  ): Promise<FreezeView> {
    return freezeViewOf(
      await this.periods.thaw(caller, freezeId.toLowerCase(), {
        providerDeadlineOn: (body.providerDeadlineOn ?? null) as LondonDate | null,
        cutOffAt: body.cutOffAt === undefined ? null : new Date(body.cutOffAt),
      }),
    );
  }

  @Get()
  @RequiresRole(...READING_ROLES)
  @ApiOkResponse({ type: pageOf(FreezeView) })
  async list(@CurrentCaller() caller: Caller, @Query() query: ListFreezesDto): Promise<Page<FreezeView>> {
    const { cursor, limit, standing, ...filter } = query;
    const found = await this.look.list(caller, {
      ...filter,
      standing: standing === undefined ? undefined : standing === 'true',
      after: cursorValue(cursor, 'uuid'),
      limit: limit + 1,
    });
    return toPage(found, limit, (freeze) => [freeze.freezeId], freezeViewOf);
  }

  @Get(':freezeId')
  @RequiresRole(...READING_ROLES)
  @ApiOkResponse({ type: FreezeView })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('freezeId', ParseUUIDPipe) freezeId: string,
  ): Promise<FreezeView> {
    return freezeViewOf(await this.look.one(caller, freezeId.toLowerCase()));
  }

  /** What it reaches, adjustments too: what was sent before is followed here to its end. */
  @Get(':freezeId/declarations')
  @RequiresRole(...READING_ROLES)
  @ApiOkResponse({ type: pageOf(DeclarationView) })
  async declarations(
    @CurrentCaller() caller: Caller,
    @Param('freezeId', ParseUUIDPipe) freezeId: string,
    @Query() query: FrozenDeclarationsDto,
  ): Promise<Page<DeclarationView>> {
    const { cursor, limit, ...filter } = query;
    const found = await this.look.reached(caller, freezeId.toLowerCase(), {
      ...filter,
      after: cursorValue(cursor, 'uuid'),
      limit: limit + 1,
    });
    return toPage(found, limit, ({ declaration }) => [declaration.declarationId], listViewOf);
  }
}
