import { DECLARATION_STATUSES, type DeclarationStatus } from '@attest/contracts';
import { ApiProperty, ApiPropertyOptional, PageQuery, IsBusinessDate } from '@attest/http';
import { IsIn, IsISO8601, IsOptional, Matches } from 'class-validator';
import { ReasonDto } from '../core/declaration.dto.js';

const CODE = /^[A-Z][A-Z0-9]{1,19}$/;

export class FreezeDto extends ReasonDto {
  @ApiProperty({ example: 'QOFAST1415' })
  @Matches(CODE)
  serviceCode!: string;

  @ApiProperty({ example: '2026-07-31' })
  @IsBusinessDate()
  achievementDate!: string;

  @ApiPropertyOptional({
    example: 'QHM',
    description:
      'Whose declarations: a commissioner, a region or ENGLAND. Left out: all of them for the national operator, your own otherwise.',
  })
  @IsOptional()
  @Matches(CODE)
  commissionerCode?: string;
}

export class ThawDto {
  @ApiPropertyOptional({ example: '2026-08-28', description: "In place of the calendar's." })
  @IsOptional()
  @IsBusinessDate()
  providerDeadlineOn?: string;

  @ApiPropertyOptional({ example: '2026-09-12T17:00:00Z', description: "In place of the calendar's." })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/)
  @IsISO8601({ strict: true })
  cutOffAt?: string;
}

export class ListFreezesDto extends PageQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(CODE)
  serviceCode?: string;

  @ApiPropertyOptional({ example: '2026-07-31' })
  @IsOptional()
  @IsBusinessDate()
  achievementDate?: string;

  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Not thawed yet.' })
  @IsOptional()
  @IsIn(['true', 'false'])
  standing?: 'true' | 'false';
}

export class FrozenDeclarationsDto extends PageQuery {
  @ApiPropertyOptional({ enum: DECLARATION_STATUSES })
  @IsOptional()
  @IsIn(DECLARATION_STATUSES)
  status?: DeclarationStatus;

  @ApiPropertyOptional({ enum: ['achievement', 'adjustment'] })
  @IsOptional()
  @IsIn(['achievement', 'adjustment'])
  kind?: 'achievement' | 'adjustment';

  @ApiPropertyOptional({ example: 'QHM' })
  @IsOptional()
  @Matches(CODE)
  commissionerCode?: string;
}
