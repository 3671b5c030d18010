import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plainArray } from '@attest/persistence';
import type pg from 'pg';
import { keepHouse } from '../src/outbox/housekeeping.js';
import { archive, readOldest } from '../src/outbox/outbox-rows.js';
import { specDatabase, type SpecDatabase } from './harness.js';

const SHARDS = Array.from({ length: 16 }, (_, shard) => shard);

describe('what was sent is archived', () => {
  let place: SpecDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    place = await specDatabase();
    client = await place.database.connect();
  });
  afterAll(async () => {
    await client?.end();
    await place?.drop();
  });

  const say = (rows: number) =>
    place.database.query(
      `INSERT INTO outbox (shard, event_id, topic, key, type, aggregate_version, payload, headers, traceparent)
       SELECT g % 16, gen_random_uuid(), 'submissions', 'k' || g, 'spec.counted.v1', g, '{"n": ' || g || '}',
              CASE WHEN g % 2 = 0 THEN jsonb_build_object('ce_causationid', g) END, CASE WHEN g % 3 = 0 THEN 'trace' || g END
       FROM generate_series(1, ${rows}) g`,
    );
  const rowsOf = async (table: string) => {
    const { rows } = await place.database.query(`SELECT t.* FROM ${table} t ORDER BY seq`);
    return rows;
  };
  const count = async (table: string) => Number((await rowsOf(table)).length);

  it.each([
    ['many as one lot', 40, { lots: 1, rows: 0 }],
    ['few row by row', 3, { lots: 0, rows: 3 }],
  ])('%s, and read as it was said, with its transaction', async (_, rows, kept) => {
    await place.database.query('TRUNCATE outbox_archive_row, outbox_archive_lot');
    await say(rows);
    const said = await rowsOf('outbox');
    await archive(client, await readOldest(client, SHARDS));
    expect(await count('outbox')).toBe(0);
    expect(await rowsOf('outbox_archive')).toEqual(said);
    const { rows: lots } = await place.database.query(`SELECT cardinality(seq) AS n FROM outbox_archive_lot`);
    expect([lots.length, await count('outbox_archive_row')]).toEqual([kept.lots, kept.rows]);
    const { rows: visible } = await place.database.query(
      `SELECT FROM outbox_archive WHERE pg_visible_in_snapshot(txid, pg_current_snapshot())`,
    );
    expect(visible).toHaveLength(rows);
  });

  it('exactly, and leaves what was written meanwhile', async () => {
    await place.database.query('TRUNCATE outbox_archive_row, outbox_archive_lot');
    await say(20);
    const sent = await readOldest(client, SHARDS);
    await say(5);
    await archive(client, sent);
    expect(await count('outbox')).toBe(5);
    expect(await count('outbox_archive')).toBe(20);
    // Somebody else has archived them already.
    await archive(client, sent);
    expect(await count('outbox_archive')).toBe(20);
    await place.database.query('DELETE FROM outbox');
  });

  it('and its space is used again, without waiting for autovacuum', async () => {
    await place.database.query('TRUNCATE outbox');
    const pages = async (): Promise<number> => {
      const { rows } = await place.database.query<{ pages: bigint }>(
        `SELECT pg_relation_size('outbox') / 8192 AS pages`,
      );
      return Number(rows[0]!.pages);
    };
    const sizes: number[] = [];
    for (let round = 0; round < 4; round++) {
      await say(5_000);
      sizes.push(await pages());
      while ((await count('outbox')) > 0) await archive(client, await readOldest(client, SHARDS));
    }
    // Whoever else reads this server's tables just now may keep one round's space from being free for the next.
    expect(sizes[3]).toBeLessThanOrEqual(sizes[0]! * 2.5);
  });

  it('by a process of the version before, too', async () => {
    await place.database.query('TRUNCATE outbox_archive_row, outbox_archive_lot');
    await say(2);
    const said = await rowsOf('outbox');
    await place.database.query(
      `WITH sent AS (DELETE FROM outbox WHERE seq = ANY($1::bigint[]) RETURNING *)
       INSERT INTO outbox_archive (shard, seq, event_id, topic, key, type, aggregate_version, payload, headers, traceparent,
                                   tracestate, created_at, txid)
       SELECT shard, seq, event_id, topic, key, type, aggregate_version, payload, headers, traceparent, tracestate,
              created_at, txid FROM sent`,
      [plainArray(said.map((row) => row['seq'] as bigint))],
    );
    expect(await rowsOf('outbox_archive')).toEqual(said);
  });

  it('for sixty days, by the day of a lot as of a row', async () => {
    const days = async () => {
      const { rows } = await place.database.query<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE relispartition AND relname ~ '_[0-9]{8}$' ORDER BY 1`,
      );
      return rows.map(({ name }) => name);
    };
    const ahead = await days();
    expect(ahead.filter((name) => name.startsWith('outbox_archive_lot_'))).toHaveLength(8);
    for (const [name, of] of [
      ['outbox_archive_20200101', 'outbox_archive_row'],
      ['outbox_archive_lot_20200101', 'outbox_archive_lot'],
    ])
      await place.database.query(
        `CREATE TABLE ${name} PARTITION OF ${of} FOR VALUES FROM ('2020-01-01') TO ('2020-01-02')`,
      );
    await keepHouse(place.database);
    expect(await days()).toEqual(ahead);
  });
});
