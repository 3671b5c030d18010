import { IsIn, IsOptional, IsString, IsUUID } from 'class-validator';
import { BULK_ITEMS_MOST, Narrows } from '@attest/bulk';
import { APPROVAL_STAGES, type ApprovalStage } from '@attest/contracts';
import { ApiProperty, ApiPropertyOptional, ItemList, VERSION_DIGITS } from '@attest/http';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What a bulk shall act on; what is left out does not narrow it. */
export class BulkPreviewDto {
  @ApiProperty({ enum: APPROVAL_STAGES })
  @IsIn(APPROVAL_STAGES)
  stage!: ApprovalStage;

  @Narrows.toCode() serviceCode?: string;
  @Narrows.toPaymentPeriod() paymentPeriod?: string;
  @Narrows.toDate() achievementDate?: string;
  @Narrows.toOneOf(['achievement', 'adjustment']) kind?: 'achievement' | 'adjustment';
  @Narrows.toCode('A81001') organisationCode?: string;
  @Narrows.toCode('QHM') commissionerCode?: string;
  @Narrows.toFlag('Only those under a hold, or only those under none.') held?: boolean;
  @Narrows.toFlag() late?: boolean;
  @Narrows.toPence('0', 'At least so much.') amountFromPence?: string;
  @Narrows.toPence('1499999', 'At most so much.') amountToPence?: string;
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
