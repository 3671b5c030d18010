import { plainArray, textArray, type Parameters } from '@attest/persistence';

export type Value = string | number | bigint | boolean | Date | null | undefined;

/** How one column of a set of rows is made. */
export interface Column<T> {
  readonly name: string;
  readonly type: string;
  readonly of: (item: T) => Value;
}

const QUOTED = new Set(['text', 'jsonb']);

const plain = (value: Value): string | number | bigint | boolean | null =>
  value instanceof Date ? value.toISOString() : (value ?? null);

/**
 * `SELECT` of one row per item. A column that has one value in all rows is sent once: most of a large set is the same
 * in most columns, and building their arrays cost more than the insert.
 */
export function selectRows<T>(
  columns: readonly Column<T>[],
  items: readonly T[],
  parameters: Parameters,
): string {
  const selected: string[] = [];
  const arrays: string[] = [];
  const names: string[] = [];
  for (const column of columns) {
    const values = items.map((item) => plain(column.of(item)));
    // The first is always an array: it says how many rows there are.
    if (arrays.length > 0 && values.every((value) => value === values[0])) {
      selected.push(`${parameters.add(values[0])}::${column.type} AS ${column.name}`);
      continue;
    }
    const literal = QUOTED.has(column.type) ? textArray(values as (string | null)[]) : plainArray(values);
    arrays.push(`${parameters.add(literal)}::${column.type}[]`);
    names.push(column.name);
    selected.push(`u.${column.name}`);
  }
  return `SELECT ${selected.join(', ')} FROM unnest(${arrays.join(', ')}) AS u(${names.join(', ')})`;
}

const names = new Map<string, string>();
/** Each shape of a statement is prepared once per connection; beyond this many they are rare and are not. */
const NAMED_MOST = 100;

export function prepared(prefix: string, text: string): string | { name: string; text: string } {
  const known = names.get(text);
  if (known) return { name: known, text };
  if (names.size >= NAMED_MOST) return text;
  const name = `${prefix}-${names.size}`;
  names.set(text, name);
  return { name, text };
}
