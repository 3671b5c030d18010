import { ApiProperty } from '@attest/http';
import type { AskedRevert, Freeze } from '../../domain/periods/freeze.js';

export class AskedRevertView implements AskedRevert {
  @ApiProperty() reason!: string;
  @ApiProperty() askedBy!: string;
  @ApiProperty() askedFor!: string;
  @ApiProperty() askedAt!: Date;
  @ApiProperty({ description: 'Declarations that went back so far.' }) reverted!: number;
  @ApiProperty({ type: Date, nullable: true, description: 'Null while some are left, or a run holds some.' })
  doneAt!: Date | null;
}

export class FreezeView {
  @ApiProperty({ format: 'uuid' }) freezeId!: string;
  @ApiProperty() serviceCode!: string;
  @ApiProperty() achievementDate!: string;
  @ApiProperty({ description: 'Whose declarations; ENGLAND is all.' }) scopeCode!: string;
  @ApiProperty() reason!: string;
  @ApiProperty() frozenBy!: string;
  @ApiProperty() frozenFor!: string;
  @ApiProperty() frozenAt!: Date;
  @ApiProperty({ type: AskedRevertView, nullable: true }) revert!: AskedRevertView | null;
  @ApiProperty({ type: String, nullable: true }) thawedBy!: string | null;
  @ApiProperty({ type: Date, nullable: true }) thawedAt!: Date | null;
  @ApiProperty({ type: String, nullable: true }) providerDeadlineOn!: string | null;
  @ApiProperty({ type: Date, nullable: true }) cutOffAt!: Date | null;
}

export const freezeViewOf = ({ version: _, ...shown }: Freeze): FreezeView => shown;
