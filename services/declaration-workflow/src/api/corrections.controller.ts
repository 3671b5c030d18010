import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { APPROVAL_ROLES } from '@attest/contracts';
import { refuseReason } from '@attest/errors';
import { Idempotent } from '@attest/http';
import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CorrectDeclaration } from '../application/correct-declaration.js';
import { NothingDto, ProposeCorrectionDto, ReasonDto } from './declaration.dto.js';
import { CorrectionView, DeclarationView, viewOf } from './declaration.view.js';

/** After the agency rejected a line: payee or account are put right by two people of the commissioner. */
@ApiTags('corrections')
@Controller('declarations/:declarationId/corrections')
@RequiresRole('COMMISSIONING_MANAGEMENT', ...APPROVAL_ROLES, 'FINANCE_MANAGEMENT')
export class CorrectionsController {
  constructor(private readonly corrections: CorrectDeclaration) {}

  @Post()
  @Idempotent()
  @ApiCreatedResponse({ type: CorrectionView })
  propose(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Body() body: ProposeCorrectionDto,
  ): Promise<CorrectionView> {
    return this.corrections.propose(
      caller.personId,
      declarationId.toLowerCase(),
      body.what ?? 'account',
      refuseReason(body.reason),
    );
  }

  /** By another person than the one who proposed it; the next attempt may then be paid. */
  @Post(':correctionId/confirm')
  @HttpCode(200)
  @Idempotent()
  @ApiOkResponse({ type: DeclarationView })
  async confirm(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Param('correctionId', ParseUUIDPipe) correctionId: string,
    @Body() _: NothingDto,
  ): Promise<DeclarationView> {
    const corrected = await this.corrections.confirm(
      caller.personId,
      declarationId.toLowerCase(),
      correctionId.toLowerCase(),
    );
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
