import pg from 'pg';

const OID = { int8: 20, date: 1082, int8Array: 1016, dateArray: 1182 } as const;

type TextParser = (text: string) => unknown;

/** `{1,NULL,-3}` as it is printed for a one-dimensional `int8[]`. */
export function parseBigintArray(text: string): (bigint | null)[] {
  if (text === '{}') return [];
  return text
    .slice(1, -1)
    .split(',')
    .map((value) => (value === 'NULL' ? null : BigInt(value)));
}

function parseDateArray(text: string): (string | null)[] {
  if (text === '{}') return [];
  return text
    .slice(1, -1)
    .split(',')
    .map((value) => (value === 'NULL' ? null : value));
}

const OWN = new Map<number, TextParser>([
  [OID.int8, BigInt],
  [OID.int8Array, parseBigintArray],
  // A business date has no time of day: as a JavaScript Date it would move with the machine's time zone.
  [OID.date, (text) => text],
  [OID.dateArray, parseDateArray],
]);

/** How columns come back. Given to each pool, never set globally: other users of pg in this process keep theirs. */
export const attestTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : OWN.get(oid)) ??
    pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};
