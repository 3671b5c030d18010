import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { ROLES, type Role } from '@attest/contracts';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  Idempotent,
  type Page,
  PageQuery,
  cursorValues,
  pageOf,
  setEtag,
  toPage,
} from '@attest/http';
import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Queries } from '../application/ports.js';
import { PublishService } from '../application/publish-service.js';
import { ServiceUnknownError } from '../domain/catalogue.errors.js';
import {
  PublicationDto,
  ServiceDto,
  serviceSchema,
  ServiceSummaryDto,
  ServiceVersionDto,
} from './catalogue-views.dto.js';
import { VersionQuery } from './catalogue.dto.js';

const ANY: readonly [Role, ...Role[]] = [...ROLES] as [Role, ...Role[]];

@ApiTags('quality services')
@ApiBearerAuth()
@Controller('quality-services')
export class QualityServicesController {
  constructor(
    private readonly publishService: PublishService,
    private readonly queries: Queries,
  ) {}

  @Post()
  @Idempotent()
  @RequiresRole('COMMISSIONING_MANAGEMENT', 'NATIONAL_OPERATOR')
  @ApiOperation({
    summary: 'Publish a service with its rule pack and calendar, after its worked examples came out',
  })
  @ApiBody({ schema: serviceSchema })
  @ApiCreatedResponse({ type: PublicationDto })
  async publish(@CurrentCaller() caller: Caller, @Body() document: object): Promise<PublicationDto> {
    const { service, version, repeated } = await this.publishService.run(caller, document);
    return {
      serviceCode: service.serviceCode,
      serviceVersion: Number(version),
      rulePackVersion: service.rulePack.version,
      examples: service.rulePack.examples.length,
      repeated,
    };
  }

  @Get()
  @RequiresRole(...ANY)
  @ApiOperation({ summary: 'Services there are; they are public, so everybody with a role sees all' })
  @ApiOkResponse({ type: pageOf(ServiceSummaryDto) })
  async list(@Query() query: PageQuery): Promise<Page<ServiceSummaryDto>> {
    const after = cursorValues(query.cursor, 'name');
    const services = await this.queries.services({ after, limit: query.limit + 1 });
    return toPage(
      services,
      query.limit,
      (service) => [service.serviceCode],
      ({ version, ...service }) => ({ ...service, serviceVersion: Number(version) }),
    );
  }

  @Get(':serviceCode')
  @RequiresRole(...ANY)
  @ApiOperation({ summary: 'One service as it was published, now or in an earlier version' })
  @ApiOkResponse({ type: ServiceDto })
  async one(
    @Param('serviceCode') serviceCode: string,
    @Query() { version }: VersionQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ServiceDto> {
    const found = await this.queries.service(
      serviceCode,
      version === undefined ? undefined : BigInt(version),
    );
    if (!found) throw new ServiceUnknownError(serviceCode);
    setEtag(reply, found.version);
    return { serviceVersion: Number(found.version), service: found.service };
  }

  @Get(':serviceCode/versions')
  @RequiresRole(...ANY)
  @ApiOperation({ summary: 'Its versions, newest first' })
  @ApiOkResponse({ type: ServiceVersionDto, isArray: true })
  async versions(@Param('serviceCode') serviceCode: string): Promise<ServiceVersionDto[]> {
    const versions = await this.queries.versions(serviceCode);
    if (versions.length === 0) throw new ServiceUnknownError(serviceCode);
    return versions.map(({ version, ...rest }) => ({ ...rest, serviceVersion: Number(version) }));
  }
}
