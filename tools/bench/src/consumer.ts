// The product's consumer with fence, inbox and a small effect, beside kafkajs reading the same topic and committing.
import { messagingMigrations } from '@attest/messaging';
import { migrate } from '@attest/persistence';
import type { ConsumerCommands } from './consumer-process.js';
import type { Figure } from './figure.js';
import type { RawCommands } from './raw-process.js';
import { rotate } from './rotation.js';
import { newPrefix, type Stand } from './stand.js';
import { dropTopics, freshTopics } from './topics.js';
import type { Worker } from './worker.js';

const SERVICE = 'aggregation';
const TOPIC = 'submissions';

export async function measure(stand: Stand): Promise<Figure[]> {
  const count = stand.size(100_000, 10_000);
  const brokers = await stand.brokers();
  const raw = await stand.worker<RawCommands>('raw-process.js', 'raw-consumer');
  const product = await stand.worker<ConsumerCommands>('consumer-process.js', 'consumer');
  const { averageBytes } = await raw.call('open', { brokers, count, source: 'extraction-intake' });
  const topicPrefix = newPrefix();
  await freshTopics(stand, topicPrefix);
  await raw.call('produce', { topic: topicPrefix + TOPIC });

  const rates = await rotate(stand.rotations, {
    raw: async () => {
      const topic = topicPrefix + TOPIC;
      const { ms } = await raw.call('consume', { topic, count, groupId: `${topicPrefix}${newPrefix()}raw` });
      return (count * 1000) / ms;
    },
    ours: () => consumerRate(stand, product, { brokers, topicPrefix, count }),
  });
  await dropTopics(stand, topicPrefix);
  return [
    {
      name: 'consumer with inbox',
      unit: 'events/s',
      better: 'higher',
      ours: rates.ours,
      peer: { name: 'kafkajs eachBatch + commit', values: rates.raw },
      target: { ratio: 0.2, goal: 50_000 },
      notes: { records: count, averageValueBytes: Math.floor(averageBytes) },
    },
  ];
}

/** A fresh database begins at the topic's first record, whatever the group's offsets at the broker say. */
async function consumerRate(
  stand: Stand,
  worker: Worker<ConsumerCommands>,
  { brokers, topicPrefix, count }: { brokers: readonly string[]; topicPrefix: string; count: number },
): Promise<number> {
  const { url, pool, drop } = await stand.database('inbox');
  await migrate(url, messagingMigrations);
  await pool.query(
    `CREATE TABLE followed_page (
       service_code text, achievement_date date, practice_code text, page_version int NOT NULL, total bigint NOT NULL,
       PRIMARY KEY (service_code, achievement_date, practice_code))`,
  );
  const { ms } = await worker.call('consume', { url, brokers, topicPrefix, service: SERVICE, count });
  const { rows } = await pool.query<{ noted: number; followed: number }>(
    'SELECT (SELECT count(*) FROM inbox_done)::int AS noted, (SELECT count(*) FROM followed_page)::int AS followed',
  );
  const { noted, followed } = rows[0] ?? {};
  if (noted !== count || followed !== count)
    throw new Error(`of ${count} records ${noted} are in the inbox and ${followed} had effect`);
  await drop();
  return (count * 1000) / ms;
}
