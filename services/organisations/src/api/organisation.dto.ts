import { ORGANISATION_KINDS, ROLES, type Role, ODS_CODE } from '@attest/contracts';
import { ApiProperty, ApiPropertyOptional, PageQuery, IsBusinessDate } from '@attest/http';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { FILE_STATUSES, type FileStatus } from '../domain/files/file-status.js';
import { LAYOUTS, type Layout } from '../domain/files/layouts.js';
import { PAYEE_CHANGE_STATUSES, type PayeeChangeStatus } from '../domain/payees/payee-change.js';
import type { OrganisationKind } from '../domain/register/organisation.js';

export const IsOdsCode = (): PropertyDecorator =>
  Matches(ODS_CODE, { message: '$property must be an ODS code such as A81001' });

export class FileQuery {
  @ApiProperty({ enum: LAYOUTS })
  @IsIn(LAYOUTS)
  layout!: Layout;

  @ApiProperty({ format: 'date', description: 'the date that the file describes' })
  @IsBusinessDate()
  asAt!: string;

  @ApiProperty({ maxLength: 200 })
  @IsString()
  @Length(1, 200)
  fileName!: string;
}

export class FilesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: FILE_STATUSES })
  @IsOptional()
  @IsIn(FILE_STATUSES)
  status?: FileStatus;
}

export class FileReasonDto {
  @ApiProperty({ maxLength: 1000, description: 'Why; it is kept with the file.' })
  @IsOptional() // refused with REASON_MISSING, which says more
  reason!: string;
}

export class RequestedChangeDto {
  @ApiProperty({ example: 'A81001' })
  @IsOdsCode()
  practiceCode!: string;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'U89141' })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsOdsCode()
  leavesPcnCode?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, example: 'U07032' })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsOdsCode()
  joinsPcnCode?: string | null;

  @ApiProperty({ format: 'date', description: 'the first day in the new PCN, or in none' })
  @IsBusinessDate()
  effectiveOn!: string;
}

export class MembershipChangeDto extends RequestedChangeDto {
  @ApiProperty({ maxLength: 1000 })
  @IsOptional() // refused with REASON_MISSING, which says more
  reason!: string;
}

/** A whole ICB is some 500 practices. */
const CHANGES_MOST = 2_000;

export class BulkMembershipChangesDto {
  @ApiProperty({ type: [RequestedChangeDto], minItems: 1, maxItems: CHANGES_MOST })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(CHANGES_MOST)
  @ValidateNested({ each: true })
  @Type(() => RequestedChangeDto)
  changes!: RequestedChangeDto[];

  @ApiProperty({ maxLength: 1000, description: 'Why all of them change.' })
  @IsOptional() // refused with REASON_MISSING, which says more
  reason!: string;
}

export class OrganisationQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ORGANISATION_KINDS })
  @IsOptional()
  @IsIn(ORGANISATION_KINDS)
  kind?: OrganisationKind;

  @ApiPropertyOptional()
  @IsOptional()
  @IsOdsCode()
  commissionerCode?: string;

  @ApiPropertyOptional({ description: 'a part of the name' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  name?: string;

  @ApiPropertyOptional({ format: 'date', description: 'only those open on this date' })
  @IsOptional()
  @IsBusinessDate()
  openOn?: string;
}

export class MembersQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'date', description: 'today when left out' })
  @IsOptional()
  @IsBusinessDate()
  asAt?: string;
}

export class RoleQuery extends PageQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @IsOdsCode()
  organisationCode?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(120)
  personId?: string;

  @ApiPropertyOptional({ enum: ROLES })
  @IsOptional()
  @IsIn(ROLES)
  role?: Role;
}

export class RoleAssignmentDto {
  @ApiProperty({ maxLength: 120 })
  @Matches(/^\S{1,120}$/, { message: '$property must be 1 to 120 characters without spaces' })
  personId!: string;

  @ApiPropertyOptional({ maxLength: 200 })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  name?: string;

  @ApiProperty({ enum: ROLES })
  @IsIn(ROLES)
  role!: Role;

  @ApiProperty()
  @IsOdsCode()
  organisationCode!: string;

  @ApiProperty({ format: 'date' })
  @IsBusinessDate()
  from!: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    nullable: true,
    description: 'the day after the last',
  })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsBusinessDate()
  to?: string | null;
}

export class EndRoleDto {
  @ApiProperty({ format: 'date', description: 'the first day on which it no longer counts' })
  @IsBusinessDate()
  on!: string;
}

export class PayeeChangeDto {
  @ApiProperty({ example: 'A81001', description: 'The practice or PCN for which somebody else is paid.' })
  @IsOdsCode()
  providerCode!: string;

  @ApiProperty({ example: 'A81002' })
  @IsOdsCode()
  payeeCode!: string;

  @ApiProperty({ maxLength: 200 })
  @Matches(/^\S(.{0,198}\S)?$/u, { message: '$property must be 1 to 200 characters, no space at either end' })
  payeeName!: string;

  @ApiProperty({
    example: 'ATTEST-A81002',
    description: 'The reference by which the payment agency knows the account; never an account number.',
  })
  @Matches(/^[A-Z][A-Z0-9-]{3,39}$/, {
    message:
      '$property must be a reference of 4 to 40 capitals, digits and hyphens that begins with a letter',
  })
  accountReference!: string;

  @ApiProperty({ maxLength: 1000 })
  @IsOptional() // refused with REASON_MISSING, which says more
  reason!: string;
}

export class PayeeChangesQuery extends PageQuery {
  @ApiPropertyOptional()
  @IsOptional()
  @IsOdsCode()
  providerCode?: string;

  @ApiPropertyOptional({ enum: PAYEE_CHANGE_STATUSES })
  @IsOptional()
  @IsIn(PAYEE_CHANGE_STATUSES)
  status?: PayeeChangeStatus;
}
