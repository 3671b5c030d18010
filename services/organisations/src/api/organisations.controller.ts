import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { BusinessClock, parseLondonDate } from '@attest/calendar';
import { ROLES, type Role } from '@attest/contracts';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  type Page,
  cursorValues,
  pageOf,
  toPage,
} from '@attest/http';
import { Controller, Get, Param, Query } from '@nestjs/common';
import type { Published } from '../application/ports.js';
import { Queries } from '../application/queries.js';
import {
  OrganisationUnknownError,
  PcnUnknownError,
  PracticeUnknownError,
} from '../domain/organisations.errors.js';
import { MembersQuery, OrganisationQuery } from './organisation.dto.js';
import { MemberDto, OrganisationDto, SpellDto } from './organisation-views.dto.js';

const ANY: readonly [Role, ...Role[]] = [...ROLES] as [Role, ...Role[]];

@ApiTags('organisations')
@ApiBearerAuth()
@RequiresRole(...ANY)
@Controller()
export class OrganisationsController {
  constructor(
    private readonly access: Access,
    private readonly clock: BusinessClock,
    private readonly queries: Queries,
  ) {}

  @Get('organisations')
  @ApiOperation({ summary: 'Organisations that you hold a role for, and those below them' })
  @ApiOkResponse({ type: pageOf(OrganisationDto) })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: OrganisationQuery,
  ): Promise<Page<OrganisationDto>> {
    const scope = await this.access.scope(caller, ANY);
    const after = cursorValues(query.cursor, 'name');
    const found = await this.queries.organisations(scope, query, { after, limit: query.limit + 1 });
    return toPage(found, query.limit, (o) => [o.organisation.code], organisationDto);
  }

  @Get('organisations/:code')
  @ApiOperation({ summary: 'One organisation' })
  @ApiOkResponse({ type: OrganisationDto })
  async one(@CurrentCaller() caller: Caller, @Param('code') code: string): Promise<OrganisationDto> {
    const found = await this.inside(caller, code);
    if (!found) throw new OrganisationUnknownError(code);
    return organisationDto(found);
  }

  @Get('pcns/:code/members')
  @ApiOperation({ summary: 'Which practices make up a PCN on a date' })
  @ApiOkResponse({ type: pageOf(MemberDto) })
  async members(
    @CurrentCaller() caller: Caller,
    @Param('code') code: string,
    @Query() query: MembersQuery,
  ): Promise<Page<MemberDto>> {
    const pcn = await this.inside(caller, code);
    if (pcn?.organisation.kind !== 'pcn') throw new PcnUnknownError(code);
    const asAt = query.asAt === undefined ? this.clock.today() : parseLondonDate(query.asAt);
    const after = cursorValues(query.cursor, 'name');
    const members = await this.queries.members(code, asAt, { after, limit: query.limit + 1 });
    return toPage(
      members,
      query.limit,
      (m) => [m.practiceCode],
      (m) => m,
    );
  }

  @Get('practices/:code/memberships')
  @ApiOperation({ summary: 'The PCNs of a practice, from when to when' })
  @ApiOkResponse({ type: SpellDto, isArray: true })
  async memberships(
    @CurrentCaller() caller: Caller,
    @Param('code') code: string,
  ): Promise<readonly SpellDto[]> {
    const practice = await this.inside(caller, code);
    if (practice?.organisation.kind !== 'practice') throw new PracticeUnknownError(code);
    return this.queries.memberships(code);
  }

  /** Who holds no role there is not told whether it exists. */
  private async inside(caller: Caller, code: string): Promise<Published | null> {
    const scope = await this.access.scope(caller, ANY);
    return (await this.queries.isInside(scope, code)) ? this.queries.organisation(code) : null;
  }
}

const organisationDto = ({ organisation, version }: Published): OrganisationDto => ({
  ...organisation,
  organisationVersion: Number(version),
});
