// Outbox rows drained by one relay and by three, beside kafkajs sending the same records.
import { createMessaging, messagingMigrations, silentLogger } from '@attest/messaging';
import { Database, migrate } from '@attest/persistence';
import { until } from '@attest/stack/http-client';
import { countingUpTo } from './counting.js';
import { median, type Figure } from './figure.js';
import type { RawCommands } from './raw-process.js';
import { pageEvents } from './records.js';
import type { RelayCommands } from './relay-process.js';
import { rotate } from './rotation.js';
import { newPrefix, type Stand } from './stand.js';
import { dropTopics, freshTopics, recordsIn } from './topics.js';
import type { Worker } from './worker.js';

const SERVICE = 'extraction-intake';
const TOPIC = 'submissions';
const SHARDS = 16;

export async function measure(stand: Stand): Promise<Figure[]> {
  const count = stand.size(100_000, 5_000);
  const brokers = await stand.brokers();
  const raw = await stand.worker<RawCommands>('raw-process.js', 'raw-producer');
  const bare = await stand.worker<RawCommands>('raw-process.js', 'raw-producer-bare');
  const { averageBytes } = await raw.call('open', { brokers, count, source: SERVICE });
  await bare.call('open', { brokers, count, source: SERVICE, bare: true });
  const relays = await Promise.all(
    [1, 2, 3].map((n) => stand.worker<RelayCommands>('relay-process.js', `relay-${n}`)),
  );

  const rates = await rotate(stand.rotations, {
    raw: () => rawRate(stand, raw, count),
    bare: () => rawRate(stand, bare, count),
    one: () => relayRate(stand, relays.slice(0, 1), count),
    three: () => relayRate(stand, relays, count),
  });
  const peer = { name: 'kafkajs, same records', values: rates.raw };
  const notes = {
    rows: count,
    averageValueBytes: Math.floor(averageBytes),
    withoutHeaders: { medianPerSecond: median(rates.bare), rotations: rates.bare },
  };
  const figure = { unit: 'events/s', better: 'higher', peer, notes } as const;
  return [
    { ...figure, name: 'one relay', ours: rates.one, target: { ratio: 0.4 } },
    { ...figure, name: 'three relays', ours: rates.three, target: { ratio: 0.6 } },
  ];
}

async function rawRate(stand: Stand, worker: Worker<RawCommands>, count: number): Promise<number> {
  const topicPrefix = newPrefix();
  await freshTopics(stand, topicPrefix);
  const { ms } = await worker.call('produce', { topic: topicPrefix + TOPIC });
  await dropTopics(stand, topicPrefix);
  return (count * 1000) / ms;
}

/** Timed from the commit of all rows, with the relays running and their shards shared, to the last row archived. */
async function relayRate(
  stand: Stand,
  workers: readonly Worker<RelayCommands>[],
  count: number,
): Promise<number> {
  const topicPrefix = newPrefix();
  const brokers = await stand.brokers();
  const { url, pool, drop } = await stand.database('outbox');
  await migrate(url, messagingMigrations);
  const database = new Database({ url, poolSize: 2, applicationName: 'bench-writer' });
  const { outbox } = createMessaging({
    service: SERVICE,
    brokers,
    database,
    topicPrefix,
    logger: silentLogger,
  });
  // One after the other: the first creates the topics.
  for (const worker of workers) await worker.call('open', { url, brokers, topicPrefix, service: SERVICE });
  const fair = Math.ceil(SHARDS / workers.length);
  await until('the relays have shared the shards', async () => {
    const owned = await Promise.all(workers.map((worker) => worker.call('shards')));
    return owned.reduce((sum, n) => sum + n, 0) === SHARDS && Math.max(...owned) <= fair;
  });

  const { done, add } = countingUpTo(count);
  for (const worker of workers) worker.onFact(({ relayed }) => add(relayed));
  const events = pageEvents(count);
  await database.transaction((tx) => outbox.add(tx, events));
  const started = performance.now();
  await done;
  const ms = performance.now() - started;

  for (const worker of workers) worker.forget();
  const { rows } = await pool.query<{ left: number; archived: number }>(
    'SELECT (SELECT count(*) FROM outbox)::int AS left, (SELECT count(*) FROM outbox_archive)::int AS archived',
  );
  const sent = await recordsIn(stand, topicPrefix + TOPIC);
  const { left, archived } = rows[0] ?? {};
  if (left !== 0 || archived !== count || sent !== count)
    throw new Error(`of ${count} rows ${left} are left, ${archived} archived, ${sent} sent`);
  for (const worker of workers) await worker.call('close');
  await database.close();
  await drop();
  await dropTopics(stand, topicPrefix);
  return (count * 1000) / ms;
}
