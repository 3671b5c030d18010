// One process with the product's relay in it, and nothing else.
import { createMessaging, METRICS, type Messaging } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { answer, tell } from './answering.js';
import { tellsFailures } from './tells-failures.js';

interface Opening {
  readonly url: string;
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  readonly service: string;
}

let opened: { messaging: Messaging; database: Database } | undefined;

const theOpened = () => {
  if (!opened) throw new Error('the relay is not open');
  return opened;
};

const commands = {
  async open({ url, brokers, topicPrefix, service }: Opening) {
    const database = new Database({ url, poolSize: 4, applicationName: 'bench-relay' });
    const messaging = createMessaging({
      service,
      brokers,
      database,
      topicPrefix,
      logger: tellsFailures,
      metrics: {
        // Counted once the rows have left the outbox for the archive.
        count: (name, by) => void (name === METRICS.relayed && tell({ relayed: by })),
        gauge: () => undefined,
        forget: () => undefined,
      },
    });
    opened = { messaging, database };
    await messaging.start();
  },
  shards: () => theOpened().messaging.relay.ownedShards.length,
  async close() {
    const { messaging, database } = theOpened();
    await messaging.stop();
    await database.close();
  },
};
export type RelayCommands = typeof commands;

answer(commands);
