import { IsOptional, Matches } from 'class-validator';
import { ApiPropertyOptional, PageQuery, IsBusinessDate } from '@attest/http';

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
  @IsBusinessDate()
  achievementDate?: string;
}
