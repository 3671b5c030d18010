import { ServerKafka, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { TopicName } from '@attest/contracts';
import {
  connectedAdmin,
  kafkaConfig,
  Partitioners,
  type Admin,
  type Consumer,
  type Kafka,
} from '../kafka/index.js';
import { atOnceGroup, isDeclared } from '../wire/topic-names.js';
import { BatchReader } from './batch-reader.js';
import type { BatchServerOptions } from './batch-server-options.js';
import type { ConsumesExtras } from './consumes.js';
import { ConsumptionWatch } from './consumption-watch.js';
import type { BatchHandler } from './handler-table.js';
import { ATTEST_KAFKA } from './transport-id.js';

/** Few events come there; what they wait for is a connection. */
const AT_ONCE_CONCURRENCY = 2;

/**
 * Nest's Kafka server, taking batches instead of messages: decorators, injection, guards and filters stay Nest's.
 * Topics that must not wait have a consumer of their own: kafkajs fetches anew only when all of the last fetch is done,
 * so an event would wait behind thousands of other topics.
 */
export class KafkaBatchServer extends ServerKafka implements CustomTransportStrategy {
  private readers: readonly BatchReader[] = [];
  /** Of what this process reads. */
  consumers: readonly Consumer[] = [];
  private atOnce: Consumer | undefined;
  private admin: Admin | undefined;
  private watch: ConsumptionWatch | undefined;
  private ending = false;
  private fatal: Error | undefined;

  constructor(private readonly own: BatchServerOptions) {
    super({
      postfixId: '',
      client: kafkaConfig({ ...own, clientId: own.service }),
      producer: { createPartitioner: Partitioners.DefaultPartitioner },
      consumer: consumerConfig(own, own.names.group(own.service)),
    });
    this.transportId = ATTEST_KAFKA;
  }

  /** May be called again after it failed: what a try had opened is closed with it. */
  override async listen(callback: (error?: unknown) => void): Promise<void> {
    const failure = await new Promise<unknown>((resolve) => void super.listen(resolve));
    // A stop that gave up waiting for this try has closed what there was.
    if (failure !== undefined || this.ending) await this.leave().catch(() => undefined);
    callback(failure);
  }

  override addHandler(
    pattern: string,
    callback: MessageHandler,
    _isEvent?: boolean,
    extras: object = {},
  ): void {
    const { attest } = extras as Partial<ConsumesExtras>;
    if (!attest || !isDeclared(pattern))
      throw new Error(`The handler of ${pattern} has to be declared with @Consumes and a topic of TOPICS`);
    this.own.handlers.add(pattern, attest.types, callback as unknown as BatchHandler, attest);
  }

  override async bindEvents(nestConsumer: unknown): Promise<void> {
    const { own } = this;
    const topics = [...new Set([...own.handlers.topics(), ...own.barriers.topics()])];
    if (topics.length === 0) return;
    const isAtOnce = (topic: TopicName): boolean => own.handlers.isAtOnce(topic);
    const atOnce = own.consumes === 'the-rest' ? [] : topics.filter(isAtOnce);
    const others = own.consumes === 'at-once' ? [] : topics.filter((topic) => !isAtOnce(topic));
    this.admin = await connectedAdmin({ ...own, clientId: own.service });
    this.goOn();
    if (others.length > 0) this.read(nestConsumer as Consumer, others, own.concurrency, false);
    if (atOnce.length > 0) {
      const client = this.client as unknown as Kafka;
      this.atOnce = client.consumer(consumerConfig(own, atOnceGroup(own.names.group(own.service))));
      await this.atOnce.connect();
      this.goOn();
      this.read(this.atOnce, atOnce, AT_ONCE_CONCURRENCY, true);
    }
    this.watch = new ConsumptionWatch(own.service, own.database, own.logger, {
      onPaused: (paused) => this.readers.forEach((reader) => reader.obeyPauses(paused)),
      onRewound: () => this.readers.forEach((reader) => reader.seekAll()),
      onReplays: (unfinished) => own.deadLetters.wake(unfinished),
      onBarriersDue: () => own.barriers.wake(),
    });
    await this.watch.start();
    for (const reader of this.readers) {
      this.goOn();
      await reader.start();
    }
  }

  private read(
    consumer: Consumer,
    topics: readonly TopicName[],
    concurrency: number,
    isAtOnce: boolean,
  ): void {
    const end = (error: Error): void => this.end(error);
    this.consumers = [...this.consumers, consumer];
    this.readers = [
      ...this.readers,
      new BatchReader(consumer, topics, concurrency, isAtOnce, this.admin!, this.own, end),
    ];
  }

  /** For how long a batch has made no progress; 0 while none is at work. */
  get silentForMs(): number {
    return Math.max(0, ...this.readers.map((reader) => reader.silentForMs));
  }

  override async close(): Promise<void> {
    this.ending = true;
    await this.own.joining.stop();
    await this.beginNothing();
    await Promise.all([this.own.deadLetters.stop(), this.own.barriers.stop()]);
    await this.leave();
  }

  private async beginNothing(): Promise<void> {
    for (const reader of this.readers) reader.stop();
    await this.watch?.stop();
  }

  private async leave(): Promise<void> {
    await this.beginNothing();
    // Taken before anything is waited for: what a try adds meanwhile is closed with that try.
    const { readers, atOnce, admin } = this;
    this.readers = [];
    this.consumers = [];
    this.atOnce = this.admin = this.watch = undefined;
    for (const reader of readers) await reader.tellTheRest();
    // Each waits for its long poll to end.
    await Promise.all([atOnce?.disconnect(), super.close()]);
    for (const reader of readers) await reader.settled();
    await admin?.disconnect();
  }

  /** A try that outlasted a stop joins nothing: nobody would end it any more. */
  private goOn(): void {
    if (this.ending) throw new Error('The process stops');
  }

  /** Consumption cannot go on. What was applied is committed; nothing else is. */
  private end(error: Error): void {
    if (this.fatal || this.ending) return;
    this.fatal = error;
    this.ending = true;
    for (const reader of this.readers) reader.stop();
    this.own.logger.error({ error, service: this.own.service }, 'consumption cannot go on');
    // Not awaited: this may run inside a batch, and stopping waits for the batch.
    for (const consumer of this.consumers) void consumer.stop().catch(() => undefined);
    this.own.onFatal(error);
  }
}

const consumerConfig = (own: BatchServerOptions, groupId: string) => ({
  groupId,
  sessionTimeout: own.sessionTimeoutMs,
  // Everybody who lives joins again at once, also in the middle of a chunk: nobody is waited for longer than for the dead.
  rebalanceTimeout: own.sessionTimeoutMs,
  heartbeatInterval: Math.floor(own.sessionTimeoutMs / 10),
  maxWaitTimeInMs: 500,
  allowAutoTopicCreation: false,
  // Partitions that an operator added are found within this time.
  metadataMaxAge: 60_000,
  // A lost coordinator is found again by crashing and starting anew, sooner than by kafkajs' patient retries.
  retry: { initialRetryTime: 100, maxRetryTime: 400, retries: 4 },
});
