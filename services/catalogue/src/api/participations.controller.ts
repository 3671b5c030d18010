import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { parseLondonDate, type LondonDate } from '@attest/calendar';
import { ROLES, type Role } from '@attest/contracts';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  Idempotent,
  type Page,
  cursorValues,
  pageOf,
  toPage,
} from '@attest/http';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { EndParticipations } from '../application/end-participations.js';
import type { BulkResult } from '../application/item-results.js';
import { MakeOffer } from '../application/make-offer.js';
import { Queries } from '../application/ports.js';
import { RespondToOffers } from '../application/respond-to-offers.js';
import { BulkResultDto, ParticipationDto } from './catalogue-views.dto.js';
import { EndDto, OfferDto, ParticipationQuery, ResponsesDto } from './catalogue.dto.js';

const ANY: readonly [Role, ...Role[]] = [...ROLES] as [Role, ...Role[]];

@ApiTags('offers and participations')
@ApiBearerAuth()
@Controller()
export class ParticipationsController {
  constructor(
    private readonly access: Access,
    private readonly makeOffer: MakeOffer,
    private readonly respondToOffers: RespondToOffers,
    private readonly endParticipations: EndParticipations,
    private readonly queries: Queries,
  ) {}

  @Post('offers')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole('COMMISSIONING_MANAGEMENT', 'NATIONAL_OPERATOR')
  @ApiOperation({ summary: 'Offer a service to providers that you commission, each with its own result' })
  @ApiOkResponse({ type: BulkResultDto })
  offer(@CurrentCaller() caller: Caller, @Body() body: OfferDto): Promise<BulkResult> {
    return this.makeOffer.run(caller, {
      serviceCode: body.serviceCode,
      from: parseLondonDate(body.from),
      to: dateOrNull(body.to),
      respondBy: dateOrNull(body.respondBy),
      providers: body.providers,
    });
  }

  @Post('offers/responses')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole('DECLARATION_MANAGEMENT')
  @ApiOperation({ summary: 'Accept or refuse offers for your own organisations, each with its own result' })
  @ApiOkResponse({ type: BulkResultDto })
  respond(@CurrentCaller() caller: Caller, @Body() body: ResponsesDto): Promise<BulkResult> {
    return this.respondToOffers.run(caller, body.responses);
  }

  @Post('participations/end')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole('COMMISSIONING_MANAGEMENT', 'NATIONAL_OPERATOR')
  @ApiOperation({ summary: 'End participations, or take back offers that nobody answered' })
  @ApiOkResponse({ type: BulkResultDto })
  end(@CurrentCaller() caller: Caller, @Body() body: EndDto): Promise<BulkResult> {
    const { serviceCode, providerCodes, on, reason } = body;
    return this.endParticipations.run(caller, {
      serviceCode,
      providerCodes,
      on: parseLondonDate(on),
      reason,
    });
  }

  @Get('participations')
  @RequiresRole(...ANY)
  @ApiOperation({ summary: 'Who takes part in what, of the organisations that you hold a role for' })
  @ApiOkResponse({ type: pageOf(ParticipationDto) })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: ParticipationQuery,
  ): Promise<Page<ParticipationDto>> {
    const scope = await this.access.scope(caller, ANY);
    const after = cursorValues(query.cursor, 'name', 'name');
    const found = await this.queries.participations(scope, query, { after, limit: query.limit + 1 });
    return toPage(
      found,
      query.limit,
      (p) => [p.serviceCode, p.providerCode],
      ({ version, ...participation }) => ({ ...participation, participationVersion: Number(version) }),
    );
  }
}

const dateOrNull = (text: string | null | undefined): LondonDate | null =>
  text === null || text === undefined ? null : parseLondonDate(text);
