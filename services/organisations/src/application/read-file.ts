import { createHash } from 'node:crypto';
import { containsNhsNumber, PatientIdentifierFoundError } from '@attest/errors';
import { CsvRecords, type CsvRecord } from '../domain/files/csv-records.js';
import { COLUMNS, type Layout, type Row } from '../domain/files/layouts.js';
import { RowRejected, type RejectedRow } from '../domain/files/rejected-row.js';
import { FileEmptyError, FileHeaderWrongError, FileNotUtf8Error } from '../domain/organisations.errors.js';

/** A row that was understood, with where it stands, should it be refused after all. */
export interface TakenRow<T> {
  readonly line: number;
  readonly original: string;
  readonly value: T;
}

export interface ReadFile<T> {
  readonly sha256: Buffer;
  readonly bytes: number;
  readonly rows: number;
  readonly taken: readonly TakenRow<T>[];
  readonly rejected: readonly RejectedRow[];
}

/**
 * Reads a file as it arrives. A fault of one row is that row's; anything that makes the whole doubtful refuses the file.
 * @param read makes of a row what is kept of it, or throws RowRejected
 * @param identity what may occur only once in a file
 * @throws FileHeaderWrongError, FileEmptyError, FileNotUtf8Error, RowTooLongError, PatientIdentifierFoundError
 */
export async function readFile<L extends Layout, T>(
  layout: L,
  chunks: AsyncIterable<Buffer>,
  read: (row: Row<L>) => T,
  identity: (taken: T) => string,
): Promise<ReadFile<T>> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const records = new CsvRecords();
  const rows = new RowReader(layout, read, identity);
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
    for (const record of records.push(decode(decoder, chunk))) rows.take(record);
  }
  for (const record of records.push(decode(decoder))) rows.take(record);
  for (const record of records.end()) rows.take(record);
  return { sha256: hash.digest(), bytes, ...rows.end() };
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk?: Buffer): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw new FileNotUtf8Error();
  }
}

class RowReader<L extends Layout, T> {
  private places: readonly number[] | undefined;
  private width = 0;
  private readonly seen = new Set<string>();
  private readonly taken: TakenRow<T>[] = [];
  private readonly rejected: RejectedRow[] = [];

  constructor(
    private readonly layout: L,
    private readonly read: (row: Row<L>) => T,
    private readonly identity: (taken: T) => string,
  ) {}

  take(record: CsvRecord): void {
    if (containsNhsNumber(record.original))
      throw new PatientIdentifierFoundError(`Line ${record.line} of the file`);
    if (this.places === undefined) return this.header(record);
    try {
      const value = this.once(this.read(this.rowOf(record, this.places)));
      this.taken.push({ line: record.line, original: record.original, value });
    } catch (error) {
      if (!(error instanceof RowRejected)) throw error;
      // PostgreSQL's text cannot hold a zero byte.
      const original = record.original.replaceAll('\0', '\uFFFD');
      this.rejected.push({ line: record.line, code: error.code, reason: error.reason, original });
    }
  }

  end(): { rows: number; taken: readonly TakenRow<T>[]; rejected: readonly RejectedRow[] } {
    const columns: readonly string[] = COLUMNS[this.layout];
    if (this.places === undefined) throw new FileHeaderWrongError(this.layout, columns, columns, []);
    const rows = this.taken.length + this.rejected.length;
    if (rows === 0) throw new FileEmptyError();
    return { rows, taken: this.taken, rejected: this.rejected };
  }

  private header(record: CsvRecord): void {
    const columns: readonly string[] = COLUMNS[this.layout];
    const found = record.fields.map((field) => field.trim());
    const missing = columns.filter((column) => !found.includes(column));
    const unknown = found.filter((column, i) => !columns.includes(column) || found.indexOf(column) !== i);
    if (missing.length + unknown.length > 0)
      throw new FileHeaderWrongError(this.layout, columns, missing, unknown);
    this.places = columns.map((column) => found.indexOf(column));
    this.width = found.length;
  }

  private rowOf(record: CsvRecord, places: readonly number[]): Row<L> {
    if (!record.wellFormed) throw new RowRejected('ROW_MALFORMED');
    if (record.fields.length !== this.width) throw new RowRejected('COLUMN_COUNT');
    if (record.original.includes('\0')) throw new RowRejected('ROW_MALFORMED');
    const row: Record<string, string> = {};
    COLUMNS[this.layout].forEach((column, i) => (row[column] = record.fields[places[i]!]!));
    return row as Row<L>;
  }

  private once(value: T): T {
    const identity = this.identity(value);
    if (this.seen.has(identity)) throw new RowRejected('ROW_DUPLICATE');
    this.seen.add(identity);
    return value;
  }
}
