// Says what services that are not running would have said: through outbox and relay, so that readers get the real thing.
import type { NewEvent } from '@attest/contracts';
import { createMessaging, messagingMigrations, silentLogger } from '@attest/messaging';
import { Database, migrate } from '@attest/persistence';
import { until } from '@attest/stack/http-client';
import type { Stand } from './stand.js';

interface Said {
  readonly topicPrefix: string;
  /** Who says it. */
  readonly service: string;
  readonly events: readonly NewEvent[];
}

export async function publish(stand: Stand, { topicPrefix, service, events }: Said): Promise<void> {
  const { url, drop } = await stand.database('publisher');
  await migrate(url, messagingMigrations);
  const database = new Database({ url, poolSize: 2, applicationName: 'bench-publisher' });
  const messaging = createMessaging({
    service,
    brokers: await stand.brokers(),
    database,
    topicPrefix,
    logger: silentLogger,
  });
  await messaging.start();
  await database.transaction((tx) => messaging.outbox.add(tx, events));
  await until(`what ${service} says is sent`, async () => {
    const { rows } = await database.query('SELECT FROM outbox LIMIT 1');
    return rows.length === 0;
  });
  await messaging.stop();
  await database.close();
  await drop();
}
