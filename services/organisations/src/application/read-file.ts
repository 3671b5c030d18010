import { createHash } from 'node:crypto';
import { containsNhsNumber, PatientIdentifierFoundError } from '@attest/errors';
import { CsvRecords, type CsvRecord } from '../domain/files/csv-records.js';
import { findRepeats } from '../domain/files/contradictions.js';
import { formOf, type ReadingForm } from '../domain/files/forms.js';
import type { Layout, Row } from '../domain/files/layouts.js';
import { eachOnce, namedCodes, subjectOf, type NamedCode } from '../domain/files/named-codes.js';
import { RowRejected, type RejectedRow } from '../domain/files/rejected-row.js';
import { FileCutOffError, FileEmptyError, FileNotUtf8Error } from '../domain/files/file.errors.js';

/** A row that was understood, with where it stands, should it be refused after all. */
export interface TakenRow<T> {
  readonly line: number;
  readonly original: string;
  readonly value: T;
  /** The organisations that it names. */
  readonly codes: readonly NamedCode[];
}

export interface ReadFile<T> {
  readonly sha256: Buffer;
  readonly bytes: number;
  readonly rows: number;
  /** Rows without a value in any field, as spreadsheets leave them; not among the rows. */
  readonly blankRows: number;
  readonly taken: readonly TakenRow<T>[];
  readonly rejected: readonly RejectedRow[];
  /** Whom rows name that were not taken: they are present, and nothing is known of them. */
  readonly unread: readonly NamedCode[];
}

/**
 * Reads a file as it arrives. A fault of one row is that row's; anything that makes the whole doubtful refuses the file.
 * @param read makes of a row what is kept of it, or throws RowRejected
 * @param identities each names what only one row of a file may speak of
 * @throws FileHeaderWrongError, FileEmptyError, FileCutOffError, FileNotUtf8Error, RowTooLongError,
 *   PatientIdentifierFoundError
 */
export async function readFile<L extends Layout, T>(
  layout: L,
  chunks: AsyncIterable<Buffer>,
  read: (row: Row<L>) => T,
  identities: readonly ((taken: T) => string)[],
): Promise<ReadFile<T>> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const records = new CsvRecords();
  const rows = new RowReader(layout, read, identities);
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
    for (const record of records.push(decode(decoder, chunk))) rows.take(record);
  }
  for (const record of records.push(decode(decoder))) rows.take(record);
  for (const record of records.end()) rows.take(record);
  return { sha256: hash.digest(), bytes, blankRows: records.blankRows, ...rows.end(records.lastBlankLine) };
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
  private taken: TakenRow<T>[] = [];
  private readonly rejected: RejectedRow[] = [];
  private readonly unread: NamedCode[] = [];
  /** The last row, where it looks like half a row. */
  private cutOff: CsvRecord | undefined;

  constructor(
    private readonly layout: L,
    private readonly read: (row: Row<L>) => T,
    private readonly identities: readonly ((taken: T) => string)[],
  ) {}

  take(record: CsvRecord): void {
    if (containsNhsNumber(record.original))
      throw new PatientIdentifierFoundError(`Line ${record.line} of the file`);
    if (this.form === undefined) {
      this.form = formOf(this.layout, record.wellFormed ? record.fields : []);
      if (this.form.hasHeader) return;
    }
    this.cutOff = record.fields.length < this.form.width ? record : undefined;
    let row: Row<L> | undefined;
    try {
      row = rowOf(record, this.form);
      const value = this.read(row);
      const codes = namedCodes(this.layout, row);
      this.taken.push({ line: record.line, original: record.original, value, codes });
    } catch (error) {
      if (!(error instanceof RowRejected)) throw error;
      if (!record.ended) this.cutOff = record;
      this.reject(record, namedCodes(this.layout, row), error);
    }
  }

  /** @param lastBlankLine behind it nothing is cut off: the file went on */
  end(lastBlankLine: number): Omit<ReadFile<T>, 'sha256' | 'bytes' | 'blankRows'> {
    if (this.form === undefined) formOf(this.layout, []);
    const rows = this.taken.length + this.rejected.length;
    if (rows === 0) throw new FileEmptyError();
    if (this.cutOff && this.cutOff.line > lastBlankLine) throw new FileCutOffError(this.cutOff.line);
    this.rejectRepeats();
    this.rejectBesideFaulty();
    const rejected = [...this.rejected].sort((a, b) => a.line - b.line);
    return { rows, taken: this.taken, rejected, unread: eachOnce(this.unread) };
  }

  private reject(
    { line, original }: { line: number; original: string },
    codes: readonly NamedCode[],
    { code, reason }: RowRejected,
  ): void {
    // PostgreSQL's text cannot hold a zero byte.
    this.rejected.push({ line, code, reason, original: original.replaceAll('\0', '\uFFFD') });
    if (code !== 'ROW_DUPLICATE') this.unread.push(...codes);
  }

  /** Which of two rows comes first decides nothing. */
  private rejectRepeats(): void {
    const { once, duplicates, contradictory } = findRepeats(
      this.taken,
      ({ value }) => JSON.stringify(value),
      this.identities.map(
        (identity) =>
          ({ value }: TakenRow<T>) =>
            identity(value),
      ),
    );
    this.taken = [...once];
    for (const row of duplicates) this.reject(row, row.codes, new RowRejected('ROW_DUPLICATE'));
    for (const row of contradictory) this.reject(row, row.codes, new RowRejected('ROW_CONTRADICTORY'));
  }

  /** Half of what a file says of somebody may be the wrong half. */
  private rejectBesideFaulty(): void {
    if (this.unread.length === 0) return;
    const subject = this.taken[0]?.codes[0]?.kind;
    const unread = new Set(this.unread.flatMap(({ kind, code }) => (kind === subject ? [code] : [])));
    const isBeside = ({ codes }: TakenRow<T>): boolean => codes.length > 0 && unread.has(subjectOf(codes));
    const beside = this.taken.filter(isBeside);
    this.taken = this.taken.filter((row) => !isBeside(row));
    for (const row of beside) this.reject(row, row.codes, new RowRejected('ROW_BESIDE_FAULTY'));
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
