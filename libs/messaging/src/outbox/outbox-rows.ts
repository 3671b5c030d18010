import type { Client } from 'pg';
import { plainArray } from '@attest/persistence';
import type { RelayedRow } from '../wire/envelope.js';

/** kafkajs groups a send's records by copying arrays; beyond this the copying shows. */
export const ROWS_PER_SEND = 1_000;
/** Well below what a topic takes at once, however the rows fall on its partitions and with their headers. */
const MOST_PAYLOAD_LENGTH = 2 * 1024 * 1024;

const READ = {
  name: 'relay-read',
  text: `SELECT o.* FROM unnest($1::smallint[]) AS s(shard) CROSS JOIN LATERAL (
           SELECT shard, seq::text, event_id, topic, key, type, aggregate_version::text, payload, headers, traceparent, tracestate,
                  floor(extract(epoch FROM created_at) * 1000)::text AS created_at
           FROM outbox WHERE outbox.shard = s.shard AND outbox.seq NOT IN (SELECT unnest($2::bigint[]))
           ORDER BY outbox.seq LIMIT ${ROWS_PER_SEND}
         ) o LIMIT ${ROWS_PER_SEND}`,
};

const COLUMNS =
  'shard, seq, event_id, topic, key, type, aggregate_version, payload, headers, traceparent, tracestate, created_at, txid';

const SENT = `WITH sent AS (
           DELETE FROM outbox o USING unnest($1::smallint[], $2::bigint[]) AS d(shard, seq)
           WHERE o.shard = d.shard AND o.seq = d.seq
           RETURNING ${COLUMNS.replaceAll(/\w+/g, 'o.$&')}
         )`;

const ARCHIVE = {
  name: 'relay-archive',
  text: `${SENT} INSERT INTO outbox_archive_row (${COLUMNS}) SELECT ${COLUMNS} FROM sent`,
};

const ARCHIVE_LOT = {
  name: 'relay-archive-lot',
  text: `${SENT} INSERT INTO outbox_archive_lot (newest_at, ${COLUMNS})
         SELECT max(created_at), ${COLUMNS.replaceAll(/\w+/g, 'array_agg($&)')}
         FROM (SELECT * FROM sent ORDER BY shard, seq) sent HAVING count(*) > 0`,
};

/** Fewer compress badly, and each lot costs as much as a small row besides. */
const LOT_LEAST = 16;

/**
 * The oldest rows of these shards, each shard's in their order; the first shards of the list come first. Rows that are
 * being sent just now are left out by name, never by "later than": a row below them may have been committed since, and
 * a barrier's record above must not overtake it.
 */
export async function readOldest(
  client: Client,
  shards: readonly number[],
  beingSent: readonly RelayedRow[] = [],
): Promise<RelayedRow[]> {
  const { rows } = await client.query<RelayedRow>({
    ...READ,
    values: [plainArray(shards), plainArray(beingSent.map((row) => row.seq))],
  });
  return upToLength(rows);
}

/** The first rows, at least one, that fit into one send. Those left out are the last of their shards. */
export function upToLength<Row extends { readonly payload: string }>(
  rows: Row[],
  most: number = MOST_PAYLOAD_LENGTH,
): Row[] {
  let length = 0;
  const end = rows.findIndex((row, at) => (length += row.payload.length) > most && at > 0);
  return end < 0 ? rows : rows.slice(0, end);
}

/**
 * Moves sent rows to the archive, many of them as one lot, exactly these: an identity value below them may belong to a
 * transaction that commits only later, so a cursor or a range would lose its row.
 */
export async function archive(client: Client, rows: readonly RelayedRow[]): Promise<void> {
  await client.query({
    ...(rows.length < LOT_LEAST ? ARCHIVE : ARCHIVE_LOT),
    values: [plainArray(rows.map((row) => row.shard)), plainArray(rows.map((row) => row.seq))],
  });
  await sweep(client, rows.length);
}

/** The space of so many rows is given back at once: autovacuum comes once a minute, and a bulk writes 50,000 in that. */
const SWEEP_ROWS = 5_000;
const archivedSince = new WeakMap<Client, number>();

/**
 * Keeps the outbox as small as what waits in it. Without giving pages back to the file system, because that would wait for
 * whoever writes.
 */
async function sweep(client: Client, archived: number): Promise<void> {
  const since = (archivedSince.get(client) ?? 0) + archived;
  archivedSince.set(client, since < SWEEP_ROWS ? since : 0);
  if (since < SWEEP_ROWS) return;
  // What is sent is archived by now. A sweep that fails is made good by the next one, or by autovacuum.
  await client.query('VACUUM (SKIP_LOCKED, TRUNCATE false) outbox').catch(() => undefined);
}

export async function currentEpoch(client: Pick<Client, 'query'>): Promise<number> {
  const { rows } = await client.query<{ epoch: number }>(
    `SELECT coalesce(max(epoch), 0) AS epoch FROM producer_epoch`,
  );
  return rows[0]!.epoch;
}

export async function outboxDepth(client: Client): Promise<{ depth: number; oldestSeconds: number }> {
  const { rows } = await client.query<{ depth: number; oldest: string | null }>(
    `SELECT count(*)::int AS depth, extract(epoch FROM now() - min(created_at))::text AS oldest
     FROM (SELECT created_at FROM outbox LIMIT 100000) counted`,
  );
  return { depth: rows[0]!.depth, oldestSeconds: Number(rows[0]!.oldest ?? 0) };
}
