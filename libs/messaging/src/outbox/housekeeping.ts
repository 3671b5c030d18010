import { asWork, type Database } from '@attest/persistence';

const PARTITIONS_AHEAD_DAYS = 7;
/** Longer than topics are kept (35 days), so that a broker's loss can be made good from the archive. */
const ARCHIVE_DAYS = 60;
/** Longer than topics are kept plus the time in which somebody may replay. */
const INBOX_DAYS = 60;
const BARRIER_DAYS = 60;
const PURGE_ROWS = 20_000;

/** Makes the archive's coming days, drops its oldest, and forgets what no redelivery can reach any more. */
export const keepHouse = (database: Database): Promise<void> =>
  asWork('housekeeping', () => tidyUp(database));

async function tidyUp(database: Database): Promise<void> {
  await database.query(`SELECT outbox_archive_ahead($1)`, [PARTITIONS_AHEAD_DAYS]);
  const { rows } = await database.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent IN ('outbox_archive_row'::regclass, 'outbox_archive_lot'::regclass)
       AND c.relname ~ '^outbox_archive_(lot_)?[0-9]{8}$'
       AND to_date(right(c.relname, 8), 'YYYYMMDD') < current_date - $1::int`,
    [ARCHIVE_DAYS],
  );
  for (const { name } of rows) await database.query(`DROP TABLE IF EXISTS "${name}"`);
  await purge(database, 'inbox', `received_at < now() - make_interval(days => $1) AND status = 'done'`);
  await purge(database, 'inbox_done', `received_on < current_date - $1::int`);
  await database.query(`DELETE FROM barrier WHERE expires_at < now() - make_interval(days => $1)`, [
    BARRIER_DAYS,
  ]);
}

/** Of events that were applied, in parts, so that nobody waits for it. */
async function purge(database: Database, table: string, old: string): Promise<void> {
  for (let purged = PURGE_ROWS; purged === PURGE_ROWS;) {
    const result = await database.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${old} LIMIT ${PURGE_ROWS}))`,
      [INBOX_DAYS],
    );
    purged = result.rowCount;
  }
}
