import type { BulkItem, BulkPreview, BulkPreviewItem, BulkProgress, OwnItemCode } from '@attest/bulk';
import { APPROVAL_STAGES, type ApprovalStage } from '@attest/contracts';
import { ApiProperty } from '@attest/http';
import type { ApprovalBulk, BulkFilter } from '../../application/bulk/approval-bulk.js';
import { BULK_ITEM_STATES, UNSIGNED_WORDS, type BulkItemState } from '../../domain/bulk/bulk.js';

export class BulkPreviewView implements BulkPreview<ApprovalBulk> {
  @ApiProperty({ format: 'uuid' }) previewId!: string;
  @ApiProperty({ type: Object }) filter!: BulkFilter;
  @ApiProperty() madeAt!: Date;
  @ApiProperty({ description: 'Until then it can be acted on.' }) expiresAt!: Date;
  @ApiProperty() items!: number;
  @ApiProperty({ type: String, example: '627750' }) pence!: bigint;
  @ApiProperty({ description: 'Of them under a hold: these would be refused.' }) held!: number;
  @ApiProperty({ description: 'Of them being added up: these would be refused.' })
  awaitingAggregation!: number;
  @ApiProperty({ description: 'Of them with an event that could not be read: these would be refused.' })
  parked!: number;
  @ApiProperty({ description: 'Of them declared or signed by you: another person must sign these.' })
  yourOwn!: number;
}

export class BulkPreviewItemView implements BulkPreviewItem<ApprovalBulk> {
  @ApiProperty() ordinal!: number;
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty({ type: String }) declarationVersion!: bigint;
  @ApiProperty({ type: String }) pence!: bigint;
  @ApiProperty() serviceCode!: string;
  @ApiProperty() achievementDate!: string;
  @ApiProperty() organisationCode!: string;
  @ApiProperty() commissionerCode!: string;
  @ApiProperty({ description: 'It has changed since the preview and would be refused.' }) changed!: boolean;
  @ApiProperty({ description: 'An event that it depends on could not be read, and it would be refused.' })
  parked!: boolean;
}

export class BulkApprovalView implements BulkProgress<ApprovalBulk> {
  @ApiProperty({ format: 'uuid' }) bulkId!: string;
  @ApiProperty({ enum: APPROVAL_STAGES }) stage!: ApprovalStage;
  @ApiProperty({ enum: ['approve', 'refuse'] }) decision!: 'approve' | 'refuse';
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) previewId!: string | null;
  @ApiProperty() requestedAt!: Date;
  @ApiProperty({ type: Date, nullable: true }) cancelledAt!: Date | null;
  @ApiProperty({ type: Date, nullable: true, description: 'Nothing is queued any more.' })
  signedAt!: Date | null;
  @ApiProperty() items!: number;
  @ApiProperty({ description: 'Not signed yet.' }) queued!: number;
  @ApiProperty({ description: 'Signed, and being applied.' }) pending!: number;
  @ApiProperty() applied!: number;
  @ApiProperty() refused!: number;
  @ApiProperty() cancelled!: number;
}

export class BulkItemView implements BulkItem<ApprovalBulk> {
  @ApiProperty() ordinal!: number;
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty({ type: String }) declarationVersion!: bigint;
  @ApiProperty({ enum: BULK_ITEM_STATES }) state!: BulkItemState;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) approvalId!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'VERSION_SUPERSEDED' }) code!: string | null;
  @ApiProperty({ type: String, nullable: true }) words!: string | null;
}

const WORDS: Readonly<Record<OwnItemCode, string>> = UNSIGNED_WORDS;

export const itemViewOf = (item: BulkItem<ApprovalBulk>): BulkItemView => ({
  ...item,
  words: item.words ?? WORDS[item.code as OwnItemCode] ?? null,
});
