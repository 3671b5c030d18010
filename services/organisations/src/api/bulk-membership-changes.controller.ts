import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags, Idempotent } from '@attest/http';
import { Body, Controller, Post } from '@nestjs/common';
import { ChangeMembership, type ChangeResult } from '../application/change-membership.js';
import { BulkMembershipChangesDto } from './organisation.dto.js';
import { MembershipsChangedDto, type ChangeResultDto } from './organisation-views.dto.js';
import { requestedOf } from './requested-change.js';

@ApiTags('PCN memberships')
@ApiBearerAuth()
@RequiresRole('ORGANISATION_ADMINISTRATION')
@Controller('bulk-membership-changes')
export class BulkMembershipChangesController {
  constructor(private readonly changeMembership: ChangeMembership) {}

  @Post()
  @Idempotent()
  @ApiOperation({
    summary: 'Many practices change their PCN: a reorganisation',
    description:
      'In one transaction. Each change is taken or refused by itself, with a code and what to do next; each PCN gets one new version with everything that moved.',
  })
  @ApiCreatedResponse({ type: MembershipsChangedDto })
  async change(
    @CurrentCaller() caller: Caller,
    @Body() body: BulkMembershipChangesDto,
  ): Promise<MembershipsChangedDto> {
    const { results, pcns } = await this.changeMembership.all(
      caller,
      body.reason,
      body.changes.map(requestedOf),
    );
    const refused = results.filter((result) => 'refused' in result).length;
    return { changed: results.length - refused, refused, results: results.map(viewOf), pcns };
  }
}

function viewOf(result: ChangeResult): ChangeResultDto {
  const { practiceCode } = result;
  return 'refused' in result
    ? { practiceCode, code: result.refused.code, changeId: null, words: result.refused.detail }
    : { practiceCode, code: 'CHANGED', changeId: result.changeId, words: 'Recorded; its PCNs are told.' };
}
