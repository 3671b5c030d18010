import { ApiProperty, ApiPropertyOptional, PageQuery, IsBusinessDate } from '@attest/http';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { ODS_CODE, SERVICE_CODE } from '@attest/contracts';
import { AMENDMENT_STATES, type AmendmentState } from '../domain/amendment.js';

/** As many as a rule pack may have fields. */
const MOST_VALUES = 600;

export class AskedValueDto {
  @ApiProperty({ example: 'AST002' })
  @IsString()
  @Length(1, 40)
  indicatorCode!: string;

  @ApiProperty({ example: 'NUMERATOR' })
  @IsString()
  @Length(1, 200)
  fieldName!: string;

  // Checked with the others by the domain, which says what is wrong with a code of its own.
  @ApiProperty({ type: Number, minimum: 0, maximum: 999_999_999, description: 'whole, in digits' })
  @Allow()
  value!: unknown;
}

export class AskAmendmentDto {
  @ApiProperty({ example: 'QOFAST1415' })
  @Matches(SERVICE_CODE, { message: '$property must be the code of a quality service' })
  serviceCode!: string;

  @ApiProperty({ example: '2026-07-31' })
  @IsBusinessDate()
  achievementDate!: string;

  @ApiProperty({ example: 'A81001' })
  @Matches(ODS_CODE, { message: '$property must be an ODS code' })
  practiceCode!: string;

  @ApiProperty({
    type: AskedValueDto,
    isArray: true,
    minItems: 1,
    maxItems: MOST_VALUES,
    description: 'those that are wrong; the others stay as they are',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_VALUES)
  @ValidateNested({ each: true })
  @Type(() => AskedValueDto)
  values!: AskedValueDto[];

  @ApiProperty({ description: 'Why the values are wrong; no patient data.', maxLength: 1000 })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  reason?: string;
}

export class AmendmentReasonDto {
  @ApiProperty({ description: 'Kept in the history; no patient data.', maxLength: 1000 })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  reason?: string;
}

export class AmendmentOptionalReasonDto {
  @ApiPropertyOptional({ description: 'Kept in the history; no patient data.', maxLength: 1000 })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  reason?: string;
}

export class ListAmendmentsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: AMENDMENT_STATES })
  @IsOptional()
  @IsIn(AMENDMENT_STATES)
  state?: AmendmentState;

  @ApiPropertyOptional()
  @IsOptional()
  @Matches(SERVICE_CODE, { message: '$property must be the code of a quality service' })
  serviceCode?: string;

  @ApiPropertyOptional({ example: '2026-07-31' })
  @IsOptional()
  @IsBusinessDate()
  achievementDate?: string;

  @ApiPropertyOptional({ description: 'a practice, or an organisation above it', example: 'A81001' })
  @IsOptional()
  @Matches(ODS_CODE, { message: '$property must be an ODS code' })
  organisationCode?: string;

  @ApiPropertyOptional({ example: 'QHM' })
  @IsOptional()
  @Matches(ODS_CODE, { message: '$property must be an ODS code' })
  commissionerCode?: string;
}
