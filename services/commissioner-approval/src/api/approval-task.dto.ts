import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { APPROVAL_ROLES, APPROVAL_STAGES, type ApprovalStage } from '@attest/contracts';
import { ApiProperty, ApiPropertyOptional, PageQuery, VERSION_DIGITS, IsBusinessDate } from '@attest/http';
import { CODE } from './codes.js';

export class SignTaskDto {
  @ApiProperty({ enum: APPROVAL_STAGES })
  @IsIn(APPROVAL_STAGES)
  stage!: ApprovalStage;

  @ApiProperty({ description: 'The declaration version that you saw.', example: '1' })
  @Matches(VERSION_DIGITS)
  declarationVersion!: string;
}

export class RefuseTaskDto extends SignTaskDto {
  @ApiProperty({ description: 'Told to the provider; no patient data.', maxLength: 1000 })
  @IsString()
  reason!: string;
}

export class ListTasksDto extends PageQuery {
  @ApiPropertyOptional({ enum: APPROVAL_STAGES })
  @IsOptional()
  @IsIn(APPROVAL_STAGES)
  stage?: ApprovalStage;

  @ApiPropertyOptional()
  @IsOptional()
  @Matches(CODE)
  serviceCode?: string;

  @ApiPropertyOptional({ example: '2026-07-31' })
  @IsOptional()
  @IsBusinessDate()
  achievementDate?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @Matches(CODE)
  organisationCode?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @Matches(CODE)
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
