import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { keepHouse } from '../src/outbox/housekeeping.js';
import { specDatabase, type SpecDatabase } from './harness.js';

/** One row of each table, as old as `age` days. */
const ROWS: Readonly<Record<string, (age: string) => string>> = {
  outbox_archive_default: (age) =>
    `INSERT INTO outbox_archive_row (shard, seq, event_id, topic, key, type, aggregate_version, payload, created_at, txid)
     VALUES (0, 1, gen_random_uuid(), 't', 'k', 'e', 1, '{}', ${age}, '1')`,
  barrier: (age) =>
    `INSERT INTO barrier (barrier_id, route, requested_by, requested_at, expires_at) VALUES (gen_random_uuid(), 'release', 's', ${age}, ${age})`,
  dead_letter: (age) =>
    `INSERT INTO dead_letter (id, consumer, topic, partition, "offset", key, headers, recorded_at, error_class, error_code,
                              error_message, first_failed_at, status, settled_at)
     VALUES (gen_random_uuid(), 'c', 't', 0, 0, 'k', '{}', ${age}, 'E', 'E', 'e', ${age}, 'discarded', ${age})`,
  dead_letter_replay: (age) =>
    `INSERT INTO dead_letter_replay (id, consumer, filter, dry_run, requested_by, reason, status, finished_at)
     VALUES (gen_random_uuid(), 'c', '{}', false, 'w', 'y', 'done', ${age})`,
  republish_run: (age) =>
    `INSERT INTO republish_run (run_id, topic, rate_per_second, requested_by, reason, status, finished_at)
     VALUES (gen_random_uuid(), 't', 1, 'w', 'y', 'done', ${age})`,
  fence_rewind: (age) =>
    `INSERT INTO fence_rewind (consumer, topic, partition, epoch, to_offset, forgot_inbox, rewound_by, reason, rewound_at)
     VALUES ('c', 't', 0, 1, 0, true, 'w', 'y', ${age})`,
  forgotten_event: (age) =>
    `INSERT INTO forgotten_event (event_id, epoch, topic, partition, "offset", key, type, aggregate_version, payload, told_again_at)
     VALUES (gen_random_uuid(), 1, 't', 0, 0, 'k', 'e', 1, '{}', ${age})`,
};
const OLD = `now() - interval '501 days'`;

describe('housekeeping', () => {
  let place: SpecDatabase;
  const countOf = async (table: string): Promise<number> =>
    (await place.database.query(`SELECT FROM ${table}`)).rowCount;

  beforeAll(async () => {
    place = await specDatabase();
    await place.database.query(
      `INSERT INTO producer_epoch (epoch, raised_by, reason, version_floor) VALUES (1, 'w', 'y', 1000000)`,
    );
  });
  afterAll(() => place?.drop());

  it.each(Object.keys(ROWS))('forgets what is too old of %s, and nothing else', async (table) => {
    await place.database.query(ROWS[table]!(OLD));
    await keepHouse(place.database);
    expect(await countOf(table)).toBe(0);
    if (table === 'outbox_archive_default') return;
    await place.database.query(ROWS[table]!('now()'));
    await keepHouse(place.database);
    expect(await countOf(table)).toBe(1);
  });

  it('never forgets what is dead and not settled, nor what was forgotten and not told again', async () => {
    await place.database.query('TRUNCATE forgotten_event');
    await place.database.query(ROWS['forgotten_event']!('NULL'));
    await place.database.query(
      `INSERT INTO dead_letter (id, consumer, topic, partition, "offset", key, headers, recorded_at, error_class, error_code,
                                error_message, first_failed_at)
       VALUES ($1, 'c', 't', 1, 0, 'k', '{}', ${OLD}, 'E', 'E', 'e', ${OLD})`,
      [randomUUID()],
    );
    await keepHouse(place.database);
    expect(await countOf(`dead_letter WHERE status = 'dead'`)).toBe(1);
    expect(await countOf('forgotten_event')).toBe(1);
  });

  it('gives way to whoever reads the archive, instead of standing before all who write, and does the rest', async () => {
    await place.database.query('TRUNCATE barrier CASCADE');
    await place.database.query(ROWS['barrier']!(OLD));
    const reader = await place.database.connect();
    try {
      const day = `outbox_archive_lot_${new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')}`;
      await place.database.query(`DROP TABLE ${day}`);
      await reader.query('BEGIN; LOCK TABLE outbox_archive_lot IN ACCESS SHARE MODE');
      await expect(keepHouse(place.database)).rejects.toMatchObject({ code: '55P03' });
      expect(await countOf('barrier')).toBe(0);
      await reader.query('COMMIT');
      await keepHouse(place.database);
      const { rows } = await place.database.query<{ made: boolean }>(
        `SELECT to_regclass('${day}') IS NOT NULL AS made`,
      );
      expect(rows[0]!.made).toBe(true);
    } finally {
      await reader.end();
    }
  });
});
