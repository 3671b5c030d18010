import { ApiProperty, ApiPropertyOptional, WholeNumber } from '@attest/http';
import { TOPICS, type TopicName } from '@attest/contracts';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsString, Length } from 'class-validator';

const TOPIC_NAMES = Object.keys(TOPICS);

/** What to tell again: a topic that this service writes, all of it or some keys. */
export class RepublishDto {
  @ApiProperty({ enum: TOPIC_NAMES })
  @IsIn(TOPIC_NAMES)
  topic!: TopicName;

  @ApiPropertyOptional({
    type: [String],
    minItems: 1,
    maxItems: 10_000,
    description: 'only these keys of the topic',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  @Length(1, 200, { each: true })
  keys?: string[];

  @ApiPropertyOptional({ minimum: 1, maximum: 10_000, description: 'events a second; 200 unless told' })
  @IsOptional()
  @WholeNumber({ most: 10_000 })
  ratePerSecond?: number;

  @ApiProperty({ minLength: 1, maxLength: 1000, description: 'kept with who asked' })
  @IsString()
  reason!: string;
}
