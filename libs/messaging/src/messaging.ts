import type { Database } from '@attest/persistence';
import { BARRIER_EVENT_TYPES, BarrierNode } from './barriers/barrier-node.js';
import { Barriers } from './barriers/barriers.js';
import { ConsumptionControl } from './reading/consumption-control.js';
import { KafkaBatchServer } from './reading/batch-server.js';
import type { ConsumedTopics } from './reading/batch-server-options.js';
import { Burial } from './dead-letters/burial.js';
import { ChunkApplier } from './reading/chunk-applier.js';
import { HandlerTable } from './reading/handler-table.js';
import { kafkaClient, type KafkaAccess } from './kafka/index.js';
import { Listeners } from './listeners.js';
import { Outbox } from './outbox/outbox.js';
import { noMetrics, type MessagingLogger, type MessagingMetrics } from './ports.js';
import { Relay } from './outbox/relay.js';
import { RelayPace } from './outbox/relay-pace.js';
import { DeadLetters } from './replay/replay.js';
import { TopicNames } from './wire/topic-names.js';
import { ensureTopics } from './kafka/topics.js';
import { RelayWaker } from './outbox/wake.js';

export interface MessagingOptions {
  /** The service's name: consumer group, fence's consumer, `ce_source`. */
  readonly service: string;
  readonly brokers: readonly string[];
  /** Over TLS; plaintext without it. */
  readonly access?: KafkaAccess | undefined;
  readonly database: Database;
  readonly logger: MessagingLogger;
  readonly metrics?: MessagingMetrics | undefined;
  /** Keeps specs that share a broker apart. */
  readonly topicPrefix?: string | undefined;
  /** How long a silent member keeps its partitions; 30 s unless told. */
  readonly sessionTimeoutMs?: number | undefined;
  /** Partitions applied at once, each on a pool connection of its own; 5 unless told. */
  readonly concurrency?: number | undefined;
  /** Which topics this process reads, where the others are another process's; all unless told. */
  readonly consumes?: ConsumedTopics | undefined;
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
  readonly pace: RelayPace;
  /** Creates the topics, then starts relaying, unless another process does. Before `app.startAllMicroservices()`. */
  start(relays?: boolean): Promise<void>;
  /** Stops relaying. The server stops with the app. */
  stop(): Promise<void>;
}

const DEFAULT_SESSION_TIMEOUT_MS = 30_000;
/** One more than a topic has partitions: a busy topic must not make the others wait. */
const DEFAULT_CONCURRENCY = 5;

export function createMessaging(options: MessagingOptions): Messaging {
  const { service, brokers, access, database, logger, metrics = noMetrics } = options;
  const names = new TopicNames(options.topicPrefix);
  const waker = new RelayWaker(database);
  const outbox = new Outbox(service, (shards) => waker.wake(shards));
  const listeners = new Listeners();
  const handlers = new HandlerTable();
  const burial = new Burial(service, outbox, listeners);
  const node = new BarrierNode(service, database, outbox, listeners, logger);
  const deadLetters = new DeadLetters(service, database, handlers, burial, listeners, logger);
  if (node.topics().length > 0)
    handlers.add('barriers', BARRIER_EVENT_TYPES, (events, batch) => node.handle(events as never, batch));
  const pace = new RelayPace();
  const relay = new Relay({
    service,
    database,
    kafka: kafkaClient({ brokers, access, clientId: `${service}-relay`, logger }),
    names,
    logger,
    metrics,
    ensureTopic: (topic) => ensureTopics({ brokers, access, names, logger, topics: [topic] }),
    pace,
  });
  waker.attach(relay);
  const server = new KafkaBatchServer({
    service,
    brokers,
    access,
    database,
    names,
    logger,
    metrics,
    sessionTimeoutMs: options.sessionTimeoutMs ?? DEFAULT_SESSION_TIMEOUT_MS,
    // Whoever serves requests must still find a connection.
    concurrency: options.concurrency ?? Math.max(1, Math.min(DEFAULT_CONCURRENCY, database.poolSize - 2)),
    handlers,
    consumes: options.consumes ?? 'all',
    applier: new ChunkApplier(service, database, handlers, burial, node),
    barriers: node,
    replayRequested: () => deadLetters.runRequested(),
    onFatal: options.onFatal ?? endProcess,
  });
  return {
    outbox,
    barriers: new Barriers(service, outbox),
    control: new ConsumptionControl(database),
    listeners,
    deadLetters,
    server,
    relay,
    pace,
    start: async (relays = true) => {
      await ensureTopics({ brokers, access, names, logger });
      if (relays) relay.start();
    },
    stop: () => relay.stop(),
  };
}

/** A consumer that cannot go on ends its process; the orchestrator starts it again. */
function endProcess(): void {
  process.exitCode = 1;
  // One turn of the loop, so that the reason reaches the log.
  setImmediate(() => process.exit(1));
}
