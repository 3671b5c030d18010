// @ts-nocheck
// One process with the product's batch server in it and one handler: fence, inbox, a small set-based effect, commit.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import { PageReceivedV1 } from '@attest/contracts';
import { Consumes, createMessaging, METRICS, silentLogger } from '@attest/messaging';
import { Database, plainArray, textArray } from '@attest/persistence';
import { answer, countingUpTo } from './answering.js';

/** Keeps the newest version of each page, as a service that follows pages would. */
class FollowsPages {
  async handle(events, { tx }) {
    const data = events.map((event) => event.data);
    await tx.query(
      {
        name: 'bench-follow',
        text: `INSERT INTO followed_page (service_code, achievement_date, practice_code, page_version, total)
               SELECT * FROM unnest($1::text[], $2::date[], $3::text[], $4::int[], $5::bigint[])
               ON CONFLICT (service_code, achievement_date, practice_code) DO UPDATE
               SET page_version = excluded.page_version, total = excluded.total
               WHERE followed_page.page_version < excluded.page_version`,
      },
      [
        textArray(data.map((page) => page.serviceCode)),
        plainArray(data.map((page) => page.achievementDate)),
        textArray(data.map((page) => page.practiceCode)),
        plainArray(data.map((page) => page.pageVersion)),
        plainArray(data.map((page) => page.values.reduce((sum, value) => sum + value, 0))),
      ],
    );
  }
}
// Plain Node has no decorators.
const { prototype } = FollowsPages;
const descriptor = Object.getOwnPropertyDescriptor(prototype, 'handle');
Consumes(PageReceivedV1)(prototype, 'handle', descriptor);
Payload()(prototype, 'handle', 0);
Ctx()(prototype, 'handle', 1);
Controller()(FollowsPages);
class BenchModule {}
Module({ controllers: [FollowsPages] })(BenchModule);

answer({
  /** Applies `count` records. @returns milliseconds from the first batch to the last commit */
  async consume({ url, brokers, topicPrefix, service, count }) {
    // Like a service: its settings' default.
    const database = new Database({ url, poolSize: 12, applicationName: 'bench-consumer' });
    const { done, add } = countingUpTo(count);
    let fail;
    const failed = new Promise((_, reject) => (fail = reject));
    const messaging = createMessaging({
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
        count: (name, by) => void (name === METRICS.consumed && add(by)),
        gauge: () => undefined,
      },
      onFatal: fail,
    });
    let started;
    const { server } = messaging;
    const bindEvents = server.bindEvents.bind(server);
    server.bindEvents = (consumer) => {
      consumer.on(consumer.events.START_BATCH_PROCESS, () => (started ??= performance.now()));
      return bindEvents(consumer);
    };
    const app = await NestFactory.createMicroservice(BenchModule, { strategy: server, logger: false });
    await app.listen();
    await Promise.race([done, failed]);
    const ms = performance.now() - started;
    await app.close();
    await database.close();
    return { ms };
  },
});
