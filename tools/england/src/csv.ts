// Small CSV files in and out, gzipped or not. Big ones go through the services' own importers, never through here.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

export type Cell = string | number | bigint;

/** Rows of a CSV file as objects by header, which must have the columns. */
export function readCsv<Column extends string = string>(
  path: string,
  columns: readonly Column[] = [],
): Readonly<Record<Column, string>>[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
  const [header = [], ...rows] = parse(text);
  const missing = columns.filter((name) => !header.includes(name));
  if (missing.length > 0) throw new Error(`${path} has no column ${missing.join(', ')}.`);
  return rows.map(
    (cells) =>
      Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])) as Record<Column, string>,
  );
}

/** Gzipped where the path ends so. Returns the number of rows. */
export function writeCsv(path: string, header: readonly string[], rows: Iterable<readonly Cell[]>): number {
  const lines = [header.map(cell).join(',')];
  for (const row of rows) lines.push(row.map(cell).join(','));
  const text = Buffer.from(`${lines.join('\n')}\n`);
  writeFileSync(path, path.endsWith('.gz') ? gzipSync(text, { level: 1 }) : text);
  return lines.length - 1;
}

const cell = (value: Cell): string => {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** RFC 4180. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === '"') {
      let value = '';
      for (at++; ; at++) {
        const end = text.indexOf('"', at);
        value += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        value += '"';
      }
      row.push(value);
    } else {
      let end = at;
      while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++;
      row.push(text.slice(at, text[end - 1] === '\r' ? end - 1 : end));
      at = end;
    }
    if (text[at] === '\r') at++;
    if (text[at] === ',') {
      at++;
      if (at === text.length || text[at] === '\n') row.push('');
    }
    if (at >= text.length || text[at] === '\n') {
      rows.push(row);
      row = [];
      at++;
    }
  }
  return rows;
}
