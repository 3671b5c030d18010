import { COMMISSIONER_ROLES, READING_ROLES } from '@attest/contracts';
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { refuseReason } from '@attest/errors';
import {
  ApiCreatedResponse,
  ApiIfMatch,
  ApiOkResponse,
  ApiTags,
  Idempotent,
  IfMatch,
  type Page,
  pageOf,
  setEtag,
} from '@attest/http';
import type { FastifyReply } from 'fastify';
import { AskAmendment } from '../application/ask-amendment.js';
import { DecideAmendment, type AmendmentMove } from '../application/decide-amendment.js';
import { LookAtAmendments } from '../application/look-at-amendments.js';
import type { Amendment } from '../application/amendment-ports.js';
import {
  AmendmentOptionalReasonDto,
  AmendmentReasonDto,
  AskAmendmentDto,
  ListAmendmentsQuery,
} from './amendment-requests.dto.js';
import {
  amendmentDetailView,
  AmendmentDetailView,
  amendmentView,
  AmendmentView,
} from './amendment-requests.view.js';

/** A provider asks for corrected values, the commissioner sees old and new and decides. */
@ApiTags('amendment requests')
@Controller('amendment-requests')
export class AmendmentRequestsController {
  constructor(
    private readonly ask: AskAmendment,
    private readonly decide: DecideAmendment,
    private readonly look: LookAtAmendments,
  ) {}

  /** Asks for other values on the page that counts. Nothing changes until the commissioner accepts. */
  @Post()
  @Idempotent()
  @RequiresRole('DECLARATION_MANAGEMENT')
  @ApiCreatedResponse({ type: AmendmentView })
  async request(
    @CurrentCaller() caller: Caller,
    @Body() body: AskAmendmentDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AmendmentView> {
    return answered(await this.ask.run(caller, { ...body, reason: body.reason }), reply);
  }

  /** Within the caller's organisations, newest first. */
  @Get()
  @RequiresRole(...READING_ROLES)
  @ApiOkResponse({ type: pageOf(AmendmentView) })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: ListAmendmentsQuery,
  ): Promise<Page<AmendmentView>> {
    const { items, nextCursor } = await this.look.list(caller, query);
    return { items: items.map(amendmentView), nextCursor };
  }

  /** Old and new side by side, in values and pounds, with everything that happened to the request. */
  @Get(':amendmentId')
  @RequiresRole(...READING_ROLES)
  @ApiOkResponse({ type: AmendmentDetailView })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('amendmentId', ParseUUIDPipe) amendmentId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AmendmentDetailView> {
    const { amendment, steps } = await this.look.one(caller, amendmentId);
    setEtag(reply, amendment.amendmentVersion);
    return amendmentDetailView(amendment, steps);
  }

  /** Makes the new values the page. Declarations that rest on it reopen, or are adjusted when they were paid. */
  @Post(':amendmentId/accept')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole(...COMMISSIONER_ROLES)
  @ApiIfMatch()
  @ApiOkResponse({ type: AmendmentView })
  async accept(
    @CurrentCaller() caller: Caller,
    @Param('amendmentId', ParseUUIDPipe) amendmentId: string,
    @IfMatch() version: bigint,
    @Body() { reason }: AmendmentOptionalReasonDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AmendmentView> {
    const move = moveOf(caller, amendmentId, version, reason === undefined ? null : refuseReason(reason));
    return answered(await this.decide.accept(move), reply);
  }

  @Post(':amendmentId/refuse')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole(...COMMISSIONER_ROLES)
  @ApiIfMatch()
  @ApiOkResponse({ type: AmendmentView })
  async refuse(
    @CurrentCaller() caller: Caller,
    @Param('amendmentId', ParseUUIDPipe) amendmentId: string,
    @IfMatch() version: bigint,
    @Body() { reason }: AmendmentReasonDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AmendmentView> {
    return answered(
      await this.decide.refuse(moveOf(caller, amendmentId, version, refuseReason(reason))),
      reply,
    );
  }

  /** By the provider, while nobody has decided. */
  @Post(':amendmentId/withdraw')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole('DECLARATION_MANAGEMENT')
  @ApiIfMatch()
  @ApiOkResponse({ type: AmendmentView })
  async withdraw(
    @CurrentCaller() caller: Caller,
    @Param('amendmentId', ParseUUIDPipe) amendmentId: string,
    @IfMatch() version: bigint,
    @Body() { reason }: AmendmentOptionalReasonDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AmendmentView> {
    const move = moveOf(caller, amendmentId, version, reason === undefined ? null : refuseReason(reason));
    return answered(await this.decide.withdraw(move), reply);
  }
}

const moveOf = (
  caller: Caller,
  amendmentId: string,
  amendmentVersion: bigint,
  reason: string | null,
): AmendmentMove => ({ caller, amendmentId: amendmentId.toLowerCase(), amendmentVersion, reason });

function answered(amendment: Amendment, reply: FastifyReply): AmendmentView {
  setEtag(reply, amendment.amendmentVersion);
  return amendmentView(amendment);
}
