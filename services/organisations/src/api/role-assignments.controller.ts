import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { parseLondonDate } from '@attest/calendar';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  Idempotent,
  type Page,
  cursorValues,
  pageOf,
  toPage,
} from '@attest/http';
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { AssignRole, ROLE_ADMINISTRATION } from '../application/assign-role.js';
import { Queries } from '../application/queries.js';
import type { RoleAssignment } from '../application/role-store.js';
import { EndRoleDto, RoleAssignmentDto, RoleQuery } from './organisation.dto.js';
import { AssignmentDto, ListedAssignmentDto } from './organisation-views.dto.js';

@ApiTags('role assignments')
@ApiBearerAuth()
@RequiresRole('ORGANISATION_ADMINISTRATION', 'NATIONAL_OPERATOR')
@Controller('role-assignments')
export class RoleAssignmentsController {
  constructor(
    private readonly access: Access,
    private readonly assignRole: AssignRole,
    private readonly queries: Queries,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who may do what in the organisations that you administer' })
  @ApiOkResponse({ type: pageOf(ListedAssignmentDto) })
  async list(@CurrentCaller() caller: Caller, @Query() query: RoleQuery): Promise<Page<ListedAssignmentDto>> {
    const scope = await this.access.scope(caller, ROLE_ADMINISTRATION);
    const after = cursorValues(query.cursor, 'name', 'text', 'name');
    const found = await this.queries.assignments(scope, query, { after, limit: query.limit + 1 });
    return toPage(
      found,
      query.limit,
      (a) => [a.organisationCode, a.personId, a.role],
      (a) => ({ ...assignmentDto(a), personName: a.personName, recordedAt: a.recordedAt }),
    );
  }

  @Post()
  @Idempotent()
  @ApiOperation({ summary: 'Let a person act for an organisation; assigning again corrects the dates' })
  @ApiCreatedResponse({ type: AssignmentDto })
  async assign(@CurrentCaller() caller: Caller, @Body() body: RoleAssignmentDto): Promise<AssignmentDto> {
    const assignment = await this.assignRole.assign(caller, {
      personId: body.personId,
      personName: body.name ?? null,
      role: body.role,
      organisationCode: body.organisationCode,
      validFrom: parseLondonDate(body.from),
      validTo: body.to === undefined || body.to === null ? null : parseLondonDate(body.to),
    });
    return assignmentDto(assignment);
  }

  @Post(':assignmentId/end')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'End an assignment; nobody is ever deleted' })
  @ApiOkResponse({ type: AssignmentDto })
  async end(
    @CurrentCaller() caller: Caller,
    @Param('assignmentId', ParseUUIDPipe) assignmentId: string,
    @Body() body: EndRoleDto,
  ): Promise<AssignmentDto> {
    return assignmentDto(await this.assignRole.end(caller, assignmentId, parseLondonDate(body.on)));
  }
}

const assignmentDto = (a: RoleAssignment): AssignmentDto => ({
  assignmentId: a.assignmentId,
  personId: a.personId,
  role: a.role,
  organisationCode: a.organisationCode,
  from: a.validFrom,
  to: a.validTo,
  assignmentVersion: Number(a.version),
});
