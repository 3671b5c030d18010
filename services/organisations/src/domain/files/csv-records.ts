import { RowTooLongError } from './file.errors.js';

/** One record of a CSV file (RFC 4180), its fields unquoted. */
export interface CsvRecord {
  /** The line of the file in which it begins; the header is line 1. */
  readonly line: number;
  readonly fields: readonly string[];
  readonly original: string;
  /** False when a quotation mark stands where none may: the fields are then a guess. */
  readonly wellFormed: boolean;
  /** False for a last row without a line end: the file may go on behind it. */
  readonly ended: boolean;
}

/** A row longer than this is no row but an unclosed quotation mark. */
const MAX_ROW_CHARACTERS = 8_192;
/** A spreadsheet has up to 16,384 columns, and may quote each empty cell. */
const MAX_BLANK_CHARACTERS = 65_536;

/** Splits text that arrives in parts into records. Rows in which nothing stands are counted and are no records. */
export class CsvRecords {
  /** Of separators, spaces and empty quotes alone. */
  blankRows = 0;
  lastBlankLine = 0;
  private rest = '';
  private line = 1;

  *push(text: string): Generator<CsvRecord> {
    this.rest += text;
    let from = 0;
    for (;;) {
      const end = endOfRecord(this.rest, from);
      if (end < 0) break;
      yield* this.take(this.rest.slice(from, end), true);
      from = end + 1;
    }
    this.rest = this.rest.slice(from);
    if (isTooLong(this.rest)) throw new RowTooLongError(this.line, MAX_ROW_CHARACTERS);
  }

  *end(): Generator<CsvRecord> {
    if (this.rest !== '') yield* this.take(this.rest, false);
    this.rest = '';
  }

  private *take(raw: string, ended: boolean): Generator<CsvRecord> {
    const original = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const line = this.line;
    if (isTooLong(original)) throw new RowTooLongError(line, MAX_ROW_CHARACTERS);
    this.line += 1 + (original.includes('\n') ? original.split('\n').length - 1 : 0);
    if (original === '') return;
    const mayBeBlank = hasOnlySeparators(original);
    const record = { line, original, ended, ...fieldsOf(original) };
    if (mayBeBlank && record.wellFormed && record.fields.every((field) => field.trim() === '')) {
      this.blankRows++;
      this.lastBlankLine = line;
    } else yield record;
  }
}

const hasOnlySeparators = (text: string): boolean => !/[^\s,"]/.test(text);

const isTooLong = (text: string): boolean =>
  text.length > (hasOnlySeparators(text) ? MAX_BLANK_CHARACTERS : MAX_ROW_CHARACTERS);

/** The line break that ends the record beginning at `from`; −1 when it has not come yet. */
function endOfRecord(text: string, from: number): number {
  let at = from;
  for (;;) {
    const newline = text.indexOf('\n', at);
    if (newline < 0) return -1;
    if (newline - from > MAX_ROW_CHARACTERS || !endsInsideQuotes(text.slice(from, newline))) return newline;
    at = newline + 1;
  }
}

/** A mark opens a field only where the field begins: one in its middle must not swallow the rows that follow. */
function endsInsideQuotes(text: string): boolean {
  if (!text.includes('"')) return false;
  for (let at = 0; at <= text.length;) {
    if (text[at] === '"') {
      at = closingMark(text, at + 1);
      if (at < 0) return true;
    }
    const comma = text.indexOf(',', at);
    if (comma < 0) return false;
    at = comma + 1;
  }
  return false;
}

/** Where a quoted field's closing mark is; doubled ones belong to the field. */
function closingMark(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return -1;
}

const QUOTED = /^"((?:[^"]|"")*)"$/;

function fieldsOf(original: string): { fields: string[]; wellFormed: boolean } {
  if (!original.includes('"')) return { fields: original.split(','), wellFormed: true };
  const fields: string[] = [];
  let wellFormed = true;
  for (const raw of splitOutsideQuotes(original)) {
    const quoted = QUOTED.exec(raw);
    if (quoted) fields.push(quoted[1]!.replaceAll('""', '"'));
    else {
      if (raw.includes('"')) wellFormed = false;
      fields.push(raw);
    }
  }
  return { fields, wellFormed };
}

function splitOutsideQuotes(text: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from <= text.length;) {
    const closed = text[from] === '"' ? closingMark(text, from + 1) : from;
    const comma = closed < 0 ? -1 : text.indexOf(',', closed);
    const end = comma < 0 ? text.length : comma;
    parts.push(text.slice(from, end));
    from = end + 1;
  }
  return parts;
}
