import { IsBoolean, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { DECLARATION_STATUSES, type DeclarationStatus } from '@attest/contracts';
import { ApiProperty, ApiPropertyOptional, PageQuery, IsBusinessDate } from '@attest/http';
import { DeclareItems } from '../signing/declare-items.js';

const CODE = /^[A-Z][A-Z0-9]{1,19}$/;

export class ListDeclarationsDto extends PageQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(CODE)
  serviceCode?: string;

  @ApiPropertyOptional({ example: '2026-07-31' })
  @IsOptional()
  @IsBusinessDate()
  achievementDate?: string;

  @ApiPropertyOptional({ example: 'A81001' })
  @IsOptional()
  @Matches(CODE)
  organisationCode?: string;

  @ApiPropertyOptional({ example: 'QHM' })
  @IsOptional()
  @Matches(CODE)
  commissionerCode?: string;

  @ApiPropertyOptional({ example: '2026-08' })
  @IsOptional()
  @Matches(/^\d{4}-(0[1-9]|1[0-2])$/)
  paymentPeriod?: string;

  @ApiPropertyOptional({ enum: DECLARATION_STATUSES })
  @IsOptional()
  @IsIn(DECLARATION_STATUSES)
  status?: DeclarationStatus;

  @ApiPropertyOptional({ enum: ['achievement', 'adjustment'] })
  @IsOptional()
  @IsIn(['achievement', 'adjustment'])
  kind?: 'achievement' | 'adjustment';

  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @IsOptional()
  @IsIn(['true', 'false'])
  held?: 'true' | 'false';

  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'Whether it was declared late.' })
  @IsOptional()
  @IsIn(['true', 'false'])
  late?: 'true' | 'false';

  @ApiPropertyOptional({
    enum: ['true'],
    description: 'The late queue: declared late and not confirmed, so that it can be admitted.',
  })
  @IsOptional()
  @IsIn(['true'])
  lateQueue?: 'true';
}

export class HistoryQueryDto extends PageQuery {}

export class DeclareDto {
  @ApiPropertyOptional({ description: 'Needed after the provider deadline.', maxLength: 1000 })
  @IsOptional()
  @IsString()
  lateReason?: string;

  @ApiPropertyOptional({ description: 'Needed when you declare for the provider.', maxLength: 1000 })
  @IsOptional()
  @IsString()
  onBehalfReason?: string;
}

export class BulkDeclareItemDto {
  @ApiProperty({ format: 'uuid' })
  declarationId!: string;

  @ApiPropertyOptional({ type: Number, description: 'The revision that you saw; another one is refused.' })
  revision?: number;
}

export class BulkDeclareDto extends DeclareDto {
  @ApiProperty({ type: [BulkDeclareItemDto], maxItems: 500, minItems: 1 })
  @DeclareItems()
  items!: BulkDeclareItemDto[];

  @ApiPropertyOptional({ description: 'Up to 500 items: all are declared, or none.', default: false })
  @IsOptional()
  @IsBoolean()
  allOrNothing?: boolean;
}

export class BulkAdmitLateDto {
  @ApiProperty({ type: [BulkDeclareItemDto], maxItems: 500, minItems: 1 })
  @DeclareItems()
  items!: BulkDeclareItemDto[];

  @ApiProperty({ description: 'Kept in the history; no patient data.', maxLength: 1000 })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  reason?: string;
}

export class ReasonDto {
  @ApiProperty({ description: 'Kept in the history; no patient data.', maxLength: 1000 })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  reason?: string;
}

export class UndeclareDto {
  @ApiPropertyOptional({
    description: 'Needed when you take back what the provider declared; no patient data.',
    maxLength: 1000,
  })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  reason?: string;
}

export class ProposeCorrectionDto extends ReasonDto {
  @ApiPropertyOptional({ enum: ['payee', 'account'], default: 'account' })
  @IsOptional()
  @IsIn(['payee', 'account'])
  what?: 'payee' | 'account';
}

export class SettleOutsideDto {
  @ApiProperty({
    description: 'How it was settled; kept in the history, no patient data.',
    maxLength: 1000,
  })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  note?: string;
}
