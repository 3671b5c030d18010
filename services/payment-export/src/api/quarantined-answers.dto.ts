import { IsIn, IsOptional } from 'class-validator';
import { ApiProperty, ApiPropertyOptional, PageQuery } from '@attest/http';
import { LINE_STATES, STANDINGS, type LineState, type Standing } from '../application/quarantined-answers.js';
import { QUARANTINE_WORDS } from '../domain/acknowledgement.js';
import { ANSWER_STATES, ANSWER_STEPS, type AnswerState, type AnswerStep } from '../domain/quarantine.js';

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

  @ApiPropertyOptional({
    enum: STANDINGS,
    description: '`open`: somebody still has to look into it; `settled`: it was applied or dismissed',
  })
  @IsOptional()
  @IsIn(STANDINGS)
  standing?: Standing;
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
  @ApiProperty({ enum: ANSWER_STATES }) state!: AnswerState;
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

export class AnswerCellsDto {
  @ApiProperty(known) fileName!: string | null;
  @ApiProperty({ type: Number, nullable: true }) lineNumber!: number | null;
  @ApiProperty({ ...known, format: 'uuid' }) declarationId!: string | null;
  @ApiProperty({ type: Number, nullable: true }) attempt!: number | null;
  @ApiProperty(known) pence!: string | null;
  @ApiProperty(known) outcome!: string | null;
  @ApiProperty(known) reasonCode!: string | null;
  @ApiProperty(known) reason!: string | null;
  @ApiProperty({ ...known, format: 'date' }) returnedOn!: string | null;
}

export class AnswerStepDto {
  @ApiProperty({ enum: ANSWER_STEPS }) step!: AnswerStep;
  @ApiProperty() personId!: string;
  @ApiProperty({ type: String, format: 'date-time' }) at!: Date;
  @ApiProperty(known) reason!: string | null;
  @ApiProperty({ ...known, format: 'uuid' }) repairId!: string | null;
  @ApiProperty({ type: AnswerCellsDto, nullable: true, description: 'what is applied' })
  answer!: AnswerCellsDto | null;
}

export class SealedAttemptDto {
  @ApiProperty() fileName!: string;
  @ApiProperty({ type: Number }) lineNumber!: number;
  @ApiProperty() agencyCode!: string;
  @ApiProperty({ type: Number }) attempt!: number;
  @ApiProperty({ type: String }) pence!: string;
  @ApiProperty({ type: String, format: 'date-time' }) sealedAt!: Date;
  @ApiProperty({ enum: LINE_STATES }) lineState!: LineState;
  @ApiProperty({ ...known, format: 'date' }) returnedOn!: string | null;
}

export class QuarantinedAnswerDetailDto extends QuarantinedAnswerDto {
  @ApiProperty({ type: String, description: 'the ETag, for If-Match' }) version!: bigint;
  @ApiProperty({ type: AnswerCellsDto, description: 'what could be read of the line, cell by cell' })
  stated!: AnswerCellsDto;
  @ApiProperty({ type: [SealedAttemptDto], description: 'every line that was sealed for its declaration' })
  attempts!: readonly SealedAttemptDto[];
  @ApiProperty({ type: [AnswerStepDto], description: 'who did what to it, oldest first' })
  steps!: readonly AnswerStepDto[];
}
