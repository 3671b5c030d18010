import { IsISO8601, IsOptional, Matches } from 'class-validator';
import { ApiPropertyOptional, PageQuery } from '@attest/http';

const CODE = /^[A-Z][A-Z0-9]{1,19}$/;

export class ProviderParamsDto {
  @Matches(CODE)
  organisationCode!: string;
}

export class ProviderHistoryDto extends PageQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(CODE)
  serviceCode?: string;

  @ApiPropertyOptional({ example: '2026-07-31' })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  @IsISO8601({ strict: true })
  achievementDate?: string;
}
