import type { BulkTypes } from './bulk.js';
import type { Columns } from './columns.js';

/** The tables of a service's bulk, and their columns in which services differ. */
export abstract class BulkTables<T extends BulkTypes> {
  /** Of its failpoints, jobs, logs and statements: `bulk-approval`. */
  abstract readonly name: string;
  /** Any number of which no other advisory lock of the service makes use, nor of the next one. */
  abstract readonly turnLock: number;
  abstract readonly bulks: string;
  abstract readonly items: string;
  abstract readonly request: Columns<T['request']>;
  abstract readonly shown: readonly (T['shown'] & keyof T['request'] & string)[];
  abstract readonly item: Columns<T['item']>;
  /** Items that agree in these are the same one. Chunks are taken in the order of the first, so are locks. */
  abstract readonly sameItem: readonly [keyof T['item'] & string, ...(keyof T['item'] & string)[]];
  abstract readonly result: Columns<T['result']>;
  /** States of items that were worked on and that are answered later. */
  abstract readonly pending: readonly T['state'][];
  /** States in which items stay. Their counts are kept on the bulk, all of them at once. */
  abstract readonly final: readonly [T['state'], ...T['state'][]];
  abstract readonly endedAt: T['endedAt'];
  /** Where items are answered later: when the last answer was seen. */
  abstract readonly answeredAt: string | null;
  abstract readonly purpose: Columns<T['purpose']>;
  /** Each a column of the preview. */
  abstract readonly counts: readonly T['count'][];
  /** The columns in which a preview keeps its items. */
  abstract readonly previewed: { readonly [K in keyof T['item'] & string]: string };
}
