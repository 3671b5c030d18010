import { toCsv, type CsvColumn } from '@attest/http';
import type { DeclarationView } from './declaration.view.js';

const COLUMNS: readonly CsvColumn<DeclarationView>[] = [
  { header: 'declaration_id', value: (d) => d.declarationId },
  { header: 'kind', value: (d) => d.kind },
  { header: 'service_code', value: (d) => d.serviceCode },
  { header: 'achievement_date', value: (d) => d.achievementDate },
  { header: 'organisation_code', value: (d) => d.organisationCode },
  { header: 'commissioner_code', value: (d) => d.commissionerCode },
  { header: 'payment_period', value: (d) => d.paymentPeriod },
  { header: 'status', value: (d) => d.status },
  { header: 'label', value: (d) => d.label },
  { header: 'status_since', value: (d) => d.statusSince },
  { header: 'holds', value: (d) => d.holds.map((hold) => hold.code).join(' ') },
  { header: 'awaiting_aggregation', value: (d) => d.awaitingAggregation },
  { header: 'amount_pence', value: (d) => d.pence },
  { header: 'declaration_version', value: (d) => d.declarationVersion },
  { header: 'attempt', value: (d) => d.attempt },
  { header: 'late', value: (d) => d.late },
];

export const declarationsCsv = (declarations: readonly DeclarationView[]): string =>
  toCsv(COLUMNS, declarations);
