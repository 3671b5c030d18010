import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { refuseReason } from '@attest/errors';
import {
  ApiCreatedResponse,
  ApiIfMatch,
  ApiOkResponse,
  ApiTags,
  Idempotent,
  IfMatch,
  NothingDto,
  setEtag,
} from '@attest/http';
import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { SettleOutside } from '../../application/signing/settle-outside.js';
import { DECIDING_ROLES } from '../../application/signing/decide-by-two.js';
import { ReasonDto, SettleOutsideDto } from '../core/declaration.dto.js';
import { DeclarationView, OutsideSettlementView, viewOf } from '../looking/declaration.view.js';

/** An adjustment that was settled outside: said by two people of its commissioner. */
@ApiTags('adjustments')
@Controller('declarations/:declarationId/settle-outside')
@RequiresRole(...DECIDING_ROLES)
export class OutsideSettlementsController {
  constructor(private readonly settlements: SettleOutside) {}

  /** Waits for a second person. The answer's ETag is the declaration's with this proposal. */
  @Post()
  @Idempotent()
  @ApiIfMatch()
  @ApiCreatedResponse({ type: OutsideSettlementView })
  async propose(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @IfMatch() revision: bigint,
    @Body() body: SettleOutsideDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OutsideSettlementView> {
    const proposed = await this.settlements.propose(
      caller.personId,
      declarationId.toLowerCase(),
      Number(revision),
      refuseReason(body.note),
    );
    setEtag(reply, proposed.revision);
    return proposed.proposal;
  }

  /** By another person than the one who proposed it; what it owes then counts as settled. */
  @Post(':settlementId/confirm')
  @HttpCode(200)
  @Idempotent()
  @ApiIfMatch()
  @ApiOkResponse({ type: DeclarationView })
  async confirm(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Param('settlementId', ParseUUIDPipe) settlementId: string,
    @IfMatch() revision: bigint,
    @Body() _: NothingDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeclarationView> {
    const settled = await this.settlements.confirm(
      caller.personId,
      declarationId.toLowerCase(),
      Number(revision),
      settlementId.toLowerCase(),
    );
    setEtag(reply, settled.revision);
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
