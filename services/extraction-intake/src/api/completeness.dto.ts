import { ApiProperty, ApiPropertyOptional, PageQuery } from '@attest/http';
import { IsISO8601, IsOptional, Matches } from 'class-validator';
import { SERVICE_CODE } from '@attest/contracts';
import type { CompletenessView } from '../application/views.js';

const DATE = /^\d{4}-\d{2}-\d{2}$/;

export class CompletenessQuery extends PageQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(SERVICE_CODE, { message: '$property must be the code of a quality service' })
  serviceCode?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @Matches(DATE, { message: '$property must be a date YYYY-MM-DD' })
  @IsISO8601({ strict: true }, { message: '$property must be a day of the calendar' })
  achievementDate?: string;
}

export class MissingPagesQuery extends PageQuery {
  @ApiProperty()
  @Matches(SERVICE_CODE, { message: '$property must be the code of a quality service' })
  serviceCode!: string;

  @ApiProperty()
  @Matches(DATE, { message: '$property must be a date YYYY-MM-DD' })
  @IsISO8601({ strict: true }, { message: '$property must be a day of the calendar' })
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
