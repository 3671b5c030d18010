import { COMMISSIONER_ROLES } from '@attest/contracts';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { refuseReason } from '@attest/errors';
import { ApiIfMatch, ApiOkResponse, ApiResponse, ApiTags, Idempotent, IfMatch, setEtag } from '@attest/http';
import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DeclareAchievements, type DeclareRequest } from '../../application/signing/declare-achievements.js';
import { MoveDeclaration } from '../../application/core/move-declaration.js';
import { DeclarationRefusedError } from '../../domain/core/declaration.errors.js';
import { BulkDeclareDto, DeclareDto, ReasonDto, UndeclareDto } from '../core/declaration.dto.js';
import {
  BulkDeclareResultView,
  BulkDeclareView,
  DeclarationView,
  viewOf,
} from '../looking/declaration.view.js';
import { declareItemsOf } from './declare-items.js';

/** What people do to declarations; signing is commissioner-approval's. */
@ApiTags('declarations')
@Controller('declarations')
export class DeclarationMovesController {
  constructor(
    private readonly declareAchievements: DeclareAchievements,
    private readonly moves: MoveDeclaration,
  ) {}

  /** Declares up to 500 in one transaction; each item has its own result, unless it is all or nothing. */
  @Post('bulk-declare')
  @HttpCode(207)
  @Idempotent()
  @RequiresRole('DECLARATION_MANAGEMENT')
  @ApiResponse({ status: 207, type: BulkDeclareView })
  async bulkDeclare(@CurrentCaller() caller: Caller, @Body() body: BulkDeclareDto): Promise<BulkDeclareView> {
    const items = declareItemsOf(body.items);
    const request = requestOf(caller, body);
    const results = body.allOrNothing
      ? await this.declareAchievements.together(request, items)
      : await this.declareAchievements.each(request, items);
    const declared = results.filter((result) => result.code === 'DECLARED').length;
    return { declared, refused: results.length - declared, items: results };
  }

  @Post(':declarationId/declare')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole('DECLARATION_MANAGEMENT')
  @ApiIfMatch()
  @ApiOkResponse({ type: BulkDeclareResultView })
  async declare(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @IfMatch() revision: bigint,
    @Body() body: DeclareDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BulkDeclareResultView> {
    const result = await this.declareAchievements.one(requestOf(caller, body), {
      declarationId: declarationId.toLowerCase(),
      revision: Number(revision),
    });
    if (result.code !== 'DECLARED') throw new DeclarationRefusedError(result.code, { declarationId });
    setEtag(reply, result.revision!);
    return result;
  }

  @Post(':declarationId/undeclare')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole('DECLARATION_MANAGEMENT')
  @ApiIfMatch()
  @ApiOkResponse({ type: DeclarationView })
  async undeclare(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @IfMatch() revision: bigint,
    @Body() body: UndeclareDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeclarationView> {
    const moved = await this.moves.undeclare(
      caller.personId,
      declarationId.toLowerCase(),
      Number(revision),
      body.reason === undefined ? null : refuseReason(body.reason),
    );
    setEtag(reply, moved.revision);
    return viewOf(moved, null);
  }

  /** Ends it without payment. */
  @Post(':declarationId/lapse')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole(...COMMISSIONER_ROLES)
  @ApiIfMatch()
  @ApiOkResponse({ type: DeclarationView })
  async lapse(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @IfMatch() revision: bigint,
    @Body() body: ReasonDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeclarationView> {
    const reason = refuseReason(body.reason);
    const moved = await this.moves.lapse(
      caller.personId,
      declarationId.toLowerCase(),
      Number(revision),
      reason,
    );
    setEtag(reply, moved.revision);
    return viewOf(moved, null);
  }
}

const requestOf = (caller: Caller, body: DeclareDto): DeclareRequest => ({
  personId: caller.personId,
  lateReason: body.lateReason === undefined ? null : refuseReason(body.lateReason),
  onBehalfReason: body.onBehalfReason === undefined ? null : refuseReason(body.onBehalfReason),
});
