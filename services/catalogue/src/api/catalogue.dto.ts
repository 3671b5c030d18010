import { PARTICIPATION_STATUSES, ODS_CODE, SERVICE_CODE } from '@attest/contracts';
import {
  ApiProperty,
  ApiPropertyOptional,
  PageQuery,
  WHOLE_NUMBER_MOST,
  WholeNumberInQuery,
  IsBusinessDate,
} from '@attest/http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
  registerDecorator,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { ParticipationStatus } from '../domain/participation/participation.js';

export const MOST_ITEMS = 10_000;

const IsOdsCode = (): PropertyDecorator =>
  Matches(ODS_CODE, { message: '$property must be an ODS code such as A81001' });
const IsServiceCode = (): PropertyDecorator =>
  Matches(SERVICE_CODE, { message: '$property must be a service code such as NCD2425' });

const rule =
  (name: string, message: string, fits: (value: unknown) => boolean) =>
  (): PropertyDecorator =>
  (target, propertyName) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: propertyName as string,
      options: { message: `$property ${message}` },
      validator: { validate: fits },
    });

/** Thousands of codes: one check of the whole is far cheaper than a decorator's for each. */
const IsProviders = rule(
  'isProviders',
  `must be "all-of-kind" or 1 to ${MOST_ITEMS} ODS codes`,
  (value) => value === 'all-of-kind' || isCodes(value),
);
const IsCodes = rule('isCodes', `must be 1 to ${MOST_ITEMS} ODS codes`, isCodes);

function isCodes(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MOST_ITEMS &&
    value.every((code) => typeof code === 'string' && ODS_CODE.test(code))
  );
}

const isGiven = (_: object, value: unknown): boolean => value !== undefined && value !== null;

export class AgencyDto {
  @ApiProperty({ example: 'PCSE' })
  @IsOdsCode()
  agencyCode!: string;

  @ApiProperty()
  @IsString()
  @Length(1, 200)
  name!: string;

  @ApiProperty({ enum: ['attest-csv'] })
  @IsIn(['attest-csv'])
  adapter!: 'attest-csv';

  @ApiProperty({ description: 'its own word for "sent", shown to people' })
  @IsString()
  @Length(1, 60)
  label!: string;
}

export class OfferDto {
  @ApiProperty({ example: 'NCD2425' })
  @IsServiceCode()
  serviceCode!: string;

  @ApiProperty({ format: 'date' })
  @IsBusinessDate()
  from!: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    nullable: true,
    description: "the service's own end when left out",
  })
  @ValidateIf(isGiven)
  @IsBusinessDate()
  to?: string | null;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    nullable: true,
    description: 'the last day to answer',
  })
  @ValidateIf(isGiven)
  @IsBusinessDate()
  respondBy?: string | null;

  @ApiProperty({
    oneOf: [
      { type: 'string', enum: ['all-of-kind'] },
      { type: 'array', items: { type: 'string' }, maxItems: MOST_ITEMS },
    ],
  })
  @IsProviders()
  providers!: 'all-of-kind' | string[];
}

export class ResponseDto {
  @ApiProperty()
  @IsServiceCode()
  serviceCode!: string;

  @ApiProperty()
  @IsOdsCode()
  providerCode!: string;

  @ApiProperty({ enum: ['accept', 'refuse'] })
  @IsIn(['accept', 'refuse'])
  answer!: 'accept' | 'refuse';

  @ApiPropertyOptional({ type: String, nullable: true, description: 'required when refusing' })
  @ValidateIf(isGiven)
  @IsString()
  reason?: string | null;
}

export class ResponsesDto {
  @ApiProperty({ type: [ResponseDto], maxItems: MOST_ITEMS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_ITEMS)
  @ValidateNested({ each: true })
  @Type(() => ResponseDto)
  responses!: ResponseDto[];
}

export class EndDto {
  @ApiProperty()
  @IsServiceCode()
  serviceCode!: string;

  @ApiProperty({ type: [String], maxItems: MOST_ITEMS })
  @IsCodes()
  providerCodes!: string[];

  @ApiProperty({ format: 'date', description: 'the first day on which they no longer take part' })
  @IsBusinessDate()
  on!: string;

  @ApiProperty({ maxLength: 1000 })
  @IsOptional() // refused with REASON_MISSING, which says more
  reason!: string;
}

export class ParticipationQuery extends PageQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @IsServiceCode()
  serviceCode?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsOdsCode()
  providerCode?: string;

  @ApiPropertyOptional({ enum: PARTICIPATION_STATUSES })
  @IsOptional()
  @IsIn(PARTICIPATION_STATUSES)
  status?: ParticipationStatus;
}

export class VersionQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: WHOLE_NUMBER_MOST, description: 'the newest when left out' })
  @IsOptional()
  @WholeNumberInQuery()
  version?: number;
}

export class ClockDto {
  @ApiProperty({ format: 'date-time', description: 'what business time shall be now' })
  @IsISO8601({ strict: true, strictSeparator: true })
  @Matches(/Z$|[+-]\d\d:\d\d$/, { message: '$property must say its offset, such as Z' })
  now!: string;
}
