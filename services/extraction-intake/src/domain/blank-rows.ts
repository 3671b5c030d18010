import { MOST_FIELDS, type ScannedRow } from './csv-scanner.js';

const COMMA = 44;
const QUOTE = 34;
const SPACE = 32;
const [TAB, CR] = [9, 13] as const;
/** A space that does not break, in UTF-8. */
const [NBSP_FIRST, NBSP_SECOND] = [0xc2, 0xa0] as const;

/** Whether nothing stands in any field, as in the rows that spreadsheets save behind the last one. */
export function isBlankRow(row: ScannedRow): boolean {
  if (row.malformed) return false;
  // Of a wider row not all fields have a place; its bytes say the same.
  if (row.fields > MOST_FIELDS) return isBlank(row.raw, row.rawStart, row.rawEnd, true);
  for (let i = 0; i < row.fields; i++)
    if (!isBlank(row.bytes, row.starts[i]!, row.ends[i]!, false)) return false;
  return true;
}

export const isBlankField = (bytes: Uint8Array, start: number, end: number): boolean =>
  isBlank(bytes, start, end, false);

function isBlank(bytes: Uint8Array, start: number, end: number, raw: boolean): boolean {
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c === SPACE || (c >= TAB && c <= CR)) continue;
    if (raw && (c === COMMA || c === QUOTE)) continue;
    if (c !== NBSP_FIRST || bytes[i + 1] !== NBSP_SECOND) return false;
    i++;
  }
  return true;
}
