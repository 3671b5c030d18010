import { COMMISSIONER_ROLES } from '@attest/contracts';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { refuseReason } from '@attest/errors';
import { ApiIfMatch, ApiOkResponse, ApiResponse, ApiTags, Idempotent, IfMatch, setEtag } from '@attest/http';
import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AdmitLate } from '../../application/periods/admit-late.js';
import { DeclarationRefusedError } from '../../domain/core/declaration.errors.js';
import { declareItemsOf } from '../signing/declare-items.js';
import { BulkAdmitLateDto, ReasonDto } from '../core/declaration.dto.js';
import { AdmitLateResultView, BulkAdmitLateView } from '../looking/declaration.view.js';

/** The late queue is `GET declarations?lateQueue=true`; here a commissioner admits from it. */
@ApiTags('late declarations')
@Controller('declarations')
@RequiresRole(...COMMISSIONER_ROLES)
export class LateController {
  constructor(private readonly late: AdmitLate) {}

  /** Admits up to 500 in one transaction; each item has its own result. */
  @Post('bulk-admit-late')
  @HttpCode(207)
  @Idempotent()
  @ApiResponse({ status: 207, type: BulkAdmitLateView })
  async bulk(@CurrentCaller() caller: Caller, @Body() body: BulkAdmitLateDto): Promise<BulkAdmitLateView> {
    const reason = refuseReason(body.reason);
    const results = await this.late.each(caller.personId, reason, declareItemsOf(body.items));
    const admitted = results.filter((result) => result.code === 'ADMITTED').length;
    return { admitted, refused: results.length - admitted, items: results };
  }

  @Post(':declarationId/admit-late')
  @HttpCode(200)
  @Idempotent()
  @ApiIfMatch()
  @ApiOkResponse({ type: AdmitLateResultView })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @IfMatch() revision: bigint,
    @Body() body: ReasonDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AdmitLateResultView> {
    const result = await this.late.one(caller.personId, refuseReason(body.reason), {
      declarationId: declarationId.toLowerCase(),
      revision: Number(revision),
    });
    if (result.code !== 'ADMITTED') throw new DeclarationRefusedError(result.code, { declarationId });
    setEtag(reply, result.revision!);
    return result;
  }
}
