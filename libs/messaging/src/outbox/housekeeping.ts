import { asWork, type Database } from '@attest/persistence';
import { KEEP_DAYS, PARTITIONS_AHEAD_DAYS } from './retention.js';

const PURGE_ROWS = 20_000;

interface Purge {
  readonly table: string;
  readonly days: number;
  /** A condition on rows `t`; `$age` is the moment before which they are too old. */
  readonly isOld: string;
}

const PURGES: readonly Purge[] = [
  // Rows of days whose partition could not be made in time.
  { table: 'outbox_archive_default', days: KEEP_DAYS.archive, isOld: 't.created_at < $age' },
  { table: 'outbox_archive_lot_default', days: KEEP_DAYS.archive, isOld: 't.newest_at < $age' },
  { table: 'inbox_done', days: KEEP_DAYS.inbox, isOld: 't.received_on < $age' },
  { table: 'inbox', days: KEEP_DAYS.inbox, isOld: `t.status = 'done' AND t.received_at < $age` },
  {
    table: 'inbox',
    days: KEEP_DAYS.inbox,
    isOld: `t.status <> 'done' AND t.received_at < $age
            AND NOT EXISTS (SELECT FROM dead_letter d WHERE d.consumer = t.consumer AND d.event_id = t.event_id AND d.status = 'dead')
            AND NOT EXISTS (SELECT FROM parked_event p WHERE p.consumer = t.consumer AND p.event_id = t.event_id)`,
  },
  { table: 'barrier', days: KEEP_DAYS.barriers, isOld: 't.expires_at < $age' },
  {
    table: 'dead_letter',
    days: KEEP_DAYS.operators,
    isOld: `t.status <> 'dead' AND t.settled_at < $age
            AND NOT EXISTS (SELECT FROM blocked_key b WHERE b.dead_letter_id = t.id)`,
  },
  { table: 'dead_letter_replay', days: KEEP_DAYS.operators, isOld: 't.finished_at < $age' },
  { table: 'republish_run', days: KEEP_DAYS.operators, isOld: 't.finished_at < $age' },
  { table: 'fence_rewind', days: KEEP_DAYS.operators, isOld: 't.rewound_at < $age' },
  // Until it is told again, a person may still have to decide about it.
  { table: 'forgotten_event', days: KEEP_DAYS.operators, isOld: 't.told_again_at < $age' },
];

/**
 * Makes the archive's coming days, drops its oldest, and forgets what is too old. It waits for nobody: everybody who
 * writes the archive would queue behind it. Each step is by itself: one that cannot be done now keeps no other from it.
 * @throws the first that failed, when all were tried; the next time tries again
 */
export const keepHouse = (database: Database): Promise<void> =>
  asWork('housekeeping', () => tidyUp(database));

async function tidyUp(database: Database): Promise<void> {
  const failures: unknown[] = [];
  const step = async (work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) => failures.push(error));
  };
  await step(() => database.query(`SELECT outbox_archive_ahead($1)`, [PARTITIONS_AHEAD_DAYS]));
  for (const name of await oldPartitions(database))
    await step(() => database.query(`DROP TABLE IF EXISTS "${name}"`));
  for (const purge of PURGES) await step(() => forget(database, purge));
  if (failures.length > 0) throw failures[0];
}

async function oldPartitions(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent IN ('outbox_archive_row'::regclass, 'outbox_archive_lot'::regclass)
       AND c.relname ~ '^outbox_archive_(lot_)?[0-9]{8}$'
       AND to_date(right(c.relname, 8), 'YYYYMMDD') < current_date - $1::int`,
    [KEEP_DAYS.archive],
  );
  return rows.map(({ name }) => name);
}

/** In parts, so that nobody waits for it. */
async function forget(database: Database, { table, days, isOld }: Purge): Promise<void> {
  const condition = isOld.replace('$age', 'now() - make_interval(days => $1)');
  for (let purged = PURGE_ROWS; purged === PURGE_ROWS;) {
    const { rowCount } = await database.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT t.ctid FROM ${table} t WHERE ${condition} LIMIT ${PURGE_ROWS}))`,
      [days],
    );
    purged = rowCount;
  }
}
