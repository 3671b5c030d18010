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
import { DECIDING_ROLES } from '../../application/signing/decide-by-two.js';
import { CorrectDeclaration } from '../../application/signing/correct-declaration.js';
import { ProposeCorrectionDto, ReasonDto } from '../core/declaration.dto.js';
import { CorrectionView, DeclarationView, viewOf } from '../looking/declaration.view.js';

/** After the agency rejected a line: payee or account are put right by two people of the commissioner. */
@ApiTags('corrections')
@Controller('declarations/:declarationId/corrections')
@RequiresRole(...DECIDING_ROLES)
export class CorrectionsController {
  constructor(private readonly corrections: CorrectDeclaration) {}

  /** Waits for a second person. The answer's ETag is the declaration's with this proposal. */
  @Post()
  @Idempotent()
  @ApiIfMatch()
  @ApiCreatedResponse({ type: CorrectionView })
  async propose(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @IfMatch() revision: bigint,
    @Body() body: ProposeCorrectionDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CorrectionView> {
    const proposed = await this.corrections.propose(
      caller.personId,
      declarationId.toLowerCase(),
      Number(revision),
      body.what ?? 'account',
      refuseReason(body.reason),
    );
    setEtag(reply, proposed.revision);
    return proposed.proposal;
  }

  /** By another person than the one who proposed it; the next attempt may then be paid. */
  @Post(':correctionId/confirm')
  @HttpCode(200)
  @Idempotent()
  @ApiIfMatch()
  @ApiOkResponse({ type: DeclarationView })
  async confirm(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Param('correctionId', ParseUUIDPipe) correctionId: string,
    @IfMatch() revision: bigint,
    @Body() _: NothingDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeclarationView> {
    const corrected = await this.corrections.confirm(
      caller.personId,
      declarationId.toLowerCase(),
      Number(revision),
      correctionId.toLowerCase(),
    );
    setEtag(reply, corrected.revision);
    return viewOf(corrected, null);
  }

  /** It was proposed wrongly: another one may be proposed. */
  @Post(':correctionId/withdraw')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: DeclarationView })
  async withdraw(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Param('correctionId', ParseUUIDPipe) correctionId: string,
    @Body() body: ReasonDto,
  ): Promise<DeclarationView> {
    const withdrawn = await this.corrections.withdraw(
      caller.personId,
      declarationId.toLowerCase(),
      correctionId.toLowerCase(),
      refuseReason(body.reason),
    );
    return viewOf(withdrawn, null);
  }
}
