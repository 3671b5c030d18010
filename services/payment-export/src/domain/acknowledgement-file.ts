import {
  ACKNOWLEDGEMENT_FILE_COLUMNS,
  factsOf,
  findColumns,
  isFaulty,
  RETURNED_ON_COLUMN,
  whatDiffers,
  type FoundColumns,
} from '@attest/contracts';
import { containsNhsNumber } from '@attest/errors';
import { readAcknowledgement, type Acknowledgement, type QuarantineCode } from './acknowledgement.js';
import { AcknowledgementFileRefusedError } from './payment.errors.js';
import { statedIn, type StatedAnswer } from './stated-answer.js';

/** One line of an acknowledgement file: what it says, or why it is kept aside. */
export interface ReadLine {
  /** From 1, the header. */
  readonly line: number;
  /** As it came, so that it can be repaired; without what must not be kept. */
  readonly text: string;
  readonly answer: Acknowledgement | QuarantineCode;
  /** What it names all the same; also where its text must not be kept. */
  readonly stated: StatedAnswer;
}

export const MOST_LINES = 250_000;
/** A longer line is none of ours; its beginning is enough to find it. */
const MOST_CHARACTERS = 4_000;
const OUTCOME = ACKNOWLEDGEMENT_FILE_COLUMNS.indexOf('outcome');
/** The day of returns may be left out. */
const LAYOUT = { columns: ACKNOWLEDGEMENT_FILE_COLUMNS, optional: [RETURNED_ON_COLUMN] };

export interface ReadFile {
  readonly lines: readonly ReadLine[];
  /** Rows of separators, spaces and empty quotes, as spreadsheets leave them: no answers. */
  readonly blank: number;
}

/**
 * Reads the documented CSV, its columns in any order. One line is one answer: a quote that does not close spoils its
 * own line and no other.
 * @throws AcknowledgementFileRefusedError where nothing of it can be read
 */
export function readAcknowledgementFile(bytes: Buffer): ReadFile {
  let columns: FoundColumns | undefined;
  let blank = 0;
  const lines: ReadLine[] = [];
  for (const [index, raw] of textOf(bytes).split('\n').entries()) {
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (isBlank(text)) {
      if (text !== '') blank++;
    } else if (columns === undefined) columns = columnsOf(text);
    else if (lines.length === MOST_LINES) throw new AcknowledgementFileRefusedError('FILE_TOO_MANY_LINES');
    else lines.push({ line: index + 1, ...readLine(text, columns) });
  }
  if (lines.length === 0) throw new AcknowledgementFileRefusedError('FILE_EMPTY');
  return { lines, blank };
}

/** Told by its characters first: a file may end in a million of them. */
const isBlank = (line: string): boolean =>
  !/[^\s,"]/.test(line) && (cellsOf(line)?.every((cell) => cell.trim() === '') ?? false);

function columnsOf(header: string): FoundColumns {
  const { columns } = LAYOUT;
  const found = findColumns(cellsOf(header) ?? [], LAYOUT);
  if (!isFaulty(found)) return found;
  if (containsNhsNumber(header)) throw new AcknowledgementFileRefusedError('HEADER_WRONG');
  throw new AcknowledgementFileRefusedError(
    'HEADER_WRONG',
    whatDiffers(found, columns),
    factsOf(found, columns),
  );
}

function textOf(bytes: Buffer): string {
  try {
    // Also takes a byte order mark away.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AcknowledgementFileRefusedError('FILE_NOT_UTF8');
  }
}

function readLine(line: string, columns: FoundColumns): Omit<ReadLine, 'line'> {
  const cells = line.length > MOST_CHARACTERS ? undefined : cellsOf(line);
  const ordered = inOrder(cells ?? cellsBeforeFault(line), columns);
  const answer =
    cells && fits(cells, columns) ? readAcknowledgement(ordered, ordered.length) : 'LINE_MALFORMED';
  // Amounts are digits: of a line that can be read only what people write is looked at.
  const written = typeof answer === 'string' ? line : [answer.fileName, ...ordered.slice(OUTCOME)].join('\n');
  const isFound = containsNhsNumber(written);
  const stated =
    isFound || typeof answer === 'string' ? statedIn(ordered, line.slice(0, MOST_CHARACTERS)) : answer;
  if (isFound)
    // Ten digits of an amount could be the number, too.
    return {
      text: '[not kept]',
      answer: 'PATIENT_IDENTIFIER_FOUND',
      stated: { ...stated, pence: null, reasonCode: null, reason: null },
    };
  return { text: storable(line), answer, stated };
}

/** Where a quote does not fit, or the line is none of ours, all cells that end before that. */
const cellsBeforeFault = (line: string): string[] =>
  line.slice(0, MOST_CHARACTERS).split('"', 1)[0]!.split(',').slice(0, -1);

const fits = (cells: readonly string[], { width, unnamed }: FoundColumns): boolean =>
  cells.length === width && unnamed.every((place) => cells[place]!.trim() === '');

/** The cells as they are documented; empty where one is lacking. */
const inOrder = (cells: readonly string[], { places }: FoundColumns): string[] =>
  places.map((place) => cells[place] ?? '');

/** PostgreSQL holds no NUL; a line that has one is malformed, and it is shown where it stood. */
const storable = (line: string): string => line.slice(0, MOST_CHARACTERS).replaceAll('\0', '\uFFFD');

/** The cells of one line (RFC 4180); undefined where its quotes don't fit. */
export function cellsOf(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] !== '"') {
      const end = line.indexOf(',', at);
      const cell = line.slice(at, end === -1 ? undefined : end);
      if (cell.includes('"')) return undefined;
      cells.push(cell);
      if (end === -1) return cells;
      at = end + 1;
      continue;
    }
    let cell = '';
    let from = at + 1;
    for (;;) {
      const quote = line.indexOf('"', from);
      if (quote === -1) return undefined;
      cell += line.slice(from, quote);
      if (line[quote + 1] !== '"') {
        at = quote + 1;
        break;
      }
      cell += '"';
      from = quote + 2;
    }
    cells.push(cell);
    if (at === line.length) return cells;
    if (line[at] !== ',') return undefined;
    at += 1;
  }
}
