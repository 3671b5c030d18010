// Topics of one rotation: made as the product makes them, counted, removed.
import type { Admin } from '@attest/messaging/kafka';
import { ensureTopics, silentLogger, TopicNames } from '@attest/messaging';
import type { Stand } from './stand.js';

/** All declared topics under the prefix. */
export async function freshTopics(stand: Stand, prefix: string): Promise<void> {
  await ensureTopics({ brokers: await stand.brokers(), names: new TopicNames(prefix), logger: silentLogger });
}

export async function recordsIn(stand: Stand, topic: string): Promise<number> {
  return withAdmin(stand, async (admin) =>
    (await admin.fetchTopicOffsets(topic)).reduce(
      (sum, { high, low }) => sum + Number(high) - Number(low),
      0,
    ),
  );
}

/** Hundreds of megabytes a rotation, which nobody reads again. */
export async function dropTopics(stand: Stand, prefix: string): Promise<void> {
  await withAdmin(stand, async (admin) => {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    await admin.deleteTopics({ topics });
  });
}

async function withAdmin<T>(stand: Stand, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = (await stand.kafka()).admin();
  await admin.connect();
  return work(admin).finally(() => admin.disconnect());
}
