import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { refuseReason } from '@attest/errors';
import { Idempotent } from '@attest/http';
import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { COMMISSIONER_ROLES } from '../application/move-declaration.js';
import { SettleOutside } from '../application/settle-outside.js';
import { NothingDto, ReasonDto, SettleOutsideDto } from './declaration.dto.js';
import { DeclarationView, OutsideSettlementView, viewOf } from './declaration.view.js';

/** An adjustment that was settled outside: said by two people of its commissioner. */
@ApiTags('adjustments')
@Controller('declarations/:declarationId/settle-outside')
@RequiresRole(...COMMISSIONER_ROLES, 'FINANCE_MANAGEMENT')
export class OutsideSettlementsController {
  constructor(private readonly settlements: SettleOutside) {}

  @Post()
  @Idempotent()
  @ApiCreatedResponse({ type: OutsideSettlementView })
  propose(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Body() body: SettleOutsideDto,
  ): Promise<OutsideSettlementView> {
    return this.settlements.propose(caller.personId, declarationId.toLowerCase(), refuseReason(body.note));
  }

  /** By another person than the one who proposed it; what it owes then counts as settled. */
  @Post(':settlementId/confirm')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: DeclarationView })
  async confirm(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Param('settlementId', ParseUUIDPipe) settlementId: string,
    @Body() _: NothingDto,
  ): Promise<DeclarationView> {
    const settled = await this.settlements.confirm(
      caller.personId,
      declarationId.toLowerCase(),
      settlementId.toLowerCase(),
    );
    return viewOf(settled, null);
  }

  /** It was proposed wrongly: another one may be proposed. */
  @Post(':settlementId/withdraw')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: DeclarationView })
  async withdraw(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Param('settlementId', ParseUUIDPipe) settlementId: string,
    @Body() body: ReasonDto,
  ): Promise<DeclarationView> {
    const withdrawn = await this.settlements.withdraw(
      caller.personId,
      declarationId.toLowerCase(),
      settlementId.toLowerCase(),
      refuseReason(body.reason),
    );
    return viewOf(withdrawn, null);
  }
}
