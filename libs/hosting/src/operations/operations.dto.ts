import { ApiProperty, ApiPropertyOptional, PageQuery, WholeNumber } from '@attest/http';
import { TOPICS, type TopicName } from '@attest/contracts';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';

const TOPIC_NAMES = Object.keys(TOPICS);
const DEAD_LETTER_STATUSES = ['dead', 'replayed', 'discarded'] as const;

export class ResumeDto {
  @ApiProperty({ enum: TOPIC_NAMES })
  @IsIn(TOPIC_NAMES)
  topic!: TopicName;
}

export class PauseDto extends ResumeDto {
  @ApiProperty({ minLength: 1, maxLength: 1000 })
  @IsString()
  reason!: string;
}

export class DeadLetterQuery extends PageQuery {
  @ApiPropertyOptional({ enum: DEAD_LETTER_STATUSES })
  @IsOptional()
  @IsIn(DEAD_LETTER_STATUSES)
  status?: (typeof DEAD_LETTER_STATUSES)[number];
}

export class ForgottenEventQuery extends PageQuery {
  @ApiPropertyOptional({ enum: TOPIC_NAMES })
  @IsOptional()
  @IsIn(TOPIC_NAMES)
  topic?: TopicName;

  @ApiPropertyOptional({ description: 'such as role-assignment.recorded.v1' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  type?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, 200)
  key?: string;
}

/** What to replay: everything, a topic, a key of it, or one. Exactly what is named is applied or given up. */
export class ReplayDto {
  @ApiPropertyOptional({ enum: TOPIC_NAMES })
  @IsOptional()
  @IsIn(TOPIC_NAMES)
  topic?: TopicName;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, 200)
  key?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  deadLetterId?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  eventId?: string;

  @ApiPropertyOptional({ description: 'do all of it and undo it: the answer says what would happen' })
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;

  @ApiPropertyOptional({
    description:
      'give the named dead letters up; what is parked behind them is applied, up to the next one that remains',
  })
  @IsOptional()
  @IsBoolean()
  discard?: boolean;

  @ApiPropertyOptional({ minimum: 1, maximum: 10000 })
  @IsOptional()
  @WholeNumber({ most: 10_000 })
  ratePerSecond?: number;

  @ApiProperty({ minLength: 1, maxLength: 1000, description: 'kept with who asked' })
  @IsString()
  reason!: string;
}
