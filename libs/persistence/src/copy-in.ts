import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { plainArray, textArray } from './array-literals.js';

export type CopyRow = readonly unknown[];

/** Large enough that neither the stream machinery nor the socket is called per row, small enough to keep memory flat. */
const CHUNK_CHARACTERS = 128 * 1024;

/** @internal */
export async function copyRows(
  client: PoolClient,
  table: string,
  columns: readonly string[],
  rows: Iterable<CopyRow> | AsyncIterable<CopyRow>,
): Promise<number> {
  const target = client.query(
    copyFrom(`COPY ${quoted(table)} (${columns.map(quoted).join(', ')}) FROM STDIN`),
  );
  const lines = Symbol.asyncIterator in rows ? asyncChunks(rows) : chunks(rows);
  await pipeline(Readable.from(lines, { objectMode: true, highWaterMark: 2 }), target);
  return target.rowCount;
}

function* chunks(rows: Iterable<CopyRow>): Generator<Buffer> {
  let text = '';
  for (const row of rows) {
    text += encodeRow(row);
    if (text.length >= CHUNK_CHARACTERS) {
      yield Buffer.from(text);
      text = '';
    }
  }
  if (text !== '') yield Buffer.from(text);
}

async function* asyncChunks(rows: AsyncIterable<CopyRow>): AsyncGenerator<Buffer> {
  let text = '';
  for await (const row of rows) {
    text += encodeRow(row);
    if (text.length >= CHUNK_CHARACTERS) {
      yield Buffer.from(text);
      text = '';
    }
  }
  if (text !== '') yield Buffer.from(text);
}

/** One row of COPY's text format, with its line end. */
export function encodeRow(row: CopyRow): string {
  let line = '';
  for (let i = 0; i < row.length; i++) {
    if (i > 0) line += '\t';
    line += encodeValue(row[i]);
  }
  return line + '\n';
}

const NEEDS_ESCAPE = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(text: string): string {
  return NEEDS_ESCAPE.test(text) ? text.replace(/[\\\t\n\r]/g, (c) => ESCAPES[c]!) : text;
}

function encodeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return escaped(value);
    case 'number':
    case 'bigint':
      return String(value);
    case 'boolean':
      return value ? 't' : 'f';
    case 'undefined':
      return '\\N';
    default:
      break;
  }
  if (value === null) return '\\N';
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`;
  if (Array.isArray(value)) return escaped(encodeArray(value));
  if (ArrayBuffer.isView(value)) return plainArray(Array.from(value as BigInt64Array));
  return escaped(JSON.stringify(value));
}

function encodeArray(values: readonly unknown[]): string {
  return values.every((v) => typeof v !== 'string')
    ? plainArray(values as readonly (number | bigint | boolean | null)[])
    : textArray(values.map((v) => (v === null || v === undefined ? null : String(v))));
}

function quoted(name: string): string {
  return name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.');
}
