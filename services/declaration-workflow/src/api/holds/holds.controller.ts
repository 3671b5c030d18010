import { COMMISSIONER_ROLES, READING_ROLES } from '@attest/contracts';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import type { LondonDate } from '@attest/calendar';
import { refuseReason } from '@attest/errors';
import {
  ApiCreatedResponse,
  ApiIfMatch,
  ApiOkResponse,
  ApiResponse,
  ApiTags,
  IdempotencyKey,
  Idempotent,
  IfMatch,
  setEtag,
} from '@attest/http';
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LookAtHolds } from '../../application/holds/look-at-holds.js';
import { KeepEarlierFigure } from '../../application/figures/keep-earlier-figure.js';
import { PlaceHold } from '../../application/holds/place-hold.js';
import { ReleaseHolds } from '../../application/holds/release-holds.js';
import { DeclarationView, viewOf } from '../looking/declaration.view.js';
import { BulkReleaseHoldsDto, KeepEarlierFigureDto, PlaceHoldDto, ReleaseHoldDto } from './hold.dto.js';
import { BulkReleaseView, HoldsView, holdViewOf, ReleasedHoldView, releasedViewOf } from './hold.view.js';
import { releaseItemsOf } from './release-items.js';

const COMPARED = 'the ETag that came with the figures you compared, for example "7"';

/** Holds are the commissioner's: placed by hand, compared, released one by one or in bulk. */
@ApiTags('holds')
@Controller('declarations')
export class HoldsController {
  constructor(
    private readonly look: LookAtHolds,
    private readonly place: PlaceHold,
    private readonly earlier: KeepEarlierFigure,
    private readonly releases: ReleaseHolds,
  ) {}

  /** Releases up to 500 holds in one transaction, after their figures were compared; each has its own result. */
  @Post('bulk-release-holds')
  @HttpCode(207)
  @Idempotent()
  @RequiresRole(...COMMISSIONER_ROLES)
  @ApiResponse({ status: 207, type: BulkReleaseView })
  async bulkRelease(
    @CurrentCaller() caller: Caller,
    @Body() body: BulkReleaseHoldsDto,
  ): Promise<BulkReleaseView> {
    const items = await this.releases.each(requestOf(caller, body), releaseItemsOf(body.items));
    const released = items.filter((item) => item.code === 'RELEASED').length;
    return { released, refused: items.length - released, items };
  }

  /** Every hold with who placed it, why, what must happen first and both figures. */
  @Get(':declarationId/holds')
  @RequiresRole(...READING_ROLES)
  @ApiOkResponse({ type: HoldsView })
  async list(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HoldsView> {
    const { revision, holds } = await this.look.of(caller, declarationId.toLowerCase());
    setEtag(reply, revision);
    return { items: holds.map(holdViewOf) };
  }

  /** Holds it by hand. While it is being sent, the hold waits for the end of the run. */
  @Post(':declarationId/holds')
  @Idempotent()
  @RequiresRole(...COMMISSIONER_ROLES)
  @ApiCreatedResponse({ type: DeclarationView })
  async byHand(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @IdempotencyKey() key: string,
    @Body() body: PlaceHoldDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeclarationView> {
    const held = await this.place.byHand(
      caller.personId,
      declarationId.toLowerCase(),
      key,
      refuseReason(body.reason),
      (body.expiresOn ?? null) as LondonDate | null,
    );
    setEtag(reply, held.revision);
    return viewOf(held, null);
  }

  /** Releases one hold of it, after the figures were compared. */
  @Post(':declarationId/holds/:holdId/release')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole(...COMMISSIONER_ROLES)
  @ApiIfMatch(COMPARED)
  @ApiOkResponse({ type: ReleasedHoldView })
  async release(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Param('holdId', ParseUUIDPipe) holdId: string,
    @IfMatch() revision: bigint,
    @Body() body: ReleaseHoldDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReleasedHoldView> {
    const { declaration, figures } = await this.releases.one(requestOf(caller, body), {
      declarationId: declarationId.toLowerCase(),
      holdId: holdId.toLowerCase(),
      revision: Number(revision),
    });
    setEtag(reply, declaration.revision);
    return releasedViewOf(declaration, figures);
  }

  /** A practice joined, and the figure from before is paid: signed, for exactly that membership version. */
  @Post(':declarationId/holds/:holdId/keep-earlier-figure')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole(...COMMISSIONER_ROLES)
  @ApiIfMatch(COMPARED)
  @ApiOkResponse({ type: DeclarationView })
  async keepEarlierFigure(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Param('holdId', ParseUUIDPipe) holdId: string,
    @IfMatch() revision: bigint,
    @Body() body: KeepEarlierFigureDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeclarationView> {
    const kept = await this.earlier.keep(
      caller.personId,
      declarationId.toLowerCase(),
      Number(revision),
      holdId.toLowerCase(),
      body.confirmation === true,
      refuseReason(body.reason),
    );
    setEtag(reply, kept.revision);
    return viewOf(kept, null);
  }
}

const requestOf = (caller: Caller, body: ReleaseHoldDto) => ({
  personId: caller.personId,
  confirmed: body.confirmation === true,
  reason: body.reason === undefined ? null : refuseReason(body.reason),
});
