import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ACKNOWLEDGEMENT_OUTCOMES } from '@attest/contracts';
import { ApiProperty, ApiPropertyOptional, IsBusinessDate } from '@attest/http';
import type { Repair } from '../domain/quarantine.js';

/** As many as a cell may hold. */
const MOST_COUNT = 999_999_999;

export class RepairedCellsDto {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(200)
  fileName?: string;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: MOST_COUNT })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_COUNT)
  lineNumber?: number;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  declarationId?: string;

  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: MOST_COUNT })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_COUNT)
  attempt?: number;

  @ApiPropertyOptional({ type: String, description: 'in pence, digits' })
  @IsOptional()
  @Matches(/^[1-9]\d{0,14}$/)
  pence?: string;

  @ApiPropertyOptional({ enum: ACKNOWLEDGEMENT_OUTCOMES })
  @IsOptional()
  @IsIn(ACKNOWLEDGEMENT_OUTCOMES)
  outcome?: string;

  @ApiPropertyOptional({ maxLength: 40 })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  reasonCode?: string;

  @ApiPropertyOptional({ maxLength: 1_000, description: 'of a rejection or a return' })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  reason?: string;

  @ApiPropertyOptional({ format: 'date', description: 'of a return' })
  @IsOptional()
  @IsBusinessDate()
  returnedOn?: string;
}

export class ProposeRepairDto {
  @ApiPropertyOptional({
    type: RepairedCellsDto,
    description:
      'What is put right. What is left out stays as the answer states it; nothing: it is applied as it came.',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => RepairedCellsDto)
  answer?: RepairedCellsDto;

  @ApiProperty({ maxLength: 1_000, description: 'How it was found out.' })
  @IsOptional()
  @IsString()
  reason?: string;
}

export class SettleReasonDto {
  @ApiProperty({ maxLength: 1_000 })
  @IsOptional()
  @IsString()
  reason?: string;
}

/** As cells of a line, which is how they are read. */
export const repairFrom = (cells: RepairedCellsDto = {}): Repair => ({
  ...cells,
  declarationId: cells.declarationId?.toLowerCase(),
  lineNumber: cells.lineNumber?.toString(),
  attempt: cells.attempt?.toString(),
});
