import { appointFirstOperator } from '@attest/auth';
import { requiredSettingNames, type Environment } from '@attest/config';
import type { ServiceName, TopicName } from '@attest/contracts';
import { IdempotencyStore } from '@attest/http';
import { armFailpoint, armFailpointWhenTold, topicsConsumedBy } from '@attest/messaging';
import { asWork, migrate, type MigrationClass } from '@attest/persistence';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication, instancesOf } from './application.js';
import { refusePendingMigrations } from './pending-migrations.js';
import { platformMigrations } from './migrations/index.js';
import { createPlatform, readsOnlyAtOnce, type Platform } from './platform.js';
import { readServiceSettings } from './read-service-settings.js';
import { ServiceSettings } from './service-settings.js';
import { stopInOrder } from './stop-in-order.js';

export interface ServiceOptions<S extends ServiceSettings> {
  readonly name: ServiceName;
  readonly settings: new () => S;
  readonly module: Type<unknown>;
  /** Its own; the platform's come first by themselves and may be repeated here. */
  readonly migrations: readonly MigrationClass[];
}

export interface RunningService {
  readonly name: ServiceName;
  /** Where it listens, for example `http://127.0.0.1:4001`. */
  readonly url: string;
  /** Drains and stops, within 10 s. */
  close(): Promise<void>;
}

const KEEP_IDEMPOTENCY_KEYS_DAYS = 7;

/** One of Attest's services, ready to be started, migrated or described. */
export class Service<S extends ServiceSettings = ServiceSettings> {
  readonly name: ServiceName;
  readonly migrations: readonly MigrationClass[];

  constructor(private readonly options: ServiceOptions<S>) {
    this.name = options.name;
    this.migrations = [...new Set([...platformMigrations, ...options.migrations])];
  }

  /** @returns the names of the migrations that were applied now */
  migrate(databaseUrl: string): Promise<string[]> {
    return migrate(databaseUrl, this.migrations);
  }

  /**
   * Starts it with these settings. Several started in one process share nothing but the process.
   * @throws SettingsFaultyError, NotInProductionError, MigrationsPendingError, RouteWithoutRuleError
   */
  async start(env: Environment): Promise<RunningService> {
    const settings = readServiceSettings(this.options.settings, env);
    armFailpoint(settings.CRASH_AT);
    if (settings.CRASH_WHEN_TOLD) armFailpointWhenTold();
    const platform = createPlatform(this.name, settings);
    let app: NestFastifyApplication | undefined;
    try {
      await refusePendingMigrations(this.name, platform.database, this.migrations);
      app = await createApplication(platform, this.options.module, this.options.settings);
      await this.#appointOperator(platform);
      return await this.#startOn(platform, app);
    } catch (error) {
      await stopInOrder(platform, app);
      throw error;
    }
  }

  async #startOn(platform: Platform, app: NestFastifyApplication): Promise<RunningService> {
    const { settings, messaging, scheduler } = platform;
    await platform.movableClock.start();
    for (const instance of instancesOf(app)) {
      messaging.listeners.offer(instance);
      messaging.republisher.publishers.offer(instance);
      scheduler.offer(instance);
    }
    const keys = new IdempotencyStore(platform.database);
    scheduler.add({ name: 'forget-idempotency-keys', everyMs: 3_600_000 }, async () => {
      await asWork('housekeeping', () => keys.forgetOlderThan(KEEP_IDEMPOTENCY_KEYS_DAYS));
    });
    // What services do at their start is no request: it may be long, and replicas wait for one another.
    await asWork('job', () => app.init());
    app.connectMicroservice({ strategy: messaging.server });
    const isWhole = !readsOnlyAtOnce(settings);
    await messaging.start({
      relays: isWhole,
      consume: async () => {
        await app.startAllMicroservices();
        platform.consumerWatch.watch(messaging.server);
      },
    });
    await app.listen(settings.PORT, settings.HOST);
    if (isWhole) scheduler.start();
    platform.readiness.accept(true);
    const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
    platform.logger.info('SERVICE_STARTED', { address: url });
    let closing: Promise<void> | undefined;
    return { name: this.name, url, close: () => (closing ??= stopInOrder(platform, app)) };
  }

  /** Before anything is imported nobody could import: the settings of one service may name a first operator. */
  async #appointOperator(platform: Platform): Promise<void> {
    const personId = (platform.settings as { BOOTSTRAP_OPERATOR_ID?: string }).BOOTSTRAP_OPERATOR_ID;
    if (personId) await platform.database.transaction((tx) => appointFirstOperator(tx, personId));
  }

  /** Its OpenAPI document, made without any database or broker. */
  renderOpenApi(): Promise<object> {
    return this.#described((platform) => platform.apiDocument.get());
  }

  /** The topics that its handlers read, found without any database or broker. */
  consumedTopics(): Promise<TopicName[]> {
    return this.#described(async (_, app) => {
      const types = instancesOf(app).map((instance) => instance.constructor as Type<unknown>);
      return [...new Set(types.flatMap(topicsConsumedBy))].sort();
    });
  }

  async #described<Told>(
    tell: (platform: Platform, app: NestFastifyApplication) => Promise<Told>,
  ): Promise<Told> {
    const platform = createPlatform(this.name, exampleSettings(this.options.settings));
    try {
      const app = await createApplication(platform, this.options.module, this.options.settings);
      const told = await tell(platform, app);
      await app.close();
      return told;
    } finally {
      await platform.database.close();
    }
  }
}

/**
 * Settings with which a service can be described or asked, but that lead nowhere.
 * @param text for what is required besides and is a text
 */
export function exampleSettings<S extends ServiceSettings>(Settings: new () => S, text = 'example'): S {
  const settings = new Settings() as S & Record<string, unknown>;
  for (const name of requiredSettingNames(Settings)) {
    const type: unknown = Reflect.getMetadata('design:type', Settings.prototype, name);
    Object.assign(settings, { [name]: type === Number ? 1 : type === Boolean ? false : text });
  }
  return Object.assign(settings, {
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    KAFKA_BROKERS: '127.0.0.1:1',
    OIDC_ISSUER: 'http://127.0.0.1:1',
    LOG_LEVEL: 'error' as const,
  });
}

export const defineService = <S extends ServiceSettings>(options: ServiceOptions<S>): Service<S> =>
  new Service(options);
