import { asWork, type Database } from '@attest/persistence';

const PARTITIONS_AHEAD_DAYS = 7;
/** Longer than topics are kept (35 days), so that a broker's loss can be made good from the archive. */
const ARCHIVE_DAYS = 60;
/** What an operator did, and why, is asked for until the year's accounts are closed. */
const DEEDS_DAYS = 730;
const PURGE_ROWS = 20_000;

/** What is kept in one piece, and for how many days; `now()` minus the days is the oldest that stays. */
const KEPT_DAYS: readonly (readonly [table: string, age: string, days: number, only?: string])[] = [
  // Rows of days for which no partition was made in time.
  ['outbox_archive_default', 'created_at', ARCHIVE_DAYS],
  ['outbox_archive_lot_default', 'newest_at', ARCHIVE_DAYS],
  // Longer than topics are kept plus the time in which somebody may replay.
  ['inbox', 'received_at', 60, `status = 'done'`],
  ['inbox_done', 'received_on', 60],
  ['barrier', 'expires_at', 60],
  ['dead_letter', 'settled_at', DEEDS_DAYS, `status <> 'dead'`],
  ['dead_letter_replay', 'finished_at', DEEDS_DAYS],
  ['republish_run', 'finished_at', DEEDS_DAYS],
  ['fence_rewind', 'rewound_at', DEEDS_DAYS],
  ['forgotten_event', 'told_again_at', DEEDS_DAYS],
];

/**
 * Makes the archive's coming days, drops its oldest, and forgets what no redelivery can reach any more. It waits for
 * nobody: where somebody has a table, it fails, and is tried again later.
 */
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
  for (const [table, age, days, only = 'true'] of KEPT_DAYS)
    await purge(database, table, `${age} < now() - make_interval(days => ${days}) AND ${only}`);
}

/** In parts, so that nobody waits for it. */
async function purge(database: Database, table: string, old: string): Promise<void> {
  for (let purged = PURGE_ROWS; purged === PURGE_ROWS;) {
    const result = await database.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${old} LIMIT ${PURGE_ROWS}))`,
    );
    purged = result.rowCount;
  }
}
