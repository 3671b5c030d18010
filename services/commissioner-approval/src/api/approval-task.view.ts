import { ApiProperty } from '@attest/http';
import { APPROVAL_ROLES, APPROVAL_STAGES, type ApprovalStage } from '@attest/contracts';
import type { LastSignature, TaskView } from '../application/queries.js';

export class LastSignatureView implements LastSignature {
  @ApiProperty({ format: 'uuid' }) approvalId!: string;
  @ApiProperty({ enum: APPROVAL_STAGES }) stage!: ApprovalStage;
  @ApiProperty({ type: String, nullable: true }) tier!: string | null;
  @ApiProperty({ enum: ['approve', 'refuse'] }) decision!: 'approve' | 'refuse';
  @ApiProperty({ type: String, example: '1', description: 'The version that was signed.' })
  declarationVersion!: bigint;
  @ApiProperty() personId!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) bulkId!: string | null;
  @ApiProperty() signedAt!: Date;
  @ApiProperty({ enum: ['pending', 'applied', 'refused'] }) state!: 'pending' | 'applied' | 'refused';
  @ApiProperty({ type: String, nullable: true, example: 'ON_HOLD', description: 'Why it was refused.' })
  code!: string | null;
  @ApiProperty({ type: String, nullable: true }) words!: string | null;
  @ApiProperty({ type: Date, nullable: true }) answeredAt!: Date | null;
}

export class ApprovalTaskView implements TaskView {
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty({ enum: ['achievement', 'adjustment'] }) kind!: string;
  @ApiProperty() serviceCode!: string;
  @ApiProperty() achievementDate!: string;
  @ApiProperty() organisationCode!: string;
  @ApiProperty() commissionerCode!: string;
  @ApiProperty() paymentPeriod!: string;
  @ApiProperty() status!: string;
  @ApiProperty({
    type: String,
    enum: APPROVAL_STAGES,
    nullable: true,
    description: 'Null: it waits for none.',
  })
  stage!: string | null;
  @ApiProperty() held!: boolean;
  @ApiProperty() awaitingAggregation!: boolean;
  @ApiProperty() late!: boolean;
  @ApiProperty({
    description:
      'An event that it depends on could not be read: signing it is refused until that is repaired.',
  })
  parked!: boolean;
  @ApiProperty({ type: String, example: '627750' }) pence!: bigint;
  @ApiProperty({ type: String, example: '1' }) declarationVersion!: bigint;
  @ApiProperty({ description: 'A signature is being applied.' }) signaturePending!: boolean;
  @ApiProperty() since!: Date;
  @ApiProperty({ type: String, nullable: true }) tier!: string | null;
  @ApiProperty({ type: String, enum: APPROVAL_ROLES, nullable: true }) tierRole!: string | null;
  @ApiProperty({
    type: LastSignatureView,
    nullable: true,
    description: 'The newest signature or refusal of it, and what became of that; null before the first.',
  })
  lastSignature!: LastSignatureView | null;
}
