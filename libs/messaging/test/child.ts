import { Database } from '@attest/persistence';
import { armFailpoint } from '../src/index.js';
import { AppliesCounted, specService } from './harness.js';
import { TellsCounted } from './tells-counted.js';

/** One service in a process of its own, so that a spec can kill or stop it. */
export interface ChildSettings {
  readonly service: string;
  readonly url: string;
  readonly topicPrefix: string;
  readonly brokers?: readonly string[];
  readonly consumes: boolean;
  readonly crashAt?: string;
  readonly republishes?: boolean;
  /** 2 s unless told: of a process that is killed Kafka learns by its silence alone. */
  readonly sessionTimeoutMs?: number;
}

const settings = JSON.parse(process.argv[2]!) as ChildSettings;
armFailpoint(settings.crashAt);
const { service, url, topicPrefix, brokers, sessionTimeoutMs = 2_000 } = settings;
const { messaging } = await specService(
  {
    service,
    database: new Database({ url, poolSize: 6, applicationName: 'messaging-spec-child' }),
    topicPrefix,
    sessionTimeoutMs,
    ...(brokers ? { brokers } : {}),
    onFatal: (error) => {
      console.error(error);
      process.exit(3);
    },
  },
  { controllers: settings.consumes ? [AppliesCounted] : [] },
);
if (settings.republishes) messaging.republisher.publishers.offer(new TellsCounted());
process.send?.('started');
// Whoever started it is gone: so is its purpose.
process.on('disconnect', () => process.exit(0));
