import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags, Idempotent } from '@attest/http';
import { Body, Controller, Post } from '@nestjs/common';
import { ChangeMembership } from '../application/change-membership.js';
import { MembershipChangeDto } from './organisation.dto.js';
import { MembershipChangedDto } from './organisation-views.dto.js';
import { requestedOf } from './requested-change.js';

@ApiTags('PCN memberships')
@ApiBearerAuth()
@RequiresRole('ORGANISATION_ADMINISTRATION')
@Controller('pcn-membership-changes')
export class PcnMembershipChangesController {
  constructor(private readonly changeMembership: ChangeMembership) {}

  @Post()
  @Idempotent()
  @ApiOperation({ summary: 'A practice leaves its PCN, joins one, or both, from a date on' })
  @ApiCreatedResponse({ type: MembershipChangedDto })
  change(@CurrentCaller() caller: Caller, @Body() body: MembershipChangeDto): Promise<MembershipChangedDto> {
    return this.changeMembership.run(caller, { ...requestedOf(body), reason: body.reason });
  }
}
