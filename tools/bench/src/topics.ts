// @ts-nocheck
// Topics of one rotation: made as the product makes them, counted, removed.
import { ensureTopics, silentLogger, TopicNames } from '@attest/messaging';

/** All declared topics under the prefix. */
export async function freshTopics(stand, prefix) {
  await ensureTopics({ brokers: await stand.brokers(), names: new TopicNames(prefix), logger: silentLogger });
}

export async function recordsIn(stand, topic) {
  return withAdmin(stand, async (admin) =>
    (await admin.fetchTopicOffsets(topic)).reduce(
      (sum, { high, low }) => sum + Number(high) - Number(low),
      0,
    ),
  );
}

/** Hundreds of megabytes a rotation, which nobody reads again. */
export async function dropTopics(stand, prefix) {
  await withAdmin(stand, async (admin) => {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    await admin.deleteTopics({ topics });
  });
}

async function withAdmin(stand, work) {
  const admin = (await stand.kafka()).admin();
  await admin.connect();
  return work(admin).finally(() => admin.disconnect());
}
