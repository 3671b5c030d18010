import type { Database } from '@attest/persistence';
import { Barriers } from './barriers.js';
import { ConsumptionControl } from './consumption-control.js';
import { KafkaBatchServer } from './batch-server.js';
import { Listeners } from './listeners.js';
import { Outbox } from './outbox.js';
import type { MessagingLogger, MessagingMetrics } from './ports.js';
import { Relay } from './relay.js';
import { DeadLetters } from './replay.js';

export interface MessagingOptions {
  /** The service's name: consumer group, fence's consumer, `ce_source`. */
  readonly service: string;
  readonly brokers: readonly string[];
  readonly database: Database;
  readonly logger: MessagingLogger;
  readonly metrics?: MessagingMetrics | undefined;
  /** Keeps specs that share a broker apart. */
  readonly topicPrefix?: string | undefined;
  /** How long a silent member keeps its partitions; 30 s unless told. */
  readonly sessionTimeoutMs?: number | undefined;
  /** Partitions applied at once, each on a pool connection of its own; 3 unless told. */
  readonly concurrency?: number | undefined;
  /** Called when consumption cannot go on. Ends the process unless told otherwise: the orchestrator restarts it. */
  readonly onFatal?: ((error: Error) => void) | undefined;
}

/** Everything one service needs to speak and to hear. Several may live in one process; they share nothing. */
export interface Messaging {
  readonly outbox: Outbox;
  readonly barriers: Barriers;
  readonly control: ConsumptionControl;
  readonly listeners: Listeners;
  readonly deadLetters: DeadLetters;
  /** For `app.connectMicroservice({ strategy: messaging.server })`. */
  readonly server: KafkaBatchServer;
  readonly relay: Relay;
  /** Creates the topics, then starts relaying. Before `app.startAllMicroservices()`. */
  start(): Promise<void>;
  /** Stops relaying. The server stops with the app. */
  stop(): Promise<void>;
}

export function createMessaging(_options: MessagingOptions): Messaging {
  throw new Error('being written');
}
