// @ts-nocheck
// Small CSV files in and out, gzipped or not. Big ones go through the services' own importers, never through here.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

/**
 * Rows of a CSV file as objects by header.
 * @param {string} path
 * @returns {Record<string, string>[]}
 */
export function readCsv(path) {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '');
  const [header, ...rows] = parse(text);
  return rows.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])));
}

/**
 * @param {string} path gzipped where it ends so
 * @param {readonly string[]} header
 * @param {Iterable<readonly (string | number | bigint)[]>} rows
 * @returns {number} how many rows
 */
export function writeCsv(path, header, rows) {
  const lines = [header.map(cell).join(',')];
  for (const row of rows) lines.push(row.map(cell).join(','));
  const text = Buffer.from(`${lines.join('\n')}\n`);
  writeFileSync(path, path.endsWith('.gz') ? gzipSync(text, { level: 1 }) : text);
  return lines.length - 1;
}

const cell = (value) => {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** RFC 4180. */
function parse(text) {
  const rows = [];
  let row = [];
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
