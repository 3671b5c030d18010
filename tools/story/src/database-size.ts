// Where the bytes of a month stand, as PostgreSQL counts them when it has been played.
import type { Services } from '@attest/invariants/services';
import { columns } from './words.js';

/** A table with its indexes, and what it keeps out of line. Partitions count to the table that they are part of. */
export interface RelationSize {
  readonly name: string;
  readonly rows: number;
  readonly kb: number;
  readonly indexesKb: number;
}

export interface ServiceSize {
  /** All of the database, its catalogue too. */
  readonly kb: number;
  /** The largest first. */
  readonly largest: readonly RelationSize[];
}

export interface DatabaseSizes {
  readonly kb: number;
  readonly declarations: number;
  readonly kbPerDeclaration: number;
  readonly services: Readonly<Record<string, ServiceSize>>;
}

const LARGEST = 10;

const SIZES = `
  WITH RECURSIVE part AS (
    SELECT c.oid, c.oid AS whole FROM pg_class c
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    UNION ALL
    SELECT i.inhrelid, part.whole FROM part JOIN pg_inherits i ON i.inhparent = part.oid
  )
  SELECT part.whole::regclass::text AS name, sum(greatest(c.reltuples, 0))::float8 AS rows,
         (sum(pg_total_relation_size(c.oid)) / 1024)::float8 AS kb, (sum(pg_indexes_size(c.oid)) / 1024)::float8 AS "indexesKb"
    FROM part JOIN pg_class c ON c.oid = part.oid
   GROUP BY part.whole ORDER BY 3 DESC LIMIT ${LARGEST}`;

export async function databaseSizes(world: Pick<Services, 'rows' | 'urls'>): Promise<DatabaseSizes> {
  const services: Record<string, ServiceSize> = {};
  let kb = 0;
  for (const service of Object.keys(world.urls)) {
    // Rows are what the planner believes, so it is told first.
    await world.rows(service, 'ANALYZE');
    const [database] = await world.rows<{ kb: number }>(
      service,
      'SELECT (pg_database_size(current_database()) / 1024)::float8 AS kb',
    );
    services[service] = { kb: database?.kb ?? 0, largest: await world.rows<RelationSize>(service, SIZES) };
    kb += database?.kb ?? 0;
  }
  const [counted] = await world.rows<{ n: number }>(
    'declaration-workflow',
    'SELECT count(*)::int AS n FROM declaration',
  );
  const declarations = counted?.n ?? 0;
  return { kb, declarations, kbPerDeclaration: kb / Math.max(1, declarations), services };
}

/** The table "where the bytes go": kB, and of them a declaration. */
export function sizeLines({ kb, declarations, services }: DatabaseSizes): string[] {
  const each = (of: number): string => (of / Math.max(1, declarations)).toFixed(2);
  const whole = (of: number): string => Math.round(of).toLocaleString('en-GB');
  const rows = Object.entries(services)
    .toSorted(([, a], [, b]) => b.kb - a.kb)
    .flatMap(([service, size]) => [
      [service, '', whole(size.kb), '', each(size.kb)],
      ...size.largest
        .filter((one) => one.kb / Math.max(1, declarations) >= 0.01)
        .map((one) => [`  ${one.name}`, whole(one.rows), whole(one.kb), whole(one.indexesKb), each(one.kb)]),
    ]);
  const heads = ['relation', 'rows', 'kB', 'of them indexes', 'kB a declaration'];
  return columns([heads, ...rows, ['all databases', '', whole(kb), '', each(kb)]], [1, 2, 3, 4]);
}
