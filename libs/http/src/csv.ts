/** A column of a list given as CSV. */
export interface CsvColumn<Row> {
  readonly header: string;
  readonly value: (row: Row) => string | number | bigint | boolean | Date | null | undefined;
}

/** Rows as CSV (RFC 4180), with a header line. Null is empty. Cells that a spreadsheet would run are made text. */
export function toCsv<Row>(columns: readonly CsvColumn<Row>[], rows: Iterable<Row>): string {
  const lines = [columns.map((c) => cell(c.header)).join(',')];
  for (const row of rows) lines.push(columns.map((c) => cell(c.value(row))).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

function cell(value: ReturnType<CsvColumn<never>['value']>): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'string') return String(value);
  // Excel runs what begins so. Negative numbers come as numbers or plain digits and stay what they are.
  const safe = /^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Whether the caller would rather have CSV than JSON. */
export const wantsCsv = (accept: string | undefined): boolean => /(^|,)\s*text\/csv\b/.test(accept ?? '');
