import { ApiProperty, ApiPropertyOptional, IsBusinessDate } from '@attest/http';
import { IsBoolean, IsOptional, IsString } from 'class-validator';
import { ReasonDto } from '../core/declaration.dto.js';
import { ReleaseItems } from './release-items.js';

export class PlaceHoldDto extends ReasonDto {
  @ApiPropertyOptional({
    example: '2026-09-30',
    description: 'Its last day. After it people are told; it is never released by itself.',
  })
  @IsOptional()
  @IsBusinessDate()
  expiresOn?: string;
}

export class ReleaseHoldDto {
  @ApiProperty({ description: 'That the figures were compared and are right.' })
  @IsOptional()
  @IsBoolean()
  confirmation?: boolean;

  @ApiPropertyOptional({ maxLength: 1000 })
  @IsOptional()
  @IsString()
  reason?: string;
}

export class BulkReleaseItemDto {
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty({ format: 'uuid' }) holdId!: string;

  @ApiPropertyOptional({
    type: Number,
    description: "The declaration's revision whose figures you compared; another one is refused.",
  })
  revision?: number;
}

export class BulkReleaseHoldsDto extends ReleaseHoldDto {
  @ApiProperty({ type: [BulkReleaseItemDto], maxItems: 500, minItems: 1 })
  @ReleaseItems()
  items!: BulkReleaseItemDto[];
}

export class KeepEarlierFigureDto extends ReasonDto {
  @ApiProperty({ description: 'That both figures were compared and the earlier one is to be paid.' })
  @IsOptional()
  @IsBoolean()
  confirmation?: boolean;
}
