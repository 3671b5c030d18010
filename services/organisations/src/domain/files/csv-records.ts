import { RowTooLongError } from '../organisations.errors.js';

/** One record of a CSV file (RFC 4180), its fields unquoted. */
export interface CsvRecord {
  /** The line of the file in which it begins; the header is line 1. */
  readonly line: number;
  readonly fields: readonly string[];
  readonly original: string;
  /** False when a quotation mark stands where none may: the fields are then a guess. */
  readonly wellFormed: boolean;
}

/** A row longer than this is no row but an unclosed quotation mark. */
const MAX_ROW_CHARACTERS = 8_192;

/** Splits text that arrives in parts into records. Blank lines are no records. */
export class CsvRecords {
  private rest = '';
  private line = 1;

  *push(text: string): Generator<CsvRecord> {
    this.rest += text;
    let from = 0;
    for (;;) {
      const end = endOfRecord(this.rest, from);
      if (end < 0) break;
      yield* this.take(this.rest.slice(from, end));
      from = end + 1;
    }
    this.rest = this.rest.slice(from);
    if (this.rest.length > MAX_ROW_CHARACTERS) throw new RowTooLongError(this.line, MAX_ROW_CHARACTERS);
  }

  *end(): Generator<CsvRecord> {
    if (this.rest !== '') yield* this.take(this.rest);
    this.rest = '';
  }

  private *take(raw: string): Generator<CsvRecord> {
    const original = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const line = this.line;
    if (original.length > MAX_ROW_CHARACTERS) throw new RowTooLongError(line, MAX_ROW_CHARACTERS);
    this.line += 1 + (original.includes('\n') ? original.split('\n').length - 1 : 0);
    if (original === '') return;
    yield { line, original, ...fieldsOf(original) };
  }
}

/** The line break that ends the record beginning at `from`; −1 when it has not come yet. */
function endOfRecord(text: string, from: number): number {
  let at = from;
  for (;;) {
    const newline = text.indexOf('\n', at);
    if (newline < 0) return -1;
    // Only quotation marks before the line break decide whether it is inside a field.
    if (quotesIn(text.slice(from, newline)) % 2 === 0 || newline - from > MAX_ROW_CHARACTERS) return newline;
    at = newline + 1;
  }
}

function quotesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count;
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
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === ',' && !quoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
