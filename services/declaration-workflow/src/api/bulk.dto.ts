import { DECLARATION_STATUSES, type DeclarationStatus } from '@attest/contracts';
import { PageQuery } from '@attest/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsISO8601, IsOptional, IsUUID, Matches } from 'class-validator';
import { BULK_ITEM_STATES, type BulkItemState } from '../domain/bulk.js';
import { DeclareDto } from './declaration.dto.js';
import { DeclareItems } from './declare-items.js';

const CODE = /^[A-Z][A-Z0-9]{1,19}$/;
const PENCE = /^-?\d{1,15}$/;

/** What a bulk shall act on; what is left out does not narrow it. */
export class BulkPreviewDto {
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(CODE)
  serviceCode?: string;

  @ApiPropertyOptional({ example: '2026-08' })
  @IsOptional()
  @Matches(/^\d{4}-(0[1-9]|1[0-2])$/)
  paymentPeriod?: string;

  @ApiPropertyOptional({ example: '2026-07-31' })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  @IsISO8601({ strict: true })
  achievementDate?: string;

  @ApiPropertyOptional({ enum: DECLARATION_STATUSES, default: 'AWAITING_PROVIDER_APPROVAL' })
  @IsOptional()
  @IsIn(DECLARATION_STATUSES)
  status: DeclarationStatus = 'AWAITING_PROVIDER_APPROVAL';

  @ApiPropertyOptional({ enum: ['achievement', 'adjustment'] })
  @IsOptional()
  @IsIn(['achievement', 'adjustment'])
  kind?: 'achievement' | 'adjustment';

  @ApiPropertyOptional({ example: 'A81001' })
  @IsOptional()
  @Matches(CODE)
  organisationCode?: string;

  @ApiPropertyOptional({ example: 'QHM' })
  @IsOptional()
  @Matches(CODE)
  commissionerCode?: string;

  @ApiPropertyOptional({ description: 'Only those under a hold, or only those under none.' })
  @IsOptional()
  @IsBoolean()
  held?: boolean;

  @ApiPropertyOptional()
  @IsOptional()
  @IsBoolean()
  late?: boolean;

  @ApiPropertyOptional({ example: '0', description: 'At least so much.' })
  @IsOptional()
  @Matches(PENCE)
  amountFromPence?: string;

  @ApiPropertyOptional({ example: '1499999', description: 'At most so much.' })
  @IsOptional()
  @Matches(PENCE)
  amountToPence?: string;
}

export class BulkDeclarationItemDto {
  @ApiProperty({ format: 'uuid' })
  declarationId!: string;

  @ApiProperty({ type: Number, description: 'The revision that you saw; another one is refused.' })
  revision!: number;
}

export class BulkDeclarationDto extends DeclareDto {
  @ApiPropertyOptional({ format: 'uuid', description: 'Acts on exactly what this preview counted.' })
  @IsOptional()
  @IsUUID()
  previewId?: string;

  @ApiPropertyOptional({
    type: [BulkDeclarationItemDto],
    maxItems: 10_000,
    minItems: 1,
    description: 'Or these.',
  })
  @IsOptional()
  @DeclareItems('needed')
  items?: BulkDeclarationItemDto[];
}

export class BulkPreviewItemsQueryDto extends PageQuery {}

export class BulkDeclarationsQueryDto extends PageQuery {}

export class BulkDeclarationItemsQueryDto extends PageQuery {
  @ApiPropertyOptional({ enum: BULK_ITEM_STATES })
  @IsOptional()
  @IsIn(BULK_ITEM_STATES)
  state?: BulkItemState;
}
