import { backgroundOf, type Database } from '@attest/persistence';
import { BARRIER_EVENT_TYPES, BarrierNode } from './barriers/barrier-node.js';
import { Barriers } from './barriers/barriers.js';
import { ConsumptionControl } from './reading/consumption-control.js';
import { KafkaBatchServer } from './reading/batch-server.js';
import type { ConsumedTopics } from './reading/batch-server-options.js';
import { Burial } from './dead-letters/burial.js';
import { PoisonStorms, type StormLimits } from './dead-letters/poison-storm.js';
import { ChunkApplier } from './reading/chunk-applier.js';
import { HandlerTable } from './reading/handler-table.js';
import { GATHER_AT_MOST_MS } from './gathering.js';
import { HangWatch } from './hang-watch.js';
import { kafkaClient, type KafkaAccess } from './kafka/index.js';
import { Joining } from './joining.js';
import { Listeners } from './listeners.js';
import { Outbox } from './outbox/outbox.js';
import { noMetrics, type MessagingLogger, type MessagingMetrics } from './ports.js';
import { Relay } from './outbox/relay.js';
import { RelayPace } from './outbox/relay-pace.js';
import { KeySettler } from './replay/key-settler.js';
import { DeadLetters } from './replay/replay.js';
import { Republisher } from './republish/republisher.js';
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
  /** How long a silent member keeps its partitions; 8 s unless told. The broker takes 6 s at least. */
  readonly sessionTimeoutMs?: number | undefined;
  /** Partitions applied at once, each on a pool connection of its own; 5 unless told. */
  readonly concurrency?: number | undefined;
  /** Which topics this process reads, where the others are another process's; all unless told. */
  readonly consumes?: ConsumedTopics | undefined;
  /** How many dead letters of a topic, within how long, pause it; 50 in 60 s unless told. */
  readonly poisonStorm?: StormLimits | undefined;
  /** How long a batch or the relay may make no progress before it counts as hanging; 180 s unless told. */
  readonly hangLimitMs?: number | undefined;
  /** How long the relay and readers rest at most after a little work; 250 ms unless told, 0 never. */
  readonly gatherAtMostMs?: number | undefined;
  /** How often lag is asked of the broker; 5 s unless told. */
  readonly lagEveryMs?: number | undefined;
  /** Called when consumption or the relay cannot go on. Ends the process unless told otherwise: the orchestrator restarts it. */
  readonly onFatal?: ((error: Error) => void) | undefined;
}

/** What a process does of its service's messaging. */
export interface Part {
  /** True unless told; false where another process relays. */
  readonly relays?: boolean;
  /** Has the server listen, by `app.startAllMicroservices()`; called again after it threw. */
  readonly consume?: () => Promise<void>;
}

/** Everything one service needs to speak and to hear. Several may live in one process; they share nothing. */
export interface Messaging {
  readonly outbox: Outbox;
  readonly barriers: Barriers;
  readonly control: ConsumptionControl;
  readonly listeners: Listeners;
  readonly deadLetters: DeadLetters;
  readonly republisher: Republisher;
  /** For `app.connectMicroservice({ strategy: messaging.server })`. */
  readonly server: KafkaBatchServer;
  readonly relay: Relay;
  readonly pace: RelayPace;
  /** Why this process cannot go on; undefined while it can. */
  readonly fatal: () => Error | undefined;
  /**
   * Joins the broker: looks at its topics, then relays and consumes. Where no broker answers it resolves all the same,
   * and joins by itself when one does.
   * @throws what does not pass by itself: KafkaAccessRefusedError, PartitionCountError, TopicsMissingError
   */
  start(part?: Part): Promise<void>;
  /** Stops relaying. The server stops with the app. */
  stop(): Promise<void>;
}

/** With it a killed consumer's partitions are read again within 12 s. Members beat ten times as often. */
const DEFAULT_SESSION_TIMEOUT_MS = 8_000;
/** Longer than any one statement may take. */
const DEFAULT_HANG_LIMIT_MS = 180_000;
/** One more than a topic has partitions: a busy topic must not make the others wait. */
const DEFAULT_CONCURRENCY = 5;

const DEFAULT_STORM: StormLimits = { most: 50, withinMs: 60_000 };

export function createMessaging(options: MessagingOptions): Messaging {
  const { service, brokers, access, database, logger, metrics = noMetrics } = options;
  const names = new TopicNames(options.topicPrefix);
  const waker = new RelayWaker(database);
  const outbox = new Outbox(service, (shards) => waker.wake(shards));
  const listeners = new Listeners();
  const handlers = new HandlerTable();
  const burial = new Burial(service, outbox, listeners);
  const storms = new PoisonStorms(service, listeners, options.poisonStorm ?? DEFAULT_STORM, logger, metrics);
  const node = new BarrierNode(service, database, outbox, listeners, logger);
  const settler = new KeySettler(service, database, handlers, burial, listeners);
  const deadLetters = new DeadLetters(service, database, settler, logger);
  if (node.topics().length > 0)
    handlers.add('barriers', BARRIER_EVENT_TYPES, (events, batch) => node.handle(events as never, batch));
  const republisher = new Republisher(service, database, outbox, logger);
  const pace = new RelayPace();
  let fatal: Error | undefined;
  const onFatal = (error: Error): void => {
    fatal ??= error;
    (options.onFatal ?? endProcess)(error);
  };
  const gatherAtMostMs = options.gatherAtMostMs ?? GATHER_AT_MOST_MS;
  const relay = new Relay({
    service,
    database,
    kafka: kafkaClient({ brokers, access, clientId: `${service}-relay`, logger }),
    names,
    logger,
    metrics,
    ensureTopic: (topic) => ensureTopics({ brokers, access, names, logger, topics: [topic] }),
    pace,
    gatherAtMostMs,
  });
  waker.attach(relay);
  const joining = new Joining(service, logger, onFatal);
  let isRelaying = false;
  const server = new KafkaBatchServer({
    service,
    brokers,
    access,
    database,
    names,
    logger,
    metrics,
    sessionTimeoutMs: options.sessionTimeoutMs ?? DEFAULT_SESSION_TIMEOUT_MS,
    // The pool keeps a quarter for requests; of the rest one is left to jobs.
    concurrency:
      options.concurrency ?? Math.max(1, Math.min(DEFAULT_CONCURRENCY, backgroundOf(database.poolSize) - 1)),
    gatherAtMostMs,
    handlers,
    consumes: options.consumes ?? 'all',
    applier: new ChunkApplier(service, database, handlers, burial, storms, node),
    barriers: node,
    deadLetters,
    lagEveryMs: options.lagEveryMs,
    joining,
    onFatal,
  });
  const hangs = new HangWatch(options.hangLimitMs ?? DEFAULT_HANG_LIMIT_MS, (error) => {
    logger.error({ error, service }, 'messaging hangs; the process ends');
    onFatal(error);
  });
  hangs.watch('A batch of events', () => server.silentForMs);
  hangs.watch('The relay', () => relay.silentForMs);
  return {
    outbox,
    barriers: new Barriers(service, outbox),
    control: new ConsumptionControl(service, database, listeners),
    listeners,
    deadLetters,
    republisher,
    server,
    relay,
    pace,
    fatal: () => fatal,
    start: ({ relays = true, consume }: Part = {}) =>
      joining.begin(async (goesOn) => {
        // Before anything is sent: with other partition counts it would go to other partitions than before.
        await ensureTopics({ brokers, access, names, logger });
        if (!goesOn()) return;
        hangs.start();
        if (relays && !isRelaying) {
          isRelaying = true;
          relay.start();
          republisher.start();
        }
        await consume?.();
      }),
    stop: async () => {
      await joining.stop();
      isRelaying = false;
      hangs.stop();
      await republisher.stop();
      await relay.stop();
    },
  };
}

/** A consumer that cannot go on ends its process; the orchestrator starts it again. */
function endProcess(): void {
  process.exitCode = 1;
  // One turn of the loop, so that the reason reaches the log.
  setImmediate(() => process.exit(1));
}
