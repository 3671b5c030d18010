import { ApiProperty, ApiPropertyOptional, PageQuery, IsBusinessDate } from '@attest/http';
import { IsOptional, Matches } from 'class-validator';
import { SERVICE_CODE } from '@attest/contracts';
import type { CompletenessView } from '../application/views.js';

export class CompletenessQuery extends PageQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(SERVICE_CODE, { message: '$property must be the code of a quality service' })
  serviceCode?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsBusinessDate()
  achievementDate?: string;
}

export class MissingPagesQuery extends PageQuery {
  @ApiProperty()
  @Matches(SERVICE_CODE, { message: '$property must be the code of a quality service' })
  serviceCode!: string;

  @ApiProperty()
  @IsBusinessDate()
  achievementDate!: string;
}

export class CompletenessDto implements CompletenessView {
  @ApiProperty() readonly serviceCode!: string;
  @ApiProperty() readonly achievementDate!: string;
  @ApiProperty({ description: 'practices whose accepted participation covers the date' })
  readonly expected!: number;
  @ApiProperty() readonly received!: number;
  @ApiProperty() readonly complete!: boolean;
  @ApiProperty() readonly completenessVersion!: number;
  @ApiProperty() readonly recordedAt!: Date;
}

export class MissingPageDto {
  @ApiProperty() readonly practiceCode!: string;
}
