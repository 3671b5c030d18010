import { createHash } from 'node:crypto';
import { PAYMENT_FILE_COLUMNS, type PaymentFileManifest } from '@attest/contracts';

/** One line as it is sealed. Amounts in pence. */
export interface SealedLine {
  readonly lineNumber: number;
  readonly declarationId: string;
  readonly declarationVersion: bigint;
  readonly attempt: number;
  readonly providerCode: string;
  readonly payeeCode: string;
  readonly accountReference: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly pence: bigint;
}

/** `ATTEST-PCSE-2026-07-R001.csv`: the same run always writes the same name. */
export function fileNameOf(agencyCode: string, paymentPeriod: string, sequence: number): string {
  return `ATTEST-${agencyCode}-${paymentPeriod}-R${String(sequence).padStart(3, '0')}.csv`;
}

/** The documented CSV, byte for byte the same for the same lines. */
export function renderPaymentFile(lines: readonly SealedLine[]): Buffer {
  const rows = lines.map((line) =>
    [
      line.lineNumber,
      line.declarationId,
      line.declarationVersion,
      line.attempt,
      textCell(line.providerCode),
      textCell(line.payeeCode),
      textCell(line.accountReference),
      textCell(line.serviceCode),
      line.achievementDate,
      line.pence,
      textCell(referenceOf(line)),
    ].join(','),
  );
  return Buffer.from([PAYMENT_FILE_COLUMNS.join(','), ...rows, ''].join('\n'), 'utf8');
}

/** What stands on the provider's bank statement: who, for what, until when. */
function referenceOf({ providerCode, serviceCode, achievementDate }: SealedLine): string {
  return `${providerCode} ${serviceCode} ${achievementDate}`;
}

/** A spreadsheet must not run a cell (ASVS 1.2.10); codes never begin so, a payee's reference might. */
function textCell(value: string): string {
  const safe = /^[=+\-@\t\0]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export function renderManifest(manifest: PaymentFileManifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`, 'utf8');
}
