// @ts-nocheck
// Files that intake is measured with, and the same values as a file that PostgreSQL itself can COPY.
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { CQRS_EXTRACT_COLUMNS } from '@attest/contracts';

const LINES_AT_ONCE = 5_000;

/** @param {number} count */
export function fieldsOf(count) {
  return Array.from({ length: count }, (_, i) => ({
    indicatorCode: `BENCH${String((i >> 1) + 1).padStart(3, '0')}`,
    fieldName: i % 2 === 0 ? 'NUMERATOR' : 'DENOMINATOR',
    required: true,
  }));
}

const valueOf = (row) => (row * 7919) % 10_000;

/**
 * A row per date, practice and field in the CQRS extract layout.
 * @param {string} path
 * @param {{ serviceCode: string, achievementDates: string[], practices: string[], fields: { indicatorCode: string, fieldName: string }[] }} what
 */
export async function writeCqrsFile(path, { serviceCode, achievementDates, practices, fields }) {
  const dates = achievementDates.map((date) => date.replaceAll('-', ''));
  const rows = dates.length * practices.length * fields.length;
  const ends = 'None,cro-processor,05/01/2026,19:36:07,Y\r\n';
  await write(path, `${CQRS_EXTRACT_COLUMNS.join(',')}\r\n`, rows, (row) => {
    const { indicatorCode, fieldName } = fields[row % fields.length];
    const page = Math.floor(row / fields.length);
    const practice = practices[page % practices.length];
    const date = dates[Math.floor(page / practices.length)];
    return `${serviceCode},A service of the benchmark,${practice},${date},${indicatorCode},${fieldName},${valueOf(row)},${ends}`;
  });
}

/**
 * The same values in PostgreSQL's binary COPY format: practice, field and date as int4, value as int8.
 * @param {string} path
 * @param {{ practices: number, fields: number, date: number }} what
 */
export async function writeCopyFile(path, { practices, fields, date }) {
  const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
  const row = Buffer.alloc(38);
  row.writeInt16BE(4, 0);
  for (const at of [2, 10, 18]) row.writeInt32BE(4, at);
  row.writeInt32BE(date, 22);
  row.writeInt32BE(8, 26);
  async function* rows() {
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

async function write(path, header, rows, line) {
  function* chunks() {
    yield header;
    for (let from = 0; from < rows; from += LINES_AT_ONCE) {
      let text = '';
      for (let row = from; row < Math.min(rows, from + LINES_AT_ONCE); row++) text += line(row);
      yield text;
    }
  }
  await pipeline(Readable.from(chunks()), createWriteStream(path));
}
