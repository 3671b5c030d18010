import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { APPROVAL_ROLES, APPROVAL_STAGES, type ApprovalStage } from '@attest/contracts';

/** Digits: a version has no JSON number of its own. */
const VERSION = /^\d{1,18}$/;

export class SignTaskDto {
  @ApiProperty({ enum: APPROVAL_STAGES })
  @IsIn(APPROVAL_STAGES)
  stage!: ApprovalStage;

  @ApiProperty({ description: 'The declaration version that you saw.', example: '1' })
  @Matches(VERSION)
  declarationVersion!: string;
}

export class RefuseTaskDto extends SignTaskDto {
  @ApiProperty({ description: 'Told to the provider; no patient data.', maxLength: 1000 })
  @IsString()
  reason!: string;
}

class PageQueryDto {
  @ApiPropertyOptional({ minimum: 1, maximum: 500, default: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 100;

  @ApiPropertyOptional({ description: 'nextCursor of the page before.' })
  @IsOptional()
  @IsString()
  cursor?: string;
}

export class ListTasksDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: APPROVAL_STAGES })
  @IsOptional()
  @IsIn(APPROVAL_STAGES)
  stage?: ApprovalStage;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  serviceCode?: string;

  @ApiPropertyOptional({ example: '2026-07-31' })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  achievementDate?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  organisationCode?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  commissionerCode?: string;

  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @IsOptional()
  @IsIn(['true', 'false'])
  held?: 'true' | 'false';

  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Whether a signature is being applied.' })
  @IsOptional()
  @IsIn(['true', 'false'])
  pending?: 'true' | 'false';

  @ApiPropertyOptional({ enum: APPROVAL_ROLES, description: 'Only what a tier of this role signs next.' })
  @IsOptional()
  @IsIn(APPROVAL_ROLES)
  tierRole?: string;
}
