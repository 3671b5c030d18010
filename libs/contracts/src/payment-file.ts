/**
 * The documented CSV that an agency pulls (`attest-csv`): UTF-8, LF, RFC 4180 quoting, one header, one line per
 * instruction ordered by line number, no trailer. Control totals stand in the manifest beside it.
 */
export const PAYMENT_FILE_COLUMNS = [
  'line_number',
  'declaration_id',
  'declaration_version',
  'attempt',
  'provider_code',
  'payee_code',
  'account_reference',
  'service_code',
  'achievement_date',
  'amount_pence',
  'reference',
] as const;

/** JSON beside each file, `<file name>.manifest.json`. Amounts in pence, as digits. */
export interface PaymentFileManifest {
  readonly fileName: string;
  readonly runId: string;
  readonly paymentPeriod: string;
  readonly agencyCode: string;
  readonly lines: number;
  readonly totalPence: string;
  /** Hex, of the file's bytes. */
  readonly sha256: string;
  readonly payOn: string;
}

/**
 * What the agency sends back: CSV with this header, a line per instruction, in any order, repeats allowed. A credit that
 * came back after it was accepted is `RETURNED`; the day stands in a ninth column, which files without returns may leave
 * out.
 */
export const ACKNOWLEDGEMENT_FILE_COLUMNS = [
  'file_name',
  'line_number',
  'declaration_id',
  'attempt',
  'amount_pence',
  'outcome',
  'reason_code',
  'reason',
] as const;
export const RETURNED_ON_COLUMN = 'returned_on';
export const ACKNOWLEDGEMENT_OUTCOMES = ['ACCEPTED', 'REJECTED', 'RETURNED'] as const;
