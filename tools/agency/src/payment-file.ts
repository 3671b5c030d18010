// A payment file as it is documented, and the checks that an agency makes before it pays any of it.
import { createHash } from 'node:crypto';

/** How the list of files names one. */
export interface PaymentFile {
  readonly fileName: string;
  readonly sha256: string;
}

export interface Page {
  readonly items: readonly PaymentFile[];
  /** Null after the last page. */
  readonly nextCursor: string | null;
}

/** What stands beside the file. */
export interface Manifest {
  readonly sha256: string;
  readonly lines: number;
  readonly totalPence: string;
}

/** The columns that the agency reads. */
export interface PaymentLine {
  readonly line_number: string;
  readonly declaration_id: string;
  readonly declaration_version: string;
  readonly attempt: string;
  readonly provider_code: string;
  readonly service_code: string;
  readonly amount_pence: string;
}

/** The file's lines, after its SHA-256, count and total were found to be what the manifest says. */
export function checkedLines(fileName: string, bytes: Buffer, manifest: Manifest): PaymentLine[] {
  const lines = linesOf(bytes.toString('utf8'));
  const total = lines.reduce((sum, line) => sum + BigInt(line.amount_pence), 0n);
  const wrong = [
    createHash('sha256').update(bytes).digest('hex') !== manifest.sha256 && 'SHA-256',
    lines.length !== manifest.lines && 'line count',
    total !== BigInt(manifest.totalPence) && 'control total',
  ].filter(Boolean);
  if (wrong.length > 0)
    throw new Error(`${fileName} is not what its manifest says: ${wrong.join(', ')}. Nothing was paid.`);
  return lines;
}

function linesOf(text: string): PaymentLine[] {
  const [header = [], ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((cells) => {
    const cell = (column: keyof PaymentLine): string => {
      const value = cells[header.indexOf(column)];
      if (value === undefined) throw new Error(`A line has no ${column}. Nothing was paid.`);
      return value;
    };
    return {
      line_number: cell('line_number'),
      declaration_id: cell('declaration_id'),
      declaration_version: cell('declaration_version'),
      attempt: cell('attempt'),
      provider_code: cell('provider_code'),
      service_code: cell('service_code'),
      amount_pence: cell('amount_pence'),
    };
  });
}
