import { ApiProperty, type CsvColumn, toCsv } from '@attest/http';
import type { ProviderHistoryRow } from '../../application/looking/queries.js';
import { ON_HOLD_LABEL, STATUS_LABELS } from '../../domain/core/declaration.transitions.js';
import { HistoryView } from './declaration.view.js';

export class ProviderHistoryView extends HistoryView implements ProviderHistoryRow {
  @ApiProperty({ format: 'uuid' }) declarationId!: string;
  @ApiProperty({ enum: ['achievement', 'adjustment'] }) kind!: string;
  @ApiProperty() serviceCode!: string;
  @ApiProperty() achievementDate!: string;
  @ApiProperty() commissionerCode!: string;
  @ApiProperty() paymentPeriod!: string;
  @ApiProperty({ description: 'What people read: On Hold while any hold stood.' }) label!: string;
}

export const providerHistoryViewOf = (row: ProviderHistoryRow): ProviderHistoryView => ({
  ...row,
  label: row.holds.length > 0 ? ON_HOLD_LABEL : STATUS_LABELS[row.toStatus],
});

const COLUMNS: readonly CsvColumn<ProviderHistoryView>[] = [
  { header: 'at', value: (row) => row.at },
  { header: 'declaration_id', value: (row) => row.declarationId },
  { header: 'revision', value: (row) => row.revision },
  { header: 'kind', value: (row) => row.kind },
  { header: 'service_code', value: (row) => row.serviceCode },
  { header: 'achievement_date', value: (row) => row.achievementDate },
  { header: 'commissioner_code', value: (row) => row.commissionerCode },
  { header: 'payment_period', value: (row) => row.paymentPeriod },
  { header: 'action', value: (row) => row.action },
  { header: 'from_status', value: (row) => row.fromStatus },
  { header: 'to_status', value: (row) => row.toStatus },
  { header: 'label', value: (row) => row.label },
  { header: 'holds', value: (row) => row.holds.map((hold) => hold.code).join(' ') },
  { header: 'actor', value: (row) => row.actor },
  { header: 'person_id', value: (row) => row.personId },
  { header: 'for_organisation', value: (row) => row.forOrganisation },
  { header: 'code', value: (row) => row.code },
  { header: 'reason', value: (row) => row.reason },
  { header: 'amount_pence', value: (row) => row.pence },
  { header: 'previous_amount_pence', value: (row) => row.previousPence },
  { header: 'figure_revision', value: (row) => row.figureRevision },
  { header: 'declaration_version', value: (row) => row.declarationVersion },
  { header: 'attempt', value: (row) => row.attempt },
  { header: 'run_id', value: (row) => row.runId },
];

export const providerHistoryCsv = (rows: readonly ProviderHistoryView[]): string => toCsv(COLUMNS, rows);
