import { ApiProperty, pageOf } from '@attest/http';
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
  @ApiProperty({ ...count, description: 'settled without a line: recoveries, and what they took whole' })
  netted!: number;
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
  @ApiProperty({ ...pence, description: 'taken off it by recoveries; of a recovery, below zero, taken over' })
  nettedPence!: bigint;
  @ApiProperty({ ...pence, description: 'of a recovery: what stayed a debt' }) debtPence!: bigint;
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
  @ApiProperty({ ...count, description: 'rows without any value, as spreadsheets leave them; no lines' })
  blank!: number;
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
  @ApiProperty({ ...pence, description: 'at once, or returned after it was paid' }) rejected!: bigint;
  @ApiProperty(pence) settledOutside!: bigint;
  @ApiProperty({
    ...pence,
    description: 'taken by recoveries; of recoveries, below zero, what payments have borne',
  })
  netted!: bigint;
  @ApiProperty({ ...pence, description: 'sealed and acknowledged, and not returned since' }) paid!: bigint;
  @ApiProperty({ ...pence, description: 'recoveries that no payment could bear yet' }) debt!: bigint;
  @ApiProperty({
    ...pence,
    description: 'entitlement + debt - (sealed - rejected + settled outside + netted)',
  })
  owed!: bigint;
}

export const ENTRY_KINDS = [
  'entitlement',
  'lapsed',
  'settled-outside',
  'sealed',
  'rejected',
  'paid',
  'returned',
  'netted',
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
  @ApiProperty({ ...uuid, ...orNull, description: 'of a netting: its other side' })
  againstDeclarationId!: string | null;
  @ApiProperty({ ...uuid, ...orNull, description: 'of a netting' }) runId!: string | null;
  @ApiProperty(instant) enteredAt!: Date;
}

export class LedgerEntryPageDto extends pageOf(LedgerEntryDto) {}

export class DebtDto {
  @ApiProperty(uuid) declarationId!: string;
  @ApiProperty(date) achievementDate!: string;
  @ApiProperty() agencyCode!: string;
  @ApiProperty(pence) pence!: bigint;
  @ApiProperty({ ...pence, description: 'tried again in each run until nothing is left' }) openPence!: bigint;
  @ApiProperty({ ...uuid, description: 'the run that took it over' }) runId!: string;
  @ApiProperty(instant) recordedAt!: Date;
  @ApiProperty({ ...instant, ...orNull }) settledAt!: Date | null;
}

export class AccountDto {
  @ApiProperty() providerCode!: string;
  @ApiProperty() serviceCode!: string;
  @ApiProperty({ type: [AchievementStandingDto], description: 'newest first' })
  achievements!: readonly AchievementStandingDto[];
  @ApiProperty({ type: [DebtDto], description: 'newest first' }) debts!: readonly DebtDto[];
  @ApiProperty({ type: LedgerEntryPageDto, description: 'oldest first' }) entries!: LedgerEntryPageDto;
}
