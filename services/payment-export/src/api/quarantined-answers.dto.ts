import { IsIn, IsOptional } from 'class-validator';
import { ApiProperty, ApiPropertyOptional, PageQuery } from '@attest/http';
import { LINE_STATES, type LineState } from '../application/quarantined-answers.js';
import { QUARANTINE_WORDS } from '../domain/acknowledgement.js';

const CODES = Object.keys(QUARANTINE_WORDS);
const known = { type: String, nullable: true } as const;

export class QuarantinedAnswersQuery extends PageQuery {
  @ApiPropertyOptional({ enum: CODES })
  @IsOptional()
  @IsIn(CODES)
  code?: string;

  @ApiPropertyOptional({
    enum: LINE_STATES,
    description:
      'what the line of the attempt that it names has come to: `unanswered` ones still wait for their agency',
  })
  @IsOptional()
  @IsIn(LINE_STATES)
  lineState?: LineState;
}

export class QuarantinedAnswerDto {
  @ApiProperty({ type: String, format: 'uuid' }) fileId!: string;
  @ApiProperty() fileName!: string;
  @ApiProperty() agencyCode!: string;
  @ApiProperty({ type: String, format: 'date-time' }) receivedAt!: Date;
  @ApiProperty({ type: Number, description: 'in the file; 1 is its header' }) line!: number;
  @ApiProperty({ enum: CODES }) code!: string;
  @ApiProperty({ description: 'why it was kept aside, and what its sender should do' }) words!: string;
  @ApiProperty({ description: 'the line as it came' }) text!: string;
  @ApiProperty({ ...known, format: 'uuid', description: 'null: it names no payment that is known' })
  declarationId!: string | null;
  @ApiProperty(known) providerCode!: string | null;
  @ApiProperty(known) commissionerCode!: string | null;
  @ApiProperty(known) serviceCode!: string | null;
  @ApiProperty({ ...known, format: 'date' }) achievementDate!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'that it speaks of' }) attempt!: number | null;
  @ApiProperty({ enum: LINE_STATES, nullable: true, description: 'of that attempt' })
  lineState!: LineState | null;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'sealed last for the same declaration; where it is a later one, both may have been paid',
  })
  newestAttempt!: number | null;
  @ApiProperty({ enum: LINE_STATES, nullable: true, description: 'of the newest attempt' })
  newestLineState!: LineState | null;
}
