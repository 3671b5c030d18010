import { ACKNOWLEDGEMENT_FILE_COLUMNS, RETURNED_ON_COLUMN } from '@attest/contracts';
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
/** With or without the day of returns. */
const HEADERS = [ACKNOWLEDGEMENT_FILE_COLUMNS, [...ACKNOWLEDGEMENT_FILE_COLUMNS, RETURNED_ON_COLUMN]];
const UUIDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * Reads the documented CSV. One line is one answer: a quote that does not close spoils its own line and no other.
 * @throws AcknowledgementFileRefusedError where nothing of it can be read
 */
export function readAcknowledgementFile(bytes: Buffer): ReadLine[] {
  const [header, ...lines] = textOf(bytes).split('\n');
  if (header === undefined || header.trim() === '') throw new AcknowledgementFileRefusedError('FILE_EMPTY');
  const named = cellsOf(withoutReturn(header))?.join(',');
  const columns = HEADERS.find((one) => one.join(',') === named);
  if (!columns) throw new AcknowledgementFileRefusedError('HEADER_WRONG');
  if (lines.length > MOST_LINES) throw new AcknowledgementFileRefusedError('FILE_TOO_MANY_LINES');
  const read = lines.flatMap((text, index) => {
    const line = withoutReturn(text);
    return line === '' ? [] : [{ line: index + 2, ...readLine(line, columns.length) }];
  });
  if (read.length === 0) throw new AcknowledgementFileRefusedError('FILE_EMPTY');
  return read;
}

function textOf(bytes: Buffer): string {
  try {
    // Also takes a byte order mark away.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new AcknowledgementFileRefusedError('FILE_NOT_UTF8');
  }
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

function readLine(line: string, columns: number): Omit<ReadLine, 'line'> {
  const cells = line.length > MOST_CHARACTERS ? undefined : cellsOf(line);
  const answer = cells ? readAcknowledgement(cells, columns) : 'LINE_MALFORMED';
  // Ids are hexadecimal, and amounts are digits: of a line that can be read only what people write is looked at.
  const written =
    typeof answer === 'string'
      ? line.replaceAll(UUIDS, ' ')
      : [answer.fileName, ...cells!.slice(OUTCOME)].join('\n');
  const isFound = containsNhsNumber(written);
  const stated =
    isFound || typeof answer === 'string' ? statedIn(cells, line.slice(0, MOST_CHARACTERS)) : answer;
  if (isFound)
    // Ten digits of an amount could be the number, too.
    return {
      text: '[not kept]',
      answer: 'PATIENT_IDENTIFIER_FOUND',
      stated: { ...stated, pence: null, reasonCode: null, reason: null },
    };
  return { text: storable(line), answer, stated };
}

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
