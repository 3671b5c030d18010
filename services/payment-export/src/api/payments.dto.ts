import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { ApiProperty, ApiPropertyOptional, PageQuery, WholeNumber } from '@attest/http';
import { ODS_CODE } from '@attest/contracts';
import { RUN_ITEM_STATES } from '../application/run.queries.js';

export class StartRunDto {
  @ApiProperty({
    example: '2026-07',
    description: 'The run takes what is approved for this period and what earlier ones left.',
  })
  @Matches(/^\d{4}-(0[1-9]|1[0-2])$/)
  paymentPeriod!: string;

  @ApiPropertyOptional({
    minimum: 1,
    maximum: 3600,
    default: 300,
    description: 'How long the barrier may take.',
  })
  @IsOptional()
  @WholeNumber({ most: 3_600 })
  limitSeconds: number = 300;

  @ApiPropertyOptional({
    minimum: 1,
    maximum: 3600,
    default: 300,
    description: 'How long confirmations are collected.',
  })
  @IsOptional()
  @WholeNumber({ most: 3_600 })
  collectSeconds: number = 300;
}

export class ListFilesQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  runId?: string;
}

export class RunItemsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: RUN_ITEM_STATES })
  @IsOptional()
  @IsIn(RUN_ITEM_STATES)
  state?: string;
}

export class SendAcknowledgementsQuery {
  @ApiProperty()
  @IsString()
  @MaxLength(200)
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._ -]*$/)
  fileName!: string;

  @ApiPropertyOptional({ description: 'Needed by whoever acts for several agencies.' })
  @IsOptional()
  @Matches(ODS_CODE)
  agencyCode?: string;
}

export class AcknowledgementLinesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['applied', 'repeated', 'quarantined'] })
  @IsOptional()
  @IsIn(['applied', 'repeated', 'quarantined'])
  state?: string;
}
