import { PARTICIPATION_STATUSES, type QualityService } from '@attest/contracts';
import { ApiProperty, type ApiResponseSchemaHost } from '@attest/http';
import type { ParticipationStatus } from '../domain/participation/participation.js';
import { SERVICE_SCHEMA } from '../domain/services/service-schema.js';

const date = { type: String, format: 'date' } as const;
const dateOrNull = { ...date, nullable: true } as const;
const textOrNull = { type: String, nullable: true } as const;

/** The contract's own schema is the document's description, so they cannot disagree. */
export const serviceSchema = SERVICE_SCHEMA as ApiResponseSchemaHost['schema'];

export class PublicationDto {
  @ApiProperty() serviceCode!: string;
  @ApiProperty() serviceVersion!: number;
  @ApiProperty() rulePackVersion!: number;
  @ApiProperty({ description: 'how many worked examples came out as printed' }) examples!: number;
  @ApiProperty({ description: 'this very document was published before and nothing was done' })
  repeated!: boolean;
}

export class ServiceSummaryDto {
  @ApiProperty() serviceCode!: string;
  @ApiProperty() serviceVersion!: number;
  @ApiProperty() name!: string;
  @ApiProperty({ enum: ['practice', 'pcn'] }) providerKind!: string;
  @ApiProperty(date) startOn!: string;
  @ApiProperty(dateOrNull) endOn!: string | null;
  @ApiProperty() agencyCode!: string;
}

export class ServiceDto {
  @ApiProperty() serviceVersion!: number;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'as it was published' })
  service!: QualityService;
}

export class ServiceVersionDto {
  @ApiProperty() serviceVersion!: number;
  @ApiProperty() rulePackVersion!: number;
  @ApiProperty({ format: 'date-time' }) publishedAt!: Date;
  @ApiProperty() publishedBy!: string;
}

export class PublishedAgencyDto {
  @ApiProperty() agencyCode!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ enum: ['attest-csv'] }) adapter!: 'attest-csv';
  @ApiProperty() label!: string;
  @ApiProperty() agencyVersion!: number;
}

export class ItemResultDto {
  @ApiProperty() serviceCode!: string;
  @ApiProperty() providerCode!: string;
  @ApiProperty({ enum: ['changed', 'unchanged', 'refused'] }) outcome!: string;
  @ApiProperty({ enum: PARTICIPATION_STATUSES, nullable: true }) status!: ParticipationStatus | null;
  @ApiProperty(textOrNull) code!: string | null;
  @ApiProperty(textOrNull) detail!: string | null;
}

export class BulkResultDto {
  @ApiProperty() changed!: number;
  @ApiProperty() unchanged!: number;
  @ApiProperty() refused!: number;
  @ApiProperty({ type: [ItemResultDto] }) items!: readonly ItemResultDto[];
}

export class ParticipationDto {
  @ApiProperty() serviceCode!: string;
  @ApiProperty() providerCode!: string;
  @ApiProperty(textOrNull) providerName!: string | null;
  @ApiProperty({ enum: PARTICIPATION_STATUSES }) status!: ParticipationStatus;
  @ApiProperty(date) from!: string;
  @ApiProperty(dateOrNull) to!: string | null;
  @ApiProperty(dateOrNull) respondBy!: string | null;
  @ApiProperty() participationVersion!: number;
}

export class BusinessTimeDto {
  @ApiProperty({ format: 'date-time' }) now!: Date;
  @ApiProperty(date) today!: string;
  @ApiProperty() offsetMs!: number;
  @ApiProperty() movable!: boolean;
}
