import type { BulkItem, BulkPreview, BulkPreviewItem, BulkProgress } from '@attest/bulk';
import { ApiProperty } from '@attest/http';
import type { BulkFilter, DeclarationBulk } from '../../application/bulk/declaration-bulk.js';
import {
  BULK_ACTIONS,
  BULK_ITEM_STATES,
  wordsOfItem,
  type BulkAction,
  type BulkItemCode,
  type BulkItemState,
} from '../../domain/bulk/bulk.js';

export class BulkPreviewView implements BulkPreview<DeclarationBulk> {
  @ApiProperty({ format: 'uuid' }) previewId!: string;
  @ApiProperty({ enum: BULK_ACTIONS }) action!: BulkAction;
  @ApiProperty({ type: Object }) filter!: BulkFilter;
  @ApiProperty() madeAt!: Date;
  @ApiProperty({ description: 'Until then it can be acted on.' }) expiresAt!: Date;
  @ApiProperty({ description: 'Declarations, or holds where these are to be released.' }) items!: number;
  @ApiProperty({ type: String, example: '627750', description: 'Of their declarations, each counted once.' })
  pence!: bigint;
  @ApiProperty({ description: 'Of them under a hold: these would not be declared.' }) held!: number;
  @ApiProperty({
    description: 'Of them waiting for figures: these would not be declared, nor their holds released.',
  })
  awaitingAggregation!: number;
}

export class BulkPreviewItemView implements BulkPreviewItem<DeclarationBulk> {
  @ApiProperty() ordinal!: number;
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) holdId!: string | null;
  @ApiProperty() revision!: number;
  @ApiProperty({ type: String }) pence!: bigint;
  @ApiProperty() serviceCode!: string;
  @ApiProperty() achievementDate!: string;
  @ApiProperty() organisationCode!: string;
  @ApiProperty() commissionerCode!: string;
  @ApiProperty({ description: 'It has changed since the preview and would be refused.' }) changed!: boolean;
}

export class BulkDeclarationView implements BulkProgress<DeclarationBulk> {
  @ApiProperty({ format: 'uuid' }) bulkId!: string;
  @ApiProperty({ enum: BULK_ACTIONS }) action!: BulkAction;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) previewId!: string | null;
  @ApiProperty() requestedAt!: Date;
  @ApiProperty({ type: Date, nullable: true }) cancelledAt!: Date | null;
  @ApiProperty({ type: Date, nullable: true, description: 'Every item has its answer.' })
  endedAt!: Date | null;
  @ApiProperty() items!: number;
  @ApiProperty() queued!: number;
  @ApiProperty() declared!: number;
  @ApiProperty() released!: number;
  @ApiProperty() admitted!: number;
  @ApiProperty() refused!: number;
  @ApiProperty() cancelled!: number;
}

export class BulkDeclarationItemView implements BulkItem<DeclarationBulk> {
  @ApiProperty() ordinal!: number;
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) holdId!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'The one that was seen.' })
  revision!: number | null;
  @ApiProperty({ enum: BULK_ITEM_STATES }) state!: BulkItemState;
  @ApiProperty({ type: String, nullable: true, example: 'STALE_VERSION' }) code!: string | null;
  @ApiProperty({ type: String, nullable: true }) words!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Of the declaration since.' })
  declaredRevision!: number | null;
  @ApiProperty({ type: Number, nullable: true }) declarationVersion!: number | null;
}

export const itemViewOf = (item: BulkItem<DeclarationBulk>): BulkDeclarationItemView => ({
  ...item,
  words: item.code === null ? null : wordsOfItem(item.code as BulkItemCode),
});
