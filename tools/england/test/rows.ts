import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCsv } from '../src/csv.js';
import { penceOf } from '../src/item-services.js';

export type Row = Readonly<Record<string, string>>;

export const rowsOf = (folder: string, name: string): Row[] => readCsv(join(folder, name));

/** Pence of a column, which must be an amount. */
export function amountIn(row: Row, column: string): bigint {
  const pence = penceOf(row[column] ?? '');
  if (pence === undefined) throw new Error(`${column} is no amount: ${row[column]}`);
  return pence;
}

/** The same for a folder that stays as it is: each file is read once. */
export function rowsOnce(folder: string): (name: string) => Row[] {
  const read = new Map<string, Row[]>();
  return (name) => read.get(name) ?? read.set(name, rowsOf(folder, name)).get(name)!;
}

/** Every file of a folder with the hash of its bytes. */
export const bytesOf = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    );

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
