// @ts-nocheck
// One process with the product's relay in it, and nothing else.
import { createMessaging, METRICS, silentLogger } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { answer, tell } from './answering.js';

let messaging;
let database;

answer({
  async open({ url, brokers, topicPrefix, service }) {
    database = new Database({ url, poolSize: 4, applicationName: 'bench-relay' });
    messaging = createMessaging({
      service,
      brokers,
      database,
      topicPrefix,
      logger: {
        ...silentLogger,
        warn: (facts, message) => console.warn(message, facts),
        error: console.error,
      },
      metrics: {
        // Counted once the rows have left the outbox for the archive.
        count: (name, by) => void (name === METRICS.relayed && tell({ relayed: by })),
        gauge: () => undefined,
      },
    });
    await messaging.start();
  },
  shards: () => messaging.relay.ownedShards.length,
  async close() {
    await messaging.stop();
    await database.close();
  },
});
