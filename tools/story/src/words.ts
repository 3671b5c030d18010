// @ts-nocheck
// How amounts, counts and names look to people.

/** £ from digits of pence. @param {string} digits */
export function pounds(digits) {
  const negative = digits.startsWith('-');
  const padded = (negative ? digits.slice(1) : digits).padStart(3, '0');
  const whole = padded.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${negative ? '-' : ''}£${whole}.${padded.slice(-2)}`;
}

export const isNil = (digits) => BigInt(digits) === 0n;

/** @param {number} n */
export const number = (n) => n.toLocaleString('en-GB');

/** `1 practice`, `6,139 practices`. */
export const count = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

/** `Harbour Health Centre (X00012)`; the code alone where nobody knows the name. */
export const named = (names, code) => (names?.[code] ? `${readable(names[code])} (${code})` : code);

/** `a`, `a and b`, `a, b and c` */
export const listed = (words) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const ABBREVIATIONS = new Set(['PCN', 'ICB', 'NHS', 'GP', 'CCG']);

/** Registers are published in capitals, which people do not like to read. */
function readable(name) {
  if (name !== name.toUpperCase()) return name;
  return name
    .split(' ')
    .map((word) => (ABBREVIATIONS.has(word) ? word : word.charAt(0) + word.slice(1).toLowerCase()))
    .join(' ');
}

/** `August 2026` from `2026-08`. */
export const monthName = (period) =>
  new Date(`${period}-01T00:00:00Z`).toLocaleDateString('en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });

/** Breaks a sentence into lines of at most `width`, each behind `indent`, those after the first behind `hanging`. */
export function wrapped(sentence, width, indent = '    ', hanging = indent) {
  const lines = [''];
  for (const word of sentence.split(' ')) {
    const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
    if (lines.at(-1) !== '' && hanging.length + longer.length > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line, at) => (at === 0 ? indent : hanging) + line);
}

/** Rows with aligned columns; @param {string[][]} rows @param {number[]} [right] columns that are numbers */
export function columns(rows, right = []) {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  return rows.map((row) =>
    `  ${row.map((cell, at) => (right.includes(at) ? cell.padStart(widths[at]) : cell.padEnd(widths[at]))).join('  ')}`.trimEnd(),
  );
}
