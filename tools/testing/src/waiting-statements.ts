import type pg from 'pg';

/**
 * How many statements in a database wait for a lock that somebody else holds: `transactionid` of a row, `advisory` of a
 * turn.
 */
export async function waitingStatements(
  database: pg.Pool,
  lock: 'transactionid' | 'advisory',
): Promise<number> {
  const { rows } = await database.query(
    'SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = $1',
    [lock],
  );
  return rows.length;
}
