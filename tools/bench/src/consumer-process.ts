// One process with the product's batch server in it and one handler: fence, inbox, a small set-based effect, commit.
import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Consumer } from '@attest/messaging/kafka';
import { PageReceivedV1 } from '@attest/contracts';
import { Consumes, createMessaging, METRICS, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import { Database, plainArray, textArray } from '@attest/persistence';
import { answer } from './answering.js';
import { countingUpTo } from './counting.js';
import { stopwatch } from './stopwatch.js';
import { tellsFailures } from './tells-failures.js';

/** Keeps the newest version of each page, as a service that follows pages would. */
@Controller()
class FollowsPages {
  @Consumes(PageReceivedV1)
  async handle(
    @Payload() events: readonly ReceivedEvent<typeof PageReceivedV1>[],
    @Ctx() { tx }: BatchContext,
  ): Promise<void> {
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
        plainArray(data.map((page) => page.values.reduce<number>((sum, value) => sum + (value ?? 0), 0))),
      ],
    );
  }
}

@Module({ controllers: [FollowsPages] })
class BenchModule {}

interface Consuming {
  readonly url: string;
  readonly brokers: readonly string[];
  readonly topicPrefix: string;
  readonly service: string;
  readonly count: number;
}

const commands = {
  /** Applies `count` records. @returns milliseconds from the first batch to the last commit */
  async consume({ url, brokers, topicPrefix, service, count }: Consuming) {
    // Like a service: its settings' default.
    const database = new Database({ url, poolSize: 12, applicationName: 'bench-consumer' });
    const { done, add } = countingUpTo(count);
    let fail = (_error: Error): void => undefined;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    const messaging = createMessaging({
      service,
      brokers,
      database,
      topicPrefix,
      logger: tellsFailures,
      metrics: {
        count: (name, by) => void (name === METRICS.consumed && add(by)),
        gauge: () => undefined,
        forget: () => undefined,
      },
      onFatal: (error) => fail(error),
    });
    const watch = stopwatch();
    const { server } = messaging;
    const bindEvents = server.bindEvents.bind(server);
    server.bindEvents = (nestConsumer) => {
      const consumer = nestConsumer as Consumer;
      consumer.on(consumer.events.START_BATCH_PROCESS, () => watch.start());
      return bindEvents(consumer);
    };
    const app = await NestFactory.createMicroservice(BenchModule, { strategy: server, logger: false });
    await app.listen();
    await Promise.race([done, failed]);
    const ms = watch.ms();
    await app.close();
    await database.close();
    return { ms };
  },
};
export type ConsumerCommands = typeof commands;

answer(commands);
