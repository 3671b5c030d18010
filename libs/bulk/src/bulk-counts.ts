import type { BulkTypes } from './bulk.js';
import type { BulkTables } from './bulk-tables.js';

/** Counts the items of a bulk `b` by their states. */
export const countsOf = <T extends BulkTypes>({ items, pending, final }: BulkTables<T>): string =>
  `SELECT ${['queued', ...pending, ...final]
    .map((state) => `(count(*) FILTER (WHERE i.state = '${state}'))::int AS ${state}`)
    .join(', ')} FROM ${items} i WHERE i.bulk_id = b.bulk_id`;
