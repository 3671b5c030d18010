import { BULK_ITEMS_MOST, Narrows } from '@attest/bulk';
import { DECLARATION_STATUSES, HOLD_CODES, type DeclarationStatus, type HoldCode } from '@attest/contracts';
import { ApiProperty, ApiPropertyOptional, ItemList } from '@attest/http';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID } from 'class-validator';
import { BULK_ACTIONS, type BulkAction } from '../../domain/bulk/bulk.js';
import { DeclareDto } from '../core/declaration.dto.js';
import { REVISION_FIELD, UUID_FIELD } from '../signing/declare-items.js';

/** What a bulk shall act on; what is left out does not narrow it. */
export class BulkPreviewDto {
  @ApiPropertyOptional({ enum: BULK_ACTIONS, default: 'declare', description: 'What is to be done with it.' })
  @IsOptional()
  @IsIn(BULK_ACTIONS)
  action: BulkAction = 'declare';

  @Narrows.toCode() serviceCode?: string;
  @Narrows.toPaymentPeriod() paymentPeriod?: string;
  @Narrows.toDate() achievementDate?: string;
  @Narrows.toOneOf(
    DECLARATION_STATUSES,
    'AWAITING_PROVIDER_APPROVAL unless said, where it is to be declared.',
  )
  status?: DeclarationStatus;
  @Narrows.toOneOf(['achievement', 'adjustment']) kind?: 'achievement' | 'adjustment';
  @Narrows.toCode('A81001') organisationCode?: string;
  @Narrows.toCode('QHM') commissionerCode?: string;
  @Narrows.toFlag('Only those under a hold, or only those under none.') held?: boolean;
  @Narrows.toFlag('Only those that were declared late, or only those that were not.') late?: boolean;
  @Narrows.toOneOf(HOLD_CODES, 'Only holds of this kind, where they are to be released.')
  holdCode?: HoldCode;
  @Narrows.toPence('0', 'At least so much.') amountFromPence?: string;
  @Narrows.toPence('1499999', 'At most so much.') amountToPence?: string;
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
    maxItems: BULK_ITEMS_MOST,
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
