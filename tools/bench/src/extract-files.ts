// Files that intake is measured with, and the same values as a file that PostgreSQL itself can COPY.
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { CQRS_EXTRACT_COLUMNS } from '@attest/contracts';

const LINES_AT_ONCE = 5_000;

/** A value that a service collects. */
export interface Field {
  readonly indicatorCode: string;
  readonly fieldName: string;
  readonly required: boolean;
}

export interface CqrsFile {
  readonly serviceCode: string;
  readonly achievementDates: readonly string[];
  readonly practices: readonly string[];
  readonly fields: readonly Pick<Field, 'indicatorCode' | 'fieldName'>[];
}

export function fieldsOf(count: number): Field[] {
  return Array.from({ length: count }, (_, i) => ({
    indicatorCode: `BENCH${String((i >> 1) + 1).padStart(3, '0')}`,
    fieldName: i % 2 === 0 ? 'NUMERATOR' : 'DENOMINATOR',
    required: true,
  }));
}

const valueOf = (row: number): number => (row * 7919) % 10_000;

/** A row per date, practice and field in the CQRS extract layout. */
export async function writeCqrsFile(
  path: string,
  { serviceCode, achievementDates, practices, fields }: CqrsFile,
): Promise<void> {
  const dates = achievementDates.map((date) => date.replaceAll('-', ''));
  const ends = 'None,cro-processor,05/01/2026,19:36:07,Y\r\n';
  function* lines(): Generator<string> {
    yield `${CQRS_EXTRACT_COLUMNS.join(',')}\r\n`;
    let row = 0;
    for (const date of dates)
      for (const practice of practices)
        for (const { indicatorCode, fieldName } of fields)
          yield `${serviceCode},A service of the benchmark,${practice},${date},${indicatorCode},${fieldName},${valueOf(row++)},${ends}`;
  }
  await pipeline(Readable.from(chunksOf(lines())), createWriteStream(path));
}

/** The same values in PostgreSQL's binary COPY format: practice, field and date as int4, value as int8. */
export async function writeCopyFile(
  path: string,
  { practices, fields, date }: { practices: number; fields: number; date: number },
): Promise<void> {
  const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
  const row = Buffer.alloc(38);
  row.writeInt16BE(4, 0);
  for (const at of [2, 10, 18]) row.writeInt32BE(4, at);
  row.writeInt32BE(date, 22);
  row.writeInt32BE(8, 26);
  async function* rows(): AsyncGenerator<Buffer> {
    yield header;
    for (let from = 0; from < practices * fields; from += LINES_AT_ONCE) {
      const count = Math.min(LINES_AT_ONCE, practices * fields - from);
      const chunk = Buffer.alloc(count * row.length);
      for (let i = 0; i < count; i++) {
        row.writeInt32BE(Math.floor((from + i) / fields), 6);
        row.writeInt32BE((from + i) % fields, 14);
        row.writeBigInt64BE(BigInt(valueOf(from + i)), 30);
        row.copy(chunk, i * row.length);
      }
      yield chunk;
    }
    yield Buffer.from([0xff, 0xff]);
  }
  // PostgreSQL reads it as a user of its own.
  await pipeline(Readable.from(rows()), createWriteStream(path, { mode: 0o644 }));
}

function* chunksOf(lines: Iterable<string>): Generator<string> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length < LINES_AT_ONCE) continue;
    yield chunk.join('');
    chunk = [];
  }
  if (chunk.length > 0) yield chunk.join('');
}
