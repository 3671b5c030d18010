import { ApiProperty, ApiPropertyOptional, PageQuery, IsBusinessDate } from '@attest/http';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { SERVICE_CODE } from '@attest/contracts';
import type { ExtractFileView, RejectedRowView, FileCounts, Layout } from '../application/views.js';

export class ReceiveExtractFileQuery {
  @ApiProperty({ enum: ['cqrs', 'qof-long'] })
  @IsIn(['cqrs', 'qof-long'])
  layout!: Layout;

  @ApiProperty({ description: 'as the sender calls it' })
  @IsString()
  @Length(1, 200)
  // A name is shown and never used as a path; line breaks would forge log lines.
  @Matches(/^[^\u0000-\u001f\u007f/\\]+$/, {
    message: '$property must be a name without slashes and control characters',
  })
  fileName!: string;

  @ApiPropertyOptional({ description: 'of the qof-long layout, whose rows do not say it' })
  @IsOptional()
  @Matches(SERVICE_CODE, { message: '$property must be the code of a quality service' })
  serviceCode?: string;

  @ApiPropertyOptional({ description: 'of the qof-long layout, whose rows do not say it' })
  @IsOptional()
  @IsBusinessDate()
  achievementDate?: string;
}

export class ListExtractFilesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['taken', 'refused'] })
  @IsOptional()
  @IsIn(['taken', 'refused'])
  status?: 'taken' | 'refused';
}

export class RejectedRowsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'only rows rejected for this', example: 'PRACTICE_UNKNOWN' })
  @IsOptional()
  @Matches(/^[A-Z_]{1,60}$/, { message: '$property must be a code such as PRACTICE_UNKNOWN' })
  code?: string;
}

export class FileCountsDto implements FileCounts {
  @ApiProperty() readonly rows!: number;
  @ApiProperty() readonly rowsTaken!: number;
  @ApiProperty() readonly rowsRejected!: number;
  @ApiProperty({ description: 'fields that the rule pack names as read by nobody here' })
  readonly rowsIgnored!: number;
  @ApiProperty({ description: 'not the last submission of their practice' }) readonly rowsOlder!: number;
  @ApiProperty({ description: 'without a value in any cell, as spreadsheets leave them; not among the rows' })
  readonly rowsBlank!: number;
  @ApiProperty() readonly pagesReceived!: number;
  @ApiProperty() readonly pagesAmended!: number;
  @ApiProperty() readonly pagesUnchanged!: number;
  @ApiProperty() readonly pagesSuperseded!: number;
  @ApiProperty() readonly pagesRejected!: number;
  @ApiProperty({ description: 'values that could not be read, so that what stood before was left' })
  readonly valuesLeft!: number;
}

export class RefusalDto {
  @ApiProperty() readonly code!: string;
  @ApiProperty() readonly detail!: string;
  @ApiProperty({ type: Number, nullable: true }) readonly line!: number | null;
}

export class ExtractFileDto implements ExtractFileView {
  @ApiProperty({ format: 'uuid' }) readonly fileId!: string;
  @ApiProperty() readonly fileName!: string;
  @ApiProperty({ enum: ['cqrs', 'qof-long'] }) readonly layout!: Layout;
  @ApiProperty({ type: String, nullable: true }) readonly serviceCode!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly achievementDate!: string | null;
  @ApiProperty({ enum: ['taken', 'refused'] }) readonly status!: 'taken' | 'refused';
  @ApiProperty({ type: RefusalDto, nullable: true }) readonly refusal!: RefusalDto | null;
  @ApiProperty({ type: String, nullable: true }) readonly sha256!: string | null;
  @ApiProperty() readonly bytes!: number;
  @ApiProperty() readonly gzip!: boolean;
  @ApiProperty({ description: '1 when it was received; grows when its original is read again' })
  readonly reading!: number;
  @ApiProperty() readonly receivedAt!: Date;
  @ApiProperty() readonly receivedBy!: string;
  @ApiProperty({ type: Date, nullable: true, description: 'since then it counts as if it had not come' })
  readonly withdrawnAt!: Date | null;
  @ApiProperty({ type: FileCountsDto }) readonly counts!: FileCountsDto;
}

export class ReceiptDto extends ExtractFileDto {
  @ApiProperty({ description: 'these bytes had been taken before; nothing changed' })
  readonly repeated!: boolean;
}

export class RejectedRowDto implements RejectedRowView {
  @ApiProperty() readonly ordinal!: number;
  @ApiProperty() readonly line!: number;
  @ApiProperty({ example: 'VALUE_DECIMAL' }) readonly code!: string;
  @ApiProperty() readonly reason!: string;
  @ApiProperty({ type: String, nullable: true }) readonly detail!: string | null;
  @ApiProperty({ description: 'the row as it was sent' }) readonly text!: string;
}
