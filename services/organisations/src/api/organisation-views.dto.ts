import { ORGANISATION_KINDS, ROLES, type Role } from '@attest/contracts';
import { ApiProperty } from '@attest/http';
import { REJECTIONS, type RejectionCode } from '../domain/files/rejected-row.js';
import { LAYOUTS, type Layout } from '../domain/files/layouts.js';
import { FILE_STATUSES, type FileStatus } from '../domain/files/file-status.js';
import { PAYEE_CHANGE_STATUSES, type PayeeChangeStatus } from '../domain/payees/payee-change.js';
import { EFFECT_KINDS, type EffectCounts, type EffectKind } from '../domain/register/effect.js';
import type { OrganisationKind } from '../domain/register/organisation.js';

const date = { type: String, format: 'date' } as const;
const dateOrNull = { ...date, nullable: true } as const;
const codeOrNull = { type: String, nullable: true } as const;

export class ReceiptDto {
  @ApiProperty({ format: 'uuid' }) fileId!: string;
  @ApiProperty({ enum: LAYOUTS }) layout!: Layout;
  @ApiProperty(date) asAt!: string;
  @ApiProperty() fileName!: string;
  @ApiProperty({ description: 'of the unpacked bytes, in hexadecimal' }) sha256!: string;
  @ApiProperty() bytes!: number;
  @ApiProperty() rows!: number;
  @ApiProperty() accepted!: number;
  @ApiProperty({ description: 'understood, but nothing that Attest pays' }) skipped!: number;
  @ApiProperty() rejected!: number;
  @ApiProperty({ description: 'organisations, networks and roles that were published anew' })
  changed!: number;
  @ApiProperty({ description: 'this very file was taken before and nothing was done' }) repeated!: boolean;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'what deserves a look, counted',
  })
  notes!: Record<string, number>;
  @ApiProperty({
    enum: FILE_STATUSES,
    description:
      'AWAITING_CONFIRMATION: it would take away so much that a second person confirms it; until then it says nothing. AWAITING_WITHDRAWAL: it counts until a second person confirms its withdrawal.',
  })
  status!: FileStatus;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    nullable: true,
    description: `what it did or, while it waits, would do: how many are ${EFFECT_KINDS.join(', ')}; beside it what stood on its date. Names: organisation-files/:fileId/effects`,
  })
  effect!: EffectCounts | null;
  @ApiProperty({ format: 'date-time' }) receivedAt!: Date;
  @ApiProperty() receivedBy!: string;
  @ApiProperty({ description: 'who took the newest step with it' }) decidedBy!: string;
  @ApiProperty({ format: 'date-time' }) decidedAt!: Date;
  @ApiProperty({ type: String, nullable: true, description: 'of the newest step' }) reason!: string | null;
}

export class FileEffectDto {
  @ApiProperty() code!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ enum: EFFECT_KINDS }) kind!: EffectKind;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'the date, PCN, commissioner or list size as it stands',
  })
  before!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'and as it becomes' }) after!: string | null;
}

export class WithdrawalPreviewDto {
  @ApiProperty({ description: 'whether another person confirms the withdrawal' }) needsSecondPerson!: boolean;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } }) effect!: EffectCounts;
  @ApiProperty({ type: [FileEffectDto] }) items!: readonly FileEffectDto[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}

export class RejectedRowDto {
  @ApiProperty() line!: number;
  @ApiProperty({ enum: Object.keys(REJECTIONS) }) code!: RejectionCode;
  @ApiProperty() reason!: string;
  @ApiProperty() original!: string;
}

export class PayeeDto {
  @ApiProperty() payeeCode!: string;
  @ApiProperty() payeeName!: string;
  @ApiProperty() accountReference!: string;
}

export class ListSizeDto {
  @ApiProperty(date) listSizeOn!: string;
  @ApiProperty() registeredPatients!: number;
}

export class OrganisationDto {
  @ApiProperty() code!: string;
  @ApiProperty({ enum: ORGANISATION_KINDS }) kind!: OrganisationKind;
  @ApiProperty() name!: string;
  @ApiProperty(codeOrNull) commissionerCode!: string | null;
  @ApiProperty({ type: [String] }) ancestors!: readonly string[];
  @ApiProperty(dateOrNull) openOn!: string | null;
  @ApiProperty(dateOrNull) closeOn!: string | null;
  @ApiProperty({ type: PayeeDto, nullable: true }) payee!: PayeeDto | null;
  @ApiProperty({ type: [ListSizeDto] }) listSizes!: readonly ListSizeDto[];
  @ApiProperty() organisationVersion!: number;
}

export class MemberDto {
  @ApiProperty() practiceCode!: string;
  @ApiProperty() name!: string;
  @ApiProperty(codeOrNull) commissionerCode!: string | null;
  @ApiProperty(date) from!: string;
  @ApiProperty(dateOrNull) to!: string | null;
  @ApiProperty({ type: Number, nullable: true }) registeredPatients!: number | null;
  @ApiProperty(dateOrNull) listSizeOn!: string | null;
}

export class SpellDto {
  @ApiProperty() pcnCode!: string;
  @ApiProperty() name!: string;
  @ApiProperty(date) from!: string;
  @ApiProperty(dateOrNull) to!: string | null;
}

export class ChangedPcnDto {
  @ApiProperty() pcnCode!: string;
  @ApiProperty({ enum: ['established', 'joined', 'left', 'corrected'] }) change!: string;
  @ApiProperty() membershipVersion!: number;
  @ApiProperty(date) changedFrom!: string;
  @ApiProperty(dateOrNull) changedTo!: string | null;
}

export class MembershipChangedDto {
  @ApiProperty({ format: 'uuid' }) changeId!: string;
  @ApiProperty() practiceCode!: string;
  @ApiProperty(date) effectiveOn!: string;
  @ApiProperty({ type: [ChangedPcnDto] }) pcns!: readonly ChangedPcnDto[];
}

export class ChangeResultDto {
  @ApiProperty() practiceCode!: string;
  @ApiProperty({ enum: ['CHANGED', '…'], description: 'CHANGED, or the code with which it is refused.' })
  code!: string;
  @ApiProperty({ format: 'uuid', type: String, nullable: true }) changeId!: string | null;
  @ApiProperty({ description: 'What happened and what to do next.' }) words!: string;
}

export class MembershipsChangedDto {
  @ApiProperty() changed!: number;
  @ApiProperty() refused!: number;
  @ApiProperty({ type: [ChangeResultDto], description: 'In the order of the request.' })
  results!: readonly ChangeResultDto[];
  @ApiProperty({ type: [ChangedPcnDto], description: 'Each once, however many of its practices moved.' })
  pcns!: readonly ChangedPcnDto[];
}

export class AssignmentDto {
  @ApiProperty({ format: 'uuid' }) assignmentId!: string;
  @ApiProperty() personId!: string;
  @ApiProperty({ enum: ROLES }) role!: Role;
  @ApiProperty() organisationCode!: string;
  @ApiProperty(date) from!: string;
  @ApiProperty(dateOrNull) to!: string | null;
  @ApiProperty() assignmentVersion!: number;
}

export class ListedAssignmentDto extends AssignmentDto {
  @ApiProperty({ type: String, nullable: true }) personName!: string | null;
  @ApiProperty({ format: 'date-time' }) recordedAt!: Date;
}

export class PayeeChangeView {
  @ApiProperty({ format: 'uuid' }) changeId!: string;
  @ApiProperty() providerCode!: string;
  @ApiProperty({ type: PayeeDto }) payee!: PayeeDto;
  @ApiProperty({ type: PayeeDto, nullable: true, description: 'As it was when the change was proposed.' })
  formerPayee!: PayeeDto | null;
  @ApiProperty() reason!: string;
  @ApiProperty({ enum: PAYEE_CHANGE_STATUSES }) status!: PayeeChangeStatus;
  @ApiProperty() proposedBy!: string;
  @ApiProperty({ format: 'date-time' }) proposedAt!: Date;
  @ApiProperty({ type: String, nullable: true }) decidedBy!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) decidedAt!: Date | null;
}
