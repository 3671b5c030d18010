import { Access, Directory, TokenVerifier } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { createMessaging, type Messaging } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { Logger, Metrics } from '@attest/telemetry';
import { messagingLogger, messagingMetrics } from './adapters.js';
import { MovableClock } from './clock/movable-clock.js';
import { ConsumerWatch } from './health/consumer-watch.js';
import { ApiDocument } from './health/openapi.controller.js';
import { Readiness } from './health/readiness.js';
import { kafkaAccess } from './kafka-access.js';
import { Scheduler } from './scheduler/scheduler.js';
import type { ServiceSettings } from './service-settings.js';

/** Everything one running service stands on. Nothing of it is shared with another in the same process. */
export interface Platform {
  readonly name: string;
  readonly settings: ServiceSettings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly messaging: Messaging;
  readonly clock: BusinessClock;
  readonly movableClock: MovableClock;
  readonly access: Access;
  readonly directory: Directory;
  readonly verifier: TokenVerifier;
  readonly scheduler: Scheduler;
  readonly consumerWatch: ConsumerWatch;
  readonly readiness: Readiness;
  readonly apiDocument: ApiDocument;
}

/** Then another process relays and runs the jobs. */
export const readsOnlyAtOnce = ({ CONSUMES }: ServiceSettings): boolean => CONSUMES === 'at-once';

/** Makes the parts; connects to nothing yet. */
export function createPlatform(name: string, settings: ServiceSettings): Platform {
  const logger = Logger.create({ service: name, level: settings.LOG_LEVEL });
  const metrics = new Metrics(name);
  const database = new Database({
    url: settings.DATABASE_URL,
    poolSize: settings.DATABASE_POOL_SIZE,
    applicationName: `attest-${name}`,
    limits: {
      request: { statementMs: settings.DATABASE_REQUEST_STATEMENT_MS },
      chunk: { statementMs: settings.DATABASE_CHUNK_STATEMENT_MS },
      job: { statementMs: settings.DATABASE_JOB_STATEMENT_MS },
    },
    connectMs: settings.DATABASE_CONNECT_MS,
  });
  const messaging = createMessaging({
    service: name,
    brokers: settings.KAFKA_BROKERS.split(','),
    access: kafkaAccess(settings),
    database,
    logger: messagingLogger(logger),
    metrics: messagingMetrics(metrics),
    topicPrefix: settings.TOPIC_PREFIX,
    sessionTimeoutMs: settings.KAFKA_SESSION_TIMEOUT_MS,
    hangLimitMs: settings.HANG_LIMIT_MS,
    gatherAtMostMs: settings.GATHER_AT_MOST_MS,
    consumes: settings.CONSUMES,
    poisonStorm: { most: settings.POISON_STORM_LETTERS, withinMs: settings.POISON_STORM_SECONDS * 1_000 },
  });
  const clock = new BusinessClock();
  const consumerWatch = new ConsumerWatch();
  return {
    name,
    settings,
    logger,
    metrics,
    database,
    messaging,
    clock,
    movableClock: new MovableClock(database, clock, logger, settings.BUSINESS_CLOCK_MOVABLE),
    access: new Access(database, clock),
    directory: new Directory(),
    verifier: new TokenVerifier({
      issuer: settings.OIDC_ISSUER,
      audience: settings.OIDC_AUDIENCE,
      requiredScope: settings.OIDC_REQUIRED_SCOPE,
      takesLoopbackHttp: settings.NODE_ENV !== 'production',
    }),
    scheduler: new Scheduler(database, logger, metrics, settings.JOBS_AT_LEAST_EVERY_MS),
    consumerWatch,
    readiness: new Readiness(
      database,
      readsOnlyAtOnce(settings) ? null : messaging.relay,
      consumerWatch,
      messaging.fatal,
    ),
    apiDocument: new ApiDocument(),
  };
}
