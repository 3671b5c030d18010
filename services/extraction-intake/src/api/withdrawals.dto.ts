import { ApiProperty, PageQuery } from '@attest/http';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { BECOMES, WITHDRAWAL_STATES, type Becomes, type WithdrawalState } from '../domain/withdrawal.js';

export class WithdrawalReasonDto {
  @ApiProperty({ description: 'Kept in the history; no patient data.', maxLength: 1000 })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  reason?: string;
}

export class WithdrawalQuery extends PageQuery {}

export class WithdrawalDto {
  @ApiProperty({ format: 'uuid' }) readonly withdrawalId!: string;
  @ApiProperty({ format: 'uuid' }) readonly fileId!: string;
  @ApiProperty({ enum: WITHDRAWAL_STATES }) readonly state!: WithdrawalState;
  @ApiProperty() readonly reason!: string;
  @ApiProperty() readonly requestedBy!: string;
  @ApiProperty() readonly requestedAt!: Date;
  @ApiProperty({ type: String, nullable: true }) readonly decidedBy!: string | null;
  @ApiProperty({ type: Date, nullable: true }) readonly decidedAt!: Date | null;
}

export class WithdrawalStepDto {
  @ApiProperty() readonly at!: Date;
  @ApiProperty() readonly personId!: string;
  @ApiProperty({ enum: WITHDRAWAL_STATES }) readonly to!: WithdrawalState;
  @ApiProperty({ type: String, nullable: true }) readonly reason!: string | null;
}

export class WithdrawalPeriodDto {
  @ApiProperty() readonly serviceCode!: string;
  @ApiProperty() readonly achievementDate!: string;
  @ApiProperty({ description: 'pages that stand for this service and date' }) readonly standing!: number;
  @ApiProperty({ description: 'of them, those that would have other values, or none' })
  readonly changed!: number;
  @ApiProperty({ description: 'of them, those of which nothing would stand' }) readonly emptied!: number;
}

export class WithdrawalPageDto {
  @ApiProperty() readonly serviceCode!: string;
  @ApiProperty() readonly achievementDate!: string;
  @ApiProperty() readonly practiceCode!: string;
  @ApiProperty({ type: String, nullable: true }) readonly practiceName!: string | null;
  @ApiProperty({ enum: BECOMES, description: 'same-values: another file said the same, and stands for it' })
  readonly becomes!: Becomes;
}

export class WithdrawalPreviewDto {
  @ApiProperty({ format: 'uuid' }) readonly fileId!: string;
  @ApiProperty({ type: WithdrawalDto, nullable: true, description: 'the newest; null when nobody asked' })
  readonly withdrawal!: WithdrawalDto | null;
  @ApiProperty({ type: WithdrawalStepDto, isArray: true, description: 'oldest first' })
  readonly history!: readonly WithdrawalStepDto[];
  @ApiProperty({ description: 'whether another person has to confirm it' })
  readonly needsSecondPerson!: boolean;
  @ApiProperty({ type: WithdrawalPeriodDto, isArray: true })
  readonly periods!: readonly WithdrawalPeriodDto[];
  @ApiProperty({ type: WithdrawalPageDto, isArray: true, description: 'by service, date and practice' })
  readonly items!: readonly WithdrawalPageDto[];
  @ApiProperty({ type: String, nullable: true }) readonly nextCursor!: string | null;
}
