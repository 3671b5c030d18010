import { IsBoolean, IsIn, IsISO8601, IsOptional, IsString, IsUUID, Matches } from 'class-validator';
import { APPROVAL_STAGES, type ApprovalStage } from '@attest/contracts';
import {
  ApiProperty,
  ApiPropertyOptional,
  ItemList,
  PageQuery,
  PENCE_DIGITS,
  VERSION_DIGITS,
} from '@attest/http';
import { BULK_ITEM_STATES, BULK_ITEMS_MOST, type BulkItemState } from '../domain/bulk.js';
import { CODE } from './codes.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What a bulk shall act on; what is left out does not narrow it. */
export class BulkPreviewDto {
  @ApiProperty({ enum: APPROVAL_STAGES })
  @IsIn(APPROVAL_STAGES)
  stage!: ApprovalStage;

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
  @Matches(PENCE_DIGITS)
  amountFromPence?: string;

  @ApiPropertyOptional({ example: '1499999', description: 'At most so much.' })
  @IsOptional()
  @Matches(PENCE_DIGITS)
  amountToPence?: string;
}

export class BulkItemDto {
  @ApiProperty({ format: 'uuid' })
  declarationId!: string;

  @ApiProperty({ example: '1', description: 'The declaration version that you saw; another one is refused.' })
  declarationVersion!: string;
}

export class BulkApprovalDto {
  @ApiProperty({ enum: APPROVAL_STAGES })
  @IsIn(APPROVAL_STAGES)
  stage!: ApprovalStage;

  @ApiPropertyOptional({
    enum: ['approve', 'refuse'],
    default: 'approve',
    description: 'Refusing sends each back one stage and needs a reason.',
  })
  @IsOptional()
  @IsIn(['approve', 'refuse'])
  decision: 'approve' | 'refuse' = 'approve';

  @ApiPropertyOptional({
    description: 'Told to the providers; no patient data. Only for refusing.',
    maxLength: 1000,
  })
  @IsOptional()
  @IsString()
  reason?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Acts on exactly what this preview counted.' })
  @IsOptional()
  @IsUUID()
  previewId?: string;

  @ApiPropertyOptional({
    type: [BulkItemDto],
    maxItems: BULK_ITEMS_MOST,
    minItems: 1,
    description: 'Or these.',
  })
  @IsOptional()
  @ItemList(
    {
      declarationId: { pattern: UUID, words: 'a UUID' },
      declarationVersion: { pattern: VERSION_DIGITS, words: 'a whole number in digits' },
    },
    BULK_ITEMS_MOST,
  )
  items?: BulkItemDto[];
}

export class BulkPageDto extends PageQuery {}

export class ListBulkItemsDto extends PageQuery {
  @ApiPropertyOptional({ enum: BULK_ITEM_STATES })
  @IsOptional()
  @IsIn(BULK_ITEM_STATES)
  state?: BulkItemState;
}

/** A body may be left out or empty. */
export class NothingDto {}
