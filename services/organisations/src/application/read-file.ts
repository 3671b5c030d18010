import { createHash } from 'node:crypto';
import { containsNhsNumber, PatientIdentifierFoundError } from '@attest/errors';
import { CsvRecords, type CsvRecord } from '../domain/files/csv-records.js';
import { formOf, type ReadingForm } from '../domain/files/forms.js';
import type { Layout, Row } from '../domain/files/layouts.js';
import { RowRejected, type RejectedRow } from '../domain/files/rejected-row.js';
import { FileEmptyError, FileNotUtf8Error } from '../domain/organisations.errors.js';

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
  /** Rows without a value in any field, as spreadsheets leave them; not among the rows. */
  readonly blankRows: number;
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
  return { sha256: hash.digest(), bytes, blankRows: records.blankRows, ...rows.end() };
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk?: Buffer): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw new FileNotUtf8Error();
  }
}

class RowReader<L extends Layout, T> {
  private form: ReadingForm<L> | undefined;
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
    if (this.form === undefined) {
      this.form = formOf(this.layout, record.wellFormed ? record.fields : []);
      if (this.form.hasHeader) return;
    }
    try {
      const value = this.once(this.read(rowOf(record, this.form)));
      this.taken.push({ line: record.line, original: record.original, value });
    } catch (error) {
      if (!(error instanceof RowRejected)) throw error;
      // PostgreSQL's text cannot hold a zero byte.
      const original = record.original.replaceAll('\0', '\uFFFD');
      this.rejected.push({ line: record.line, code: error.code, reason: error.reason, original });
    }
  }

  end(): { rows: number; taken: readonly TakenRow<T>[]; rejected: readonly RejectedRow[] } {
    if (this.form === undefined) formOf(this.layout, []);
    const rows = this.taken.length + this.rejected.length;
    if (rows === 0) throw new FileEmptyError();
    return { rows, taken: this.taken, rejected: this.rejected };
  }

  private once(value: T): T {
    const identity = this.identity(value);
    if (this.seen.has(identity)) throw new RowRejected('ROW_DUPLICATE');
    this.seen.add(identity);
    return value;
  }
}

function rowOf<L extends Layout>(record: CsvRecord, form: ReadingForm<L>): Row<L> {
  const { fields } = record;
  if (!record.wellFormed) throw new RowRejected('ROW_MALFORMED');
  const wrongWidth = fields.length !== form.width;
  if (wrongWidth || form.unnamed.some((place) => fields[place]!.trim() !== ''))
    throw new RowRejected('COLUMN_COUNT');
  if (record.original.includes('\0')) throw new RowRejected('ROW_MALFORMED');
  return form.rowOf(fields);
}
