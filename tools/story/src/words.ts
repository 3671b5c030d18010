// How amounts, counts and names look to people.

/** What people call organisations and services, by code. */
export type Names = Readonly<Record<string, string>>;

/** £ from digits of pence. */
export function pounds(digits: string): string {
  const negative = digits.startsWith('-');
  const padded = (negative ? digits.slice(1) : digits).padStart(3, '0');
  const whole = padded.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${negative ? '-' : ''}£${whole}.${padded.slice(-2)}`;
}

export const isNil = (digits: string) => BigInt(digits) === 0n;

export const number = (n: number) => n.toLocaleString('en-GB');

/** `1 practice`, `6,139 practices`. */
export const count = (n: number, one: string, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

/** `Harbour Health Centre (X00012)`; the code alone where nobody knows the name. */
export function named(names: Names, code: string): string {
  const name = names[code];
  return name ? `${readable(name)} (${code})` : code;
}

/** `a`, `a and b`, `a, b and c` */
export const listed = (words: readonly string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const ABBREVIATIONS = new Set(['PCN', 'ICB', 'NHS', 'GP', 'CCG']);

/** Registers are published in capitals, which people do not like to read. */
function readable(name: string): string {
  if (name !== name.toUpperCase()) return name;
  return name
    .split(' ')
    .map((word) => (ABBREVIATIONS.has(word) ? word : word.charAt(0) + word.slice(1).toLowerCase()))
    .join(' ');
}

/** `August 2026` from `2026-08`. */
export const monthName = (period: string) =>
  new Date(`${period}-01T00:00:00Z`).toLocaleDateString('en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });

/** Breaks a sentence into lines of at most `width`, each behind `indent`, those after the first behind `hanging`. */
export function wrapped(sentence: string, width: number, indent = '    ', hanging = indent): string[] {
  const lines = [''];
  for (const word of sentence.split(' ')) {
    const line = lines.at(-1);
    const longer = line ? `${line} ${word}` : word;
    if (line && hanging.length + longer.length > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map((line, at) => (at === 0 ? indent : hanging) + line);
}

/** Rows with aligned columns; those of `right` hold numbers. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widthOf = (at: number) => Math.max(...rows.map((row) => row[at]?.length ?? 0));
  const widths = (rows[0] ?? []).map((_, at) => widthOf(at));
  const padded = (cell: string, at: number) =>
    right.includes(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
  return rows.map((row) => `  ${row.map(padded).join('  ')}`.trimEnd());
}
