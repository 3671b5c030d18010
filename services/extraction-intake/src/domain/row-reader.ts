import { findColumns, isFaulty, type FileColumns, type FoundColumns } from '@attest/contracts';
import { containsNhsNumber } from '@attest/errors';
import { isBlankRow, isBlankField } from './blank-rows.js';
import { MOST_FIELDS, type ScannedRow } from './csv-scanner.js';
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

/** A row's fields in the order of its layout's columns, wherever they stand in the file. */
export type ArrangedRow = Pick<ScannedRow, 'bytes' | 'starts' | 'ends' | 'line'>;

/** What reading a file counts. Every row is in exactly one of these; blank ones are no rows. */
export interface RowCounts {
  rows: number;
  /** Separators, spaces and empty quotes alone, as spreadsheets leave them. */
  blank: number;
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

/** Faults of a row whose quotation mark nobody closed: the rows after it, of others, may lie in it. */
const MAY_HOLD_OTHERS: ReadonlySet<RowFault> = new Set<RowFault>([
  'ROW_MALFORMED',
  'VALUE_NOT_A_NUMBER',
  'FIELD_UNKNOWN',
]);
const LINE_FEED = 10;

/** What every layout does with a row before looking at its columns. */
export abstract class RowReader {
  readonly counts: RowCounts = { rows: 0, blank: 0, taken: 0, rejected: 0, ignored: 0, older: 0 };
  /** What the faulty rows leave unsure. */
  readonly doubts = new RowDoubts();
  private repeated: RepeatedValue | undefined;
  private found: FoundColumns | undefined;
  private inOrder = true;
  private readonly arranged: { -readonly [K in keyof ArrangedRow]: ArrangedRow[K] } = {
    bytes: new Uint8Array(0),
    starts: new Int32Array(MOST_FIELDS),
    ends: new Int32Array(MOST_FIELDS),
    line: 0,
  };

  constructor(
    private readonly layout: FileColumns,
    private readonly reject: (row: RejectedRow) => void,
  ) {}

  abstract collectors(): Iterable<PageCollector>;
  /** The fault of a row; undefined when it was taken, counted as ignored or as older. */
  protected abstract readRow(row: ArrangedRow): RowFault | undefined;
  /** The place of the practice that a faulty row names; −1 when it names none that is known. */
  protected abstract practiceOf(row: ArrangedRow): number;

  /** @throws HeaderWrongError, NhsNumberInFileError */
  readonly take = (row: ScannedRow): void => {
    if (isBlankRow(row)) {
      this.counts.blank++;
      return;
    }
    refuseNhsNumber(row);
    if (this.found === undefined) {
      this.readHeader(row);
      return;
    }
    this.counts.rows++;
    const fault = this.isMalformed(row, this.found) ? 'ROW_MALFORMED' : this.readRow(this.arrange(row));
    if (fault === undefined) return;
    this.counts.rejected++;
    this.doubts.add(this.practiceOf(this.arrange(row)), fault, row.line);
    if (MAY_HOLD_OTHERS.has(fault) && holdsLineFeed(row)) this.doubts.add(-1, 'ROW_MALFORMED', row.line);
    const told = { line: row.line, code: fault, text: textOf(row), detail: null };
    const about = this.ofThisRow();
    this.reject(about === undefined ? told : { ...told, about });
  };

  private readHeader(row: ScannedRow): void {
    const { columns } = this.layout;
    const names = row.malformed || row.fields > MOST_FIELDS ? [] : textsOf(row);
    const found = findColumns(names, this.layout);
    if (isFaulty(found)) throw new HeaderWrongError(found, columns);
    this.found = found;
    this.inOrder = found.places.every((place, i) => place === i);
  }

  private isMalformed(row: ScannedRow, { width, unnamed }: FoundColumns): boolean {
    if (row.malformed || row.fields !== width) return true;
    return unnamed.some((place) => !isBlankField(row.bytes, row.starts[place]!, row.ends[place]!));
  }

  /** Of a row that is too short, fields that are not there are empty. */
  private arrange(row: ScannedRow): ArrangedRow {
    const { arranged } = this;
    const { places } = this.found!;
    if (this.inOrder && row.fields >= places.length) return row;
    arranged.bytes = row.bytes;
    arranged.line = row.line;
    for (let i = 0; i < places.length; i++) {
      const isThere = places[i]! < row.fields;
      arranged.starts[i] = isThere ? row.starts[places[i]!]! : 0;
      arranged.ends[i] = isThere ? row.ends[places[i]!]! : 0;
    }
    return arranged;
  }

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

const textsOf = ({ bytes, starts, ends, fields }: ScannedRow): string[] =>
  Array.from({ length: fields }, (_, i) => Buffer.from(bytes.subarray(starts[i], ends[i])).toString());

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

const holdsLineFeed = ({ raw, rawStart, rawEnd }: ScannedRow): boolean =>
  raw.subarray(rawStart, rawEnd).includes(LINE_FEED);

const rawText = (row: ScannedRow): string =>
  Buffer.from(row.raw.subarray(row.rawStart, row.rawEnd)).toString();

/** PostgreSQL stores no NUL; the replacement character shows where one stood. */
export const textOf = (row: ScannedRow): string =>
  rawText(row).slice(0, MOST_TEXT).replaceAll('\0', '\ufffd');
