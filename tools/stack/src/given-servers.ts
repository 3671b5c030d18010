// Servers that DATABASE_URL and KAFKA_BROKERS name: a month begins there only where nothing of an earlier one stands.
import { quietKafka } from '@attest/messaging/kafka';
import pg from 'pg';
import { CannotStart } from './cannot-start.js';
import { databaseName } from './databases.js';
import { givenAccess } from './given-access.js';

const OR_ELSE = 'or set ATTEST_STATE to the folder that it was played with';

/** They are not ours to clear, and not ours to change before this is known. Whether they answer at all is told elsewhere. */
export async function refuseEarlierMonth(topics: readonly string[]): Promise<void> {
  const { DATABASE_URL, KAFKA_BROKERS } = process.env;
  if (DATABASE_URL && (await holdsTables(DATABASE_URL)))
    throw new CannotStart(
      `The databases attest_* of the server that DATABASE_URL names hold an earlier month that is not kept here: drop them and the topics at its Kafka, name other servers, ${OR_ELSE}.`,
    );
  if (KAFKA_BROKERS && (await holdsRecords(KAFKA_BROKERS.split(','), topics)))
    throw new CannotStart(
      `The topics at KAFKA_BROKERS hold an earlier month that is not kept here: delete them, name another Kafka, ${OR_ELSE}.`,
    );
}

async function holdsTables(adminUrl: string): Promise<boolean> {
  const url = new URL(adminUrl);
  url.pathname = `/${databaseName('catalogue')}`;
  const client = new pg.Client({ connectionString: url.href, application_name: 'attest-local' });
  try {
    await client.connect();
  } catch {
    return false;
  }
  const { rows } = await client.query<{ archive: string | null }>(
    `SELECT to_regclass('outbox_archive') AS archive`,
  );
  await client.end();
  return typeof rows[0]?.archive === 'string';
}

async function holdsRecords(brokers: string[], topics: readonly string[]): Promise<boolean> {
  const kafka = quietKafka({
    clientId: 'attest-local',
    brokers,
    access: givenAccess(),
    retry: { initialRetryTime: 50, retries: 5 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
  } catch {
    return false;
  }
  // A leader that is just being elected must not count as a topic that holds nothing: what is asked from here on fails.
  try {
    const there = (await admin.listTopics()).filter((topic) => topics.includes(topic));
    const offsets = await Promise.all(there.map((topic) => admin.fetchTopicOffsets(topic)));
    return offsets.flat().some(({ high }) => high !== '0');
  } finally {
    await admin.disconnect();
  }
}
