// One process with the messaging of every service on the release route, and nothing else.
import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BARRIER_ROUTES, type ServiceName } from '@attest/contracts';
import { createMessaging, type Messaging } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { until } from '@attest/stack/http-client';
import { answer } from './answering.js';
import { tellsFailures } from './tells-failures.js';

@Module({})
class BenchModule {}

interface Opening {
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  /** The database of each service. */
  readonly urls: Readonly<Partial<Record<ServiceName, string>>>;
}

interface Node {
  readonly database: Database;
  readonly messaging: Messaging;
  readonly app: INestMicroservice;
}

const nodes = new Map<string, Node>();

const commands = {
  async open({ brokers, topicPrefix, urls }: Opening) {
    for (const [service, url] of Object.entries(urls)) {
      const database = new Database({ url, poolSize: 6, applicationName: `bench-${service}` });
      const messaging = createMessaging({ service, brokers, database, topicPrefix, logger: tellsFailures });
      await messaging.start();
      const strategy = messaging.server;
      const app = await NestFactory.createMicroservice(BenchModule, { strategy, logger: false });
      await app.listen();
      nodes.set(service, { database, messaging, app });
    }
  },

  /** @returns milliseconds from the request until the end of the route has passed it */
  async pass() {
    const end = nodes.get(BARRIER_ROUTES.release.ends);
    if (!end) throw new Error('the route is not open');
    const { database, messaging } = end;
    const started = performance.now();
    const id = await database.transaction((tx) =>
      messaging.barriers.request(tx, { route: 'release', limitMs: 20_000 }),
    );
    await until('the barrier is passed', () => messaging.barriers.hasPassed(database, id), { everyMs: 5 });
    return { ms: performance.now() - started };
  },

  /** @returns how much of a core doing nothing takes, in per cent */
  async idle({ seconds }: { seconds: number }) {
    const before = process.cpuUsage();
    await pause(seconds * 1_000);
    const { user, system } = process.cpuUsage(before);
    return { percent: (user + system) / 1e4 / seconds };
  },

  async close() {
    for (const { database, messaging, app } of nodes.values()) {
      await app.close();
      await messaging.stop();
      await database.close();
    }
  },
};
export type BarrierCommands = typeof commands;

answer(commands);
