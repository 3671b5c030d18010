import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { ROLES, type Role } from '@attest/contracts';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  Idempotent,
} from '@attest/http';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { Queries, type Agency } from '../application/ports.js';
import { PublishAgency } from '../application/publish-agency.js';
import { PublishedAgencyDto } from './catalogue-views.dto.js';
import { AgencyDto } from './catalogue.dto.js';

@ApiTags('payment agencies')
@ApiBearerAuth()
@Controller('agencies')
export class AgenciesController {
  constructor(
    private readonly publishAgency: PublishAgency,
    private readonly queries: Queries,
  ) {}

  @Post()
  @Idempotent()
  @RequiresRole('COMMISSIONING_MANAGEMENT', 'NATIONAL_OPERATOR')
  @ApiOperation({ summary: 'Publish a payment agency; the same again changes nothing' })
  @ApiCreatedResponse({ type: PublishedAgencyDto })
  publish(@CurrentCaller() caller: Caller, @Body() body: AgencyDto): Promise<Agency> {
    const { agencyCode, name, adapter, label } = body;
    return this.publishAgency.run(caller, { agencyCode, name, adapter, label });
  }

  @Get()
  @RequiresRole(...([...ROLES] as [Role, ...Role[]]))
  @ApiOperation({ summary: 'Agencies there are: a handful' })
  @ApiOkResponse({ type: PublishedAgencyDto, isArray: true })
  list(): Promise<Agency[]> {
    return this.queries.agencies();
  }
}
