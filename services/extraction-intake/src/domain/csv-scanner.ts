import { RowTooLongError } from './extract-file.errors.js';

/** One row as it lies in memory: field i is `bytes[starts[i] … ends[i])`. The object is used again for the next row. */
export interface ScannedRow {
  bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** How many fields there are; only the first `MOST_FIELDS` have a place. */
  fields: number;
  /** The line on which the row begins, from 1. */
  line: number;
  /** A quote where RFC 4180 allows none, or one that is never closed. */
  malformed: boolean;
  /** The row as it was sent, without its line end: `raw[rawStart … rawEnd)`. */
  raw: Uint8Array;
  rawStart: number;
  rawEnd: number;
}

export const MOST_FIELDS = 64;
/** A longer row is a quote that somebody forgot to close; reading on would swallow the file. */
export const MOST_ROW_BYTES = 64 * 1024;

const COMMA = 44;
const LF = 10;
const CR = 13;
const QUOTE = 34;

/**
 * RFC 4180 over chunks of bytes: quotes, CRLF or LF, a byte order mark, a last row without its line end. Nothing is
 * decoded and nothing is copied but rows with quotes. Blank lines are passed over.
 */
export class CsvScanner {
  private carry: Uint8Array = new Uint8Array(0);
  private line = 1;
  private begun = false;
  private readonly unquoted = new Uint8Array(MOST_ROW_BYTES);
  private readonly row: ScannedRow = {
    bytes: this.carry,
    starts: new Int32Array(MOST_FIELDS),
    ends: new Int32Array(MOST_FIELDS),
    fields: 0,
    line: 1,
    malformed: false,
    raw: this.carry,
    rawStart: 0,
    rawEnd: 0,
  };

  constructor(private readonly take: (row: ScannedRow) => void) {}

  /** @throws RowTooLongError, and whatever `take` throws */
  push(chunk: Buffer): void {
    let bytes: Uint8Array = chunk;
    let from = 0;
    if (this.carry.length > 0) {
      // Only the row that was cut is put together; the rest of the chunk is read where it lies.
      const end = this.begun ? chunk.indexOf(LF) + 1 : 0;
      const row = end > 0 ? Buffer.concat([this.carry, chunk.subarray(0, end)]) : undefined;
      if (row !== undefined && this.scan(plain(row), 0) === row.length) from = end;
      else bytes = Buffer.concat([this.carry, chunk]);
    }
    if (!this.begun) {
      // Until three bytes are there, a byte order mark may still come.
      if (bytes.length < 3) {
        this.carry = bytes;
        return;
      }
      if (startsWithMark(bytes)) from = 3;
      this.begun = true;
    }
    const rest = this.scan(plain(bytes), from);
    if (bytes.length - rest > MOST_ROW_BYTES) throw new RowTooLongError(this.line, MOST_ROW_BYTES);
    // A copy, or a few bytes would keep the whole chunk alive.
    this.carry = Uint8Array.prototype.slice.call(bytes, rest);
  }

  /** The file has ended: the last row may lack its line end. */
  end(): void {
    let last = this.carry;
    if (!this.begun && startsWithMark(last)) last = last.subarray(3);
    this.begun = true;
    this.carry = new Uint8Array(0);
    if (last.length === 0) return;
    const closed = plain(Buffer.concat([last, Buffer.from('\n')]));
    const rest = this.scan(closed, 0);
    if (rest < closed.length) this.emitUnclosed(closed.subarray(rest, closed.length - 1));
  }

  /** @returns where the first row begins that does not end in these bytes */
  private scan(bytes: Uint8Array, from: number): number {
    const row = this.row;
    const { starts, ends } = row;
    const length = bytes.length;
    row.bytes = row.raw = bytes;
    row.malformed = false;
    let rowStart = from;
    let fieldStart = from;
    let fields = 0;
    for (let i = from; i < length; i++) {
      const c = bytes[i]!;
      // Letters, digits, `-`, `.` and `/` all lie above the comma: one comparison settles most bytes.
      if (c > COMMA) continue;
      if (c === COMMA) {
        if (fields < MOST_FIELDS) {
          starts[fields] = fieldStart;
          ends[fields] = i;
        }
        fields++;
        fieldStart = i + 1;
      } else if (c === LF) {
        const end = i > rowStart && bytes[i - 1] === CR ? i - 1 : i;
        if (end > rowStart) {
          if (fields < MOST_FIELDS) {
            starts[fields] = fieldStart;
            ends[fields] = end;
          }
          row.fields = fields + 1;
          row.line = this.line;
          row.rawStart = rowStart;
          row.rawEnd = end;
          this.take(row);
        }
        this.line++;
        rowStart = fieldStart = i + 1;
        fields = 0;
      } else if (c === QUOTE) {
        const next = this.scanQuoted(bytes, rowStart);
        if (next < 0) return rowStart;
        row.bytes = bytes;
        row.malformed = false;
        rowStart = fieldStart = next;
        fields = 0;
        i = next - 1;
      }
    }
    return rowStart;
  }

  /** A row with quotes, copied without them. @returns where the next row begins, −1 when this one is not all here */
  private scanQuoted(bytes: Uint8Array, rowStart: number): number {
    const row = this.row;
    const copy = this.unquoted;
    let at = 0;
    let fields = 0;
    let fieldStart = 0;
    let lines = 0;
    let malformed = false;
    let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
    const endField = (): void => {
      if (fields < MOST_FIELDS) {
        row.starts[fields] = fieldStart;
        row.ends[fields] = at;
      }
      fields++;
      fieldStart = at;
      state = 'start';
    };
    for (let i = rowStart; i < bytes.length; i++) {
      if (i - rowStart >= MOST_ROW_BYTES) throw new RowTooLongError(this.line, MOST_ROW_BYTES);
      const c = bytes[i]!;
      if (state === 'quoted') {
        if (c !== QUOTE) {
          if (c === LF) lines++;
          copy[at++] = c;
        } else if (bytes[i + 1] === QUOTE) {
          copy[at++] = QUOTE;
          i++;
        } else if (i + 1 === bytes.length) {
          // Whether this closes the field shows with the next chunk.
          return -1;
        } else state = 'closed';
      } else if (c === COMMA) endField();
      else if (c === LF) {
        const crlf = i > rowStart && bytes[i - 1] === CR;
        if (crlf && state === 'plain') at--;
        endField();
        Object.assign(row, {
          bytes: copy,
          fields,
          line: this.line,
          malformed,
          rawStart: rowStart,
          rawEnd: crlf ? i - 1 : i,
        });
        this.take(row);
        this.line += lines + 1;
        return i + 1;
      } else if (c === QUOTE && state === 'start') state = 'quoted';
      else if (state === 'closed' && c === CR && bytes[i + 1] === LF) continue;
      else {
        // Text after a closing quote, or a quote inside plain text.
        if (c === QUOTE || state === 'closed') malformed = true;
        state = state === 'closed' ? 'closed' : 'plain';
        copy[at++] = c;
      }
    }
    return -1;
  }

  private emitUnclosed(bytes: Uint8Array): void {
    Object.assign(this.row, {
      bytes,
      raw: bytes,
      fields: 0,
      line: this.line,
      malformed: true,
      rawStart: 0,
      rawEnd: bytes.length,
    });
    this.take(this.row);
  }
}

/** Buffer and Uint8Array in one loop would make every access look both up: three times slower. */
const plain = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const startsWithMark = (bytes: Uint8Array): boolean =>
  bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
