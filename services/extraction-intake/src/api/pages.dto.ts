import { ApiProperty, IsBusinessDate } from '@attest/http';
import { Matches } from 'class-validator';
import { ODS_CODE, SERVICE_CODE } from '@attest/contracts';
import type { NotReadView, PageValueView, PageView, PassedOverView } from '../application/views.js';

export class PagePath {
  @Matches(SERVICE_CODE, { message: '$property must be the code of a quality service' })
  service!: string;

  @IsBusinessDate()
  date!: string;

  @Matches(ODS_CODE, { message: '$property must be an ODS code' })
  practice!: string;
}

export class NotReadDto implements NotReadView {
  @ApiProperty({ example: 'VALUE_NOT_A_NUMBER' }) readonly code!: string;
  @ApiProperty() readonly reason!: string;
  @ApiProperty({ format: 'uuid', description: 'the file with the row that could not be read' })
  readonly fileId!: string;
  @ApiProperty() readonly fileName!: string;
  @ApiProperty() readonly line!: number;
  @ApiProperty() readonly submittedAt!: Date;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'the version that the value was first read with; null where nothing stood before',
  })
  readonly fromPageVersion!: number | null;
}

export class PageValueDto implements PageValueView {
  @ApiProperty() readonly indicatorCode!: string;
  @ApiProperty() readonly fieldName!: string;
  @ApiProperty({ type: Number, nullable: true, description: 'null was not sent, which is not 0' })
  readonly value!: number | null;
  @ApiProperty({
    type: NotReadDto,
    nullable: true,
    description: 'a row about this value that could not be read; the value is the one from before',
  })
  readonly notRead!: NotReadDto | null;
}

export class PageVersionDto implements PageView {
  @ApiProperty() readonly pageVersion!: number;
  @ApiProperty() readonly rulePackVersion!: number;
  @ApiProperty({ type: PageValueDto, isArray: true }) readonly values!: readonly PageValueDto[];
  @ApiProperty({ format: 'uuid' }) readonly fileId!: string;
  @ApiProperty() readonly fileName!: string;
  @ApiProperty() readonly fileSha256!: string;
  @ApiProperty() readonly firstLine!: number;
  @ApiProperty() readonly lastLine!: number;
  @ApiProperty({ description: 'values that the supplier filled in itself' }) readonly defaultsUsed!: number;
  @ApiProperty() readonly submittedAt!: Date;
  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'the accepted amendment that the values come from; file and lines are then those of the rest',
  })
  readonly amendmentId!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'the withdrawal of a file by which it stands again',
  })
  readonly withdrawalId!: string | null;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'the older file that came late and had values that newer files could not be read with',
  })
  readonly filledByFileId!: string | null;
  @ApiProperty({ description: 'everything that was said of this page was withdrawn' })
  readonly nothingStands!: boolean;
}

export class PassedOverDto implements PassedOverView {
  @ApiProperty({ format: 'uuid' }) readonly fileId!: string;
  @ApiProperty() readonly fileName!: string;
  @ApiProperty() readonly submittedAt!: Date;
  @ApiProperty({
    enum: ['OLDER_SUBMISSION', 'AMENDMENT_STANDS', 'PAGE_INCOMPLETE'],
    description:
      'AMENDMENT_STANDS: it said once more what an accepted amendment had corrected; PAGE_INCOMPLETE: it lacked a required value, or one could not be read',
  })
  readonly why!: PassedOverView['why'];
  @ApiProperty({ description: 'the version that counted when it came' }) readonly byPageVersion!: number;
}

export class PageVersionsDto {
  @ApiProperty() readonly serviceCode!: string;
  @ApiProperty() readonly achievementDate!: string;
  @ApiProperty() readonly practiceCode!: string;
  @ApiProperty({ type: PageVersionDto, isArray: true, description: 'newest first' })
  readonly versions!: PageVersionDto[];
  @ApiProperty({ type: PassedOverDto, isArray: true, description: 'newest first, up to 100' })
  readonly passedOver!: PassedOverDto[];
}
