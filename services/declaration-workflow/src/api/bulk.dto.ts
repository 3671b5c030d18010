import { DECLARATION_STATUSES, HOLD_CODES, type DeclarationStatus, type HoldCode } from '@attest/contracts';
import { ApiProperty, ApiPropertyOptional, ItemList, PageQuery, PENCE_DIGITS } from '@attest/http';
import { IsBoolean, IsIn, IsISO8601, IsOptional, IsString, IsUUID, Matches } from 'class-validator';
import {
  BULK_ACTIONS,
  BULK_ITEMS_MOST,
  BULK_ITEM_STATES,
  type BulkAction,
  type BulkItemState,
} from '../domain/bulk.js';
import { DeclareDto } from './core/declaration.dto.js';
import { REVISION_FIELD, UUID_FIELD } from './signing/declare-items.js';

const CODE = /^[A-Z][A-Z0-9]{1,19}$/;

/** What a bulk shall act on; what is left out does not narrow it. */
export class BulkPreviewDto {
  @ApiPropertyOptional({ enum: BULK_ACTIONS, default: 'declare', description: 'What is to be done with it.' })
  @IsOptional()
  @IsIn(BULK_ACTIONS)
  action: BulkAction = 'declare';

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

  @ApiPropertyOptional({
    enum: DECLARATION_STATUSES,
    description: 'AWAITING_PROVIDER_APPROVAL unless said, where it is to be declared.',
  })
  @IsOptional()
  @IsIn(DECLARATION_STATUSES)
  status?: DeclarationStatus;

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

  @ApiPropertyOptional({ description: 'Only those that were declared late, or only those that were not.' })
  @IsOptional()
  @IsBoolean()
  late?: boolean;

  @ApiPropertyOptional({
    enum: HOLD_CODES,
    description: 'Only holds of this kind, where they are to be released.',
  })
  @IsOptional()
  @IsIn(HOLD_CODES)
  holdCode?: HoldCode;

  @ApiPropertyOptional({ example: '0', description: 'At least so much.' })
  @IsOptional()
  @Matches(PENCE_DIGITS)
  amountFromPence?: string;

  @ApiPropertyOptional({ example: '1499999', description: 'At most so much.' })
  @IsOptional()
  @Matches(PENCE_DIGITS)
  amountToPence?: string;
}

export class BulkDeclarationItemDto {
  @ApiProperty({ format: 'uuid' })
  declarationId!: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'The hold that is to be released, and only then.' })
  holdId?: string;

  @ApiProperty({ type: Number, description: 'The revision that you saw; another one is refused.' })
  revision!: number;
}

export class BulkDeclarationDto extends DeclareDto {
  @ApiPropertyOptional({ enum: BULK_ACTIONS, default: 'declare', description: 'What is done with each.' })
  @IsOptional()
  @IsIn(BULK_ACTIONS)
  action: BulkAction = 'declare';

  @ApiPropertyOptional({ description: 'To release holds: that the figures were compared and are right.' })
  @IsOptional()
  @IsBoolean()
  confirmation?: boolean;

  @ApiPropertyOptional({
    description: 'Needed to admit late ones, possible where holds are released; no patient data.',
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
    type: [BulkDeclarationItemDto],
    maxItems: 10_000,
    minItems: 1,
    description: 'Or these.',
  })
  @IsOptional()
  @ItemList(
    { declarationId: UUID_FIELD, holdId: { ...UUID_FIELD, optional: true }, revision: REVISION_FIELD },
    BULK_ITEMS_MOST,
  )
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
