import type pg from 'pg';

/** The services from outside: their databases, read and never changed, and whether everything rests. */
export interface Services {
  /** Base URL by service. */
  readonly urls: Readonly<Record<string, string>>;
  database(service: string): pg.Pool;
  rows<Row extends pg.QueryResultRow>(service: string, sql: string, values?: unknown[]): Promise<Row[]>;
  /** First column of the first row. */
  count(service: string, sql: string, values?: unknown[]): Promise<number>;
  /** Resolves when everything written has been read; fails when that takes longer. */
  settled(withinMs?: number): Promise<unknown>;
}
