import {
  ApiProperty,
  ApiPropertyOptional,
  PageQuery,
  WHOLE_NUMBER_MOST,
  WholeNumberInQuery,
  IsBusinessDate,
} from '@attest/http';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { ODS_CODE, SERVICE_CODE } from '@attest/contracts';

const SAYS = {
  service: { message: '$property must be the code of a quality service' },
  date: { message: '$property must be a date YYYY-MM-DD' },
  day: { message: '$property must be a day of the calendar' },
  ods: { message: '$property must be an ODS code' },
};
const STATES = ['none', 'calculated', 'not-applicable'] as const;

export class ListAchievementsQuery extends PageQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(SERVICE_CODE, SAYS.service)
  serviceCode?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsBusinessDate()
  achievementDate?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @Matches(ODS_CODE, SAYS.ods)
  organisationCode?: string;

  @ApiPropertyOptional({ description: 'whose commissioner this is' })
  @IsOptional()
  @Matches(ODS_CODE, SAYS.ods)
  commissionerCode?: string;

  @ApiPropertyOptional({ enum: STATES })
  @IsOptional()
  @IsIn(STATES)
  state?: (typeof STATES)[number];

  @ApiPropertyOptional({ enum: ['true', 'false'], description: 'with an open marker: awaiting or blocked' })
  @IsOptional()
  @IsIn(['true', 'false'])
  open?: 'true' | 'false';
}

export class AchievementPath {
  @Matches(SERVICE_CODE, SAYS.service)
  service!: string;

  @IsBusinessDate()
  date!: string;

  @Matches(ODS_CODE, SAYS.ods)
  organisation!: string;
}

export class AchievementQuery {
  @ApiPropertyOptional({
    minimum: 1,
    maximum: WHOLE_NUMBER_MOST,
    description: 'explain this revision instead of the newest',
  })
  @IsOptional()
  @WholeNumberInQuery()
  figureRevision?: number;
}

export class RequestRecalculationDto {
  @ApiProperty({ example: 'QOFAST1415' })
  @Matches(SERVICE_CODE, SAYS.service)
  serviceCode!: string;

  @ApiProperty({ example: '2015-03-31' })
  @IsBusinessDate()
  achievementDate!: string;
}
