// @ts-nocheck
// Says what services that are not running would have said: through outbox and relay, so that readers get the real thing.
import { createMessaging, messagingMigrations, silentLogger } from '@attest/messaging';
import { Database, migrate } from '@attest/persistence';
import { until } from '@attest/stack/http-client';

/**
 * @param {import('./stand.js').Stand} stand
 * @param {{ topicPrefix: string, service: string, events: import('@attest/contracts').NewEvent[] }} options
 */
export async function publish(stand, { topicPrefix, service, events }) {
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
