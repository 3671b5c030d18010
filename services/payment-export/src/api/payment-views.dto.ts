import { ApiProperty } from '@nestjs/swagger';
import { pageOf } from '@attest/http';
import { QUARANTINE_WORDS } from '../domain/acknowledgement.js';
import { RUN_STATES, type RunState } from '../domain/release-run.js';
import { RUN_ITEM_STATES, type RunItemView } from '../application/run.queries.js';

const uuid = { type: String, format: 'uuid' } as const;
const date = { type: String, format: 'date' } as const;
const instant = { type: String, format: 'date-time' } as const;
const pence = { type: String, pattern: '^-?\\d{1,18}$', description: 'pence, as digits' } as const;
const orNull = { nullable: true } as const;
const text = { type: String, nullable: true } as const;
const count = { type: Number } as const;

export class FileDto {
  @ApiProperty({ example: 'ATTEST-PCSE-2026-07-R001.csv' }) fileName!: string;
  @ApiProperty(uuid) runId!: string;
  @ApiProperty({ example: '2026-07' }) paymentPeriod!: string;
  @ApiProperty() agencyCode!: string;
  @ApiProperty(count) lines!: number;
  @ApiProperty(pence) totalPence!: string;
  @ApiProperty({ description: 'of the bytes, in hexadecimal' }) sha256!: string;
  @ApiProperty(date) payOn!: string;
  @ApiProperty(instant) sealedAt!: Date;
}

export class ManifestDto {
  @ApiProperty() fileName!: string;
  @ApiProperty(uuid) runId!: string;
  @ApiProperty() paymentPeriod!: string;
  @ApiProperty() agencyCode!: string;
  @ApiProperty(count) lines!: number;
  @ApiProperty(pence) totalPence!: string;
  @ApiProperty() sha256!: string;
  @ApiProperty(date) payOn!: string;
}

export class RunDto {
  @ApiProperty(uuid) runId!: string;
  @ApiProperty({ example: '2026-07' }) paymentPeriod!: string;
  @ApiProperty({ ...count, description: 'of the period; its files are named by it' }) sequence!: number;
  @ApiProperty({ enum: RUN_STATES }) state!: RunState;
  @ApiProperty({ ...instant, ...orNull, description: 'of the calendar; null where people started it' })
  cutOffAt!: Date | null;
  @ApiProperty() requestedBy!: string;
  @ApiProperty(instant) requestedAt!: Date;
  @ApiProperty({ ...instant, ...orNull }) endedAt!: Date | null;
  @ApiProperty({ ...text, description: 'what it came to, or why it was aborted' }) words!: string | null;
  @ApiProperty({ ...text, description: 'what keeps it from going on, until it does' })
  troubleCode!: string | null;
  @ApiProperty(text) troubleWords!: string | null;
  @ApiProperty({ ...instant, ...orNull }) troubleSince!: Date | null;
  @ApiProperty({ ...count, description: 'approved and payable when it began to ask' }) listed!: number;
  @ApiProperty(count) requested!: number;
  @ApiProperty({ ...count, description: 'confirmed and not sealed yet' }) confirmed!: number;
  @ApiProperty(count) included!: number;
  @ApiProperty(count) notIncluded!: number;
}

export class RunDetailDto extends RunDto {
  @ApiProperty({ type: [FileDto], description: 'for whoever reads all of England' }) files!: FileDto[];
}

export class RunItemDto {
  @ApiProperty(uuid) declarationId!: string;
  @ApiProperty({ type: String }) declarationVersion!: bigint;
  @ApiProperty(count) attempt!: number;
  @ApiProperty() providerCode!: string;
  @ApiProperty() commissionerCode!: string;
  @ApiProperty() serviceCode!: string;
  @ApiProperty(date) achievementDate!: string;
  @ApiProperty({ enum: RUN_ITEM_STATES }) state!: RunItemView['state'];
  @ApiProperty({ ...text, description: 'why it was refused or not included' }) code!: string | null;
  @ApiProperty(text) words!: string | null;
  @ApiProperty({ ...pence, ...orNull }) owedPence!: bigint | null;
  @ApiProperty(text) fileName!: string | null;
  @ApiProperty({ ...count, ...orNull }) lineNumber!: number | null;
}

export class AcknowledgementReceiptDto {
  @ApiProperty(uuid) fileId!: string;
  @ApiProperty() fileName!: string;
  @ApiProperty() agencyCode!: string;
  @ApiProperty(instant) receivedAt!: Date;
  @ApiProperty(count) lines!: number;
  @ApiProperty({ ...count, description: 'answers that were new' }) applied!: number;
  @ApiProperty({ ...count, description: 'answers that were known already' }) repeated!: number;
  @ApiProperty({ ...count, description: 'kept aside, each with its code and text' }) quarantined!: number;
}

export class TakenAcknowledgementsDto extends AcknowledgementReceiptDto {
  @ApiProperty({ description: 'this very file was taken before and nothing was done' })
  repeatedFile!: boolean;
}

const LINE_STATES = ['applied', 'repeated', 'quarantined'] as const;

export class AcknowledgementLineDto {
  @ApiProperty({ ...count, description: 'in the file; 1 is its header' }) line!: number;
  @ApiProperty({ enum: LINE_STATES }) state!: string;
  @ApiProperty({ enum: Object.keys(QUARANTINE_WORDS), nullable: true }) code!: string | null;
  @ApiProperty(text) words!: string | null;
  @ApiProperty({ description: 'the line as it came' }) text!: string;
}

export class AchievementStandingDto {
  @ApiProperty(date) achievementDate!: string;
  @ApiProperty({ ...pence, description: 'of the newest approved version, adjustments included' })
  entitlement!: bigint;
  @ApiProperty(pence) sealed!: bigint;
  @ApiProperty(pence) rejected!: bigint;
  @ApiProperty(pence) settledOutside!: bigint;
  @ApiProperty({ ...pence, description: 'sealed and acknowledged' }) paid!: bigint;
  @ApiProperty({ ...pence, description: 'entitlement - (sealed - rejected + settled outside)' })
  owed!: bigint;
}

export const ENTRY_KINDS = [
  'entitlement',
  'lapsed',
  'settled-outside',
  'sealed',
  'rejected',
  'paid',
] as const;

export class LedgerEntryDto {
  @ApiProperty({ type: String }) entryId!: bigint;
  @ApiProperty(date) achievementDate!: string;
  @ApiProperty(uuid) declarationId!: string;
  @ApiProperty({ type: String }) declarationVersion!: bigint;
  @ApiProperty({ ...count, description: '0 where the entry belongs to the version' }) attempt!: number;
  @ApiProperty({ enum: ENTRY_KINDS }) kind!: string;
  @ApiProperty(pence) pence!: bigint;
  @ApiProperty(text) fileName!: string | null;
  @ApiProperty({ ...count, ...orNull }) lineNumber!: number | null;
  @ApiProperty(instant) enteredAt!: Date;
}

export class LedgerEntryPageDto extends pageOf(LedgerEntryDto) {}

export class AccountDto {
  @ApiProperty() providerCode!: string;
  @ApiProperty() serviceCode!: string;
  @ApiProperty({ type: [AchievementStandingDto], description: 'newest first' })
  achievements!: readonly AchievementStandingDto[];
  @ApiProperty({ type: LedgerEntryPageDto, description: 'oldest first' }) entries!: LedgerEntryPageDto;
}
