/**
 * PostgreSQL array literals for UNNEST. node-postgres escapes each element with two regular expressions; over a batch
 * that costs more than the insert.
 */

type Plain = string | number | bigint | boolean | null | undefined;

/** For values that never need quoting: uuid, numbers, booleans, dates. Nothing is checked. */
export function plainArray(values: readonly Plain[]): string {
  let literal = '{';
  for (let i = 0; i < values.length; i++) {
    if (i > 0) literal += ',';
    const value = values[i];
    literal += value === null || value === undefined ? 'NULL' : String(value);
  }
  return literal + '}';
}

const NEEDS_ESCAPE = /["\\]/;
/** Twice a plain text: half as long as one expression for both. */
const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');

/** For any text, quoted and escaped; `null` stays null. */
export function textArray(values: readonly (string | null | undefined)[]): string {
  let literal = '{';
  for (let i = 0; i < values.length; i++) {
    if (i > 0) literal += ',';
    const value = values[i];
    if (value === null || value === undefined) literal += 'NULL';
    else literal += '"' + (NEEDS_ESCAPE.test(value) ? escaped(value) : value) + '"';
  }
  return literal + '}';
}
