import { containsNhsNumber } from '@attest/errors';
import type { ScannedRow } from './csv-scanner.js';
import { HeaderWrongError, NhsNumberInFileError } from './extract-file.errors.js';
import { countDigits } from './field-bytes.js';
import { CONTRADICTORY, DUPLICATE, TAKEN, type PageCollector } from './page-collector.js';
import { RowDoubts } from './row-doubts.js';
import type { RowFault } from './row-faults.js';
import type { RepeatedValue } from './whole-file.js';

/** A row, or a page, that was not taken. `text` is the row as it was sent. */
export interface RejectedRow {
  readonly line: number;
  readonly code: RowFault;
  readonly text: string;
  /** What the code is about, where a code alone would not do. */
  readonly detail: string | null;
  /** Of a value that was given before: what it is shows when the whole file was read. */
  readonly about?: RepeatedValue;
}

/** What reading a file counts. Every row is in exactly one of these. */
export interface RowCounts {
  rows: number;
  taken: number;
  rejected: number;
  /** Fields that the rule pack names as read by nobody here. */
  ignored: number;
  /** Not the practice's last submission, said by the file or shown by a newer one in it. */
  older: number;
}

const NHS_NUMBER_DIGITS = 10;
/** Text kept of a rejected row; whoever needs more opens the original at its line. */
const MOST_TEXT = 4_000;

/** What every layout does with a row before looking at its columns. */
export abstract class RowReader {
  readonly counts: RowCounts = { rows: 0, taken: 0, rejected: 0, ignored: 0, older: 0 };
  /** What the faulty rows leave unsure. */
  readonly doubts = new RowDoubts();
  private headerSeen = false;
  private repeated: RepeatedValue | undefined;

  constructor(
    private readonly columns: readonly string[],
    private readonly reject: (row: RejectedRow) => void,
  ) {}

  abstract collectors(): Iterable<PageCollector>;
  /** The fault of a row; undefined when it was taken, counted as ignored or as older. */
  protected abstract readRow(row: ScannedRow): RowFault | undefined;
  /** The place of the practice that a faulty row names; −1 when it names none that is known. */
  protected abstract practiceOf(row: ScannedRow): number;

  /** @throws HeaderWrongError, NhsNumberInFileError */
  readonly take = (row: ScannedRow): void => {
    refuseNhsNumber(row);
    if (!this.headerSeen) {
      this.headerSeen = true;
      if (row.malformed || !isHeader(row, this.columns)) throw new HeaderWrongError(this.columns);
      return;
    }
    this.counts.rows++;
    const fault = row.malformed || row.fields !== this.columns.length ? 'ROW_MALFORMED' : this.readRow(row);
    if (fault === undefined) return;
    this.counts.rejected++;
    this.doubts.add(this.practiceOf(row), fault, row.line);
    const told = { line: row.line, code: fault, text: textOf(row), detail: null };
    const about = this.ofThisRow();
    this.reject(about === undefined ? told : { ...told, about });
  };

  private ofThisRow(): RepeatedValue | undefined {
    const { repeated } = this;
    this.repeated = undefined;
    return repeated;
  }

  /** Adds one value; the fault of its row, as far as it is known by now. */
  protected addValue(
    collector: PageCollector,
    practice: number,
    field: number,
    value: number,
    submitted: number,
    line: number,
    isDefault: boolean,
  ): RowFault | undefined {
    const outcome = collector.add(practice, field, value, submitted, line, isDefault);
    if (outcome === TAKEN) this.counts.taken++;
    if (outcome !== DUPLICATE && outcome !== CONTRADICTORY) return undefined;
    const { serviceCode } = collector.fields.service;
    const { achievementDate } = collector;
    this.repeated = { serviceCode, achievementDate, practice, field, submitted };
    return outcome === DUPLICATE ? 'VALUE_DUPLICATE' : 'VALUE_CONTRADICTORY';
  }
}

function isHeader(row: ScannedRow, columns: readonly string[]): boolean {
  return (
    row.fields === columns.length &&
    columns.every(
      (column, i) => Buffer.from(row.bytes.subarray(row.starts[i], row.ends[i])).toString() === column,
    )
  );
}

/** In any cell, also of a row that cannot be read otherwise. */
function refuseNhsNumber(row: ScannedRow): void {
  const { bytes, starts, ends } = row;
  const fields = Math.min(row.fields, starts.length);
  for (let i = 0; i < fields; i++) {
    const start = starts[i]!;
    const end = ends[i]!;
    if (end - start < NHS_NUMBER_DIGITS || countDigits(bytes, start, end) < NHS_NUMBER_DIGITS) continue;
    if (containsNhsNumber(Buffer.from(bytes.subarray(start, end)).toString()))
      throw new NhsNumberInFileError(row.line);
  }
  if ((row.malformed || row.fields > starts.length) && containsNhsNumber(rawText(row)))
    throw new NhsNumberInFileError(row.line);
}

const rawText = (row: ScannedRow): string =>
  Buffer.from(row.raw.subarray(row.rawStart, row.rawEnd)).toString();

/** PostgreSQL stores no NUL; the replacement character shows where one stood. */
export const textOf = (row: ScannedRow): string =>
  rawText(row).slice(0, MOST_TEXT).replaceAll('\0', '\ufffd');
