import { setTimeout as pause } from 'node:timers/promises';
import { ServerKafka, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import {
  Partitioners,
  type Admin,
  type Consumer,
  type ConsumerCrashEvent,
  type ConsumerGroupJoinEvent,
  type EachBatchPayload,
  type KafkaMessage,
} from 'kafkajs';
import type { TopicName } from '@attest/contracts';
import { isPassingFailure, type Database } from '@attest/persistence';
import type { BarrierNode } from './barrier-node.js';
import type { Chunk, ChunkApplier, ChunkOutcome } from './chunk-applier.js';
import type { ConsumesExtras } from './consumes.js';
import { ConsumptionWatch } from './consumption-watch.js';
import { failpoint } from './failpoint.js';
import { FenceSeeker } from './fence-seeker.js';
import type { BatchHandler, HandlerTable } from './handler-table.js';
import { kafkaClient, logEntry } from './kafka-client.js';
import { LivenessWatch } from './liveness-watch.js';
import { RecordReader, type ReadRecord } from './log-record.js';
import { UnknownEventVersionError } from './messaging.errors.js';
import { OffsetTeller } from './offset-teller.js';
import { METRICS, type MessagingLogger, type MessagingMetrics } from './ports.js';
import { isDeclared, type TopicNames } from './topic-names.js';
import { TopicPauses } from './topic-pauses.js';
import { ATTEST_KAFKA } from './transport-id.js';

export interface BatchServerOptions {
  readonly service: string;
  readonly brokers: readonly string[];
  readonly database: Database;
  readonly names: TopicNames;
  readonly logger: MessagingLogger;
  readonly metrics: MessagingMetrics;
  readonly sessionTimeoutMs: number;
  readonly concurrency: number;
  readonly handlers: HandlerTable;
  readonly applier: ChunkApplier;
  readonly barriers: BarrierNode;
  readonly replayRequested: () => Promise<void>;
  readonly onFatal: (error: Error) => void;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
/** Failures outside a record's own effect, such as in a listener, that are taken for passing. */
const SURPRISES = 5;

/**
 * Nest's Kafka server, taking batches instead of messages: decorators, injection, guards and filters stay Nest's.
 * One transaction per chunk; the fence in the database, not the broker's offset, says how far it is.
 */
export class KafkaBatchServer extends ServerKafka implements CustomTransportStrategy {
  private readonly readers = new Map<string, RecordReader>();
  private readonly heartbeatMs: number;
  private pauses: TopicPauses | undefined;
  private seeker: FenceSeeker | undefined;
  private teller: OffsetTeller | undefined;
  private admin: Admin | undefined;
  private watch: ConsumptionWatch | undefined;
  private liveness: LivenessWatch | undefined;
  private batches = 0;
  private ending = false;
  private fatal: Error | undefined;

  constructor(private readonly own: BatchServerOptions) {
    super({
      postfixId: '',
      client: {
        brokers: [...own.brokers],
        clientId: own.service,
        connectionTimeout: 3_000,
        logCreator: () => (entry) => logEntry(own.logger, entry),
      },
      producer: { createPartitioner: Partitioners.DefaultPartitioner },
      consumer: {
        groupId: own.names.group(own.service),
        sessionTimeout: own.sessionTimeoutMs,
        heartbeatInterval: Math.floor(own.sessionTimeoutMs / 10),
        maxWaitTimeInMs: 500,
        allowAutoTopicCreation: false,
        // Partitions that an operator added are found within this time.
        metadataMaxAge: 60_000,
        // A lost coordinator is found again by crashing and starting anew, sooner than by kafkajs' patient retries.
        retry: { initialRetryTime: 100, maxRetryTime: 400, retries: 4 },
      },
    });
    this.transportId = ATTEST_KAFKA;
    this.heartbeatMs = Math.floor(own.sessionTimeoutMs / 10);
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
    this.own.handlers.add(pattern, attest.types, callback as unknown as BatchHandler, attest.most);
  }

  override async bindEvents(nestConsumer: unknown): Promise<void> {
    const consumer = nestConsumer as Consumer;
    const { own } = this;
    const topics = [...new Set([...own.handlers.topics(), ...own.barriers.topics()])];
    if (topics.length === 0) return;
    for (const topic of topics) this.readers.set(topic, new RecordReader(topic, own.handlers.typesOf(topic)));
    this.admin = kafkaClient({ brokers: own.brokers, clientId: own.service, logger: own.logger }).admin();
    await this.admin.connect();
    const seeker = (this.seeker = new FenceSeeker({
      consumer: own.service,
      kafkaConsumer: consumer,
      admin: this.admin,
      database: own.database,
      names: own.names,
      logger: own.logger,
      // Whoever had the partition before may have gone without telling the broker how far it was.
      onSought: (topic, partition, nextOffset) => this.teller!.reached(topic, partition, nextOffset),
      onFatal: (error) => this.end(error),
    }));
    const pauses = (this.pauses = new TopicPauses(consumer, new Set(topics), own.names, own.logger));
    const teller = (this.teller = new OffsetTeller(consumer, () => failpoint('consumer-after-offset')));
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }: ConsumerGroupJoinEvent) => {
      teller.forget();
      seeker.assigned(payload.memberAssignment);
      pauses.assigned();
    });
    consumer.on(consumer.events.CRASH, ({ payload }: ConsumerCrashEvent) => {
      if (!payload.restart) this.end(payload.error);
    });
    this.liveness = new LivenessWatch(
      consumer,
      own.sessionTimeoutMs,
      () => this.batches > 0,
      (error) => this.end(error),
    );
    this.watch = new ConsumptionWatch(own.service, own.database, own.logger, {
      onPaused: (paused) => pauses.obey(paused),
      onRewound: () => seeker.seekAll(),
      onReplayRequested: own.replayRequested,
      onBarrierExpired: () => own.barriers.expire(),
    });
    await this.watch.start();
    await consumer.subscribe({
      topics: topics.map((topic) => own.names.atBroker(topic)),
      fromBeginning: true,
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: own.concurrency,
      eachBatch: async (payload) => {
        this.batches++;
        await this.eachBatch(payload).finally(() => this.batches--);
      },
    });
  }

  override async close(): Promise<void> {
    this.ending = true;
    this.liveness?.stop();
    this.seeker?.stop();
    await this.watch?.stop();
    await this.teller?.stop();
    await super.close();
    await this.admin?.disconnect();
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, isRunning, isStale, resolveOffset } = payload;
    const { topic: topicAtBroker, partition, messages } = batch;
    const topic = this.own.names.fromBroker(topicAtBroker) as TopicName;
    const goesOn = (): boolean => !this.ending && isRunning() && !isStale();
    await this.seeker!.ready(heartbeat, this.heartbeatMs);
    const most = this.own.handlers.mostOf(topic);
    for (let from = 0; from < messages.length && goesOn(); from += most) {
      const { chunk, stopper } = this.readChunk(topic, partition, messages.slice(from, from + most));
      if (chunk.records.length > 0) {
        const outcome = await this.applyPatiently(chunk, heartbeat, goesOn);
        if (outcome === undefined) return;
        if (outcome.kind === 'paused') return this.pauses!.rest(topic);
        if (outcome.kind === 'gap') return this.seeker!.seekAll();
        failpoint('consumer-after-commit');
        this.count(topic, outcome);
        // Another member was further than this batch reaches: go there.
        if (outcome.nextOffset > chunk.nextOffset) return this.seeker!.seekAll();
        resolveOffset(String(chunk.nextOffset - 1n));
        this.teller!.reached(topicAtBroker, partition, chunk.nextOffset);
      }
      if (stopper) return this.end(stopper);
      await heartbeat();
    }
    this.own.metrics.gauge(METRICS.lag, Math.max(0, Number(batch.offsetLag())), {
      service: this.own.service,
      topic,
      partition: String(partition),
    });
  }

  /** Reads records up to one that needs newer code; that one is not part of the chunk. */
  private readChunk(
    topic: TopicName,
    partition: number,
    messages: readonly KafkaMessage[],
  ): { chunk: Chunk; stopper: Error | undefined } {
    const reader = this.readers.get(topic)!;
    const records: ReadRecord[] = [];
    let stopper: Error | undefined;
    for (const message of messages) {
      try {
        records.push(reader.read(reader.toRecord(partition, message)));
      } catch (error) {
        if (!(error instanceof UnknownEventVersionError)) throw error;
        stopper = error;
        break;
      }
    }
    const firstOffset = BigInt(messages[0]!.offset);
    const last = messages[records.length - 1];
    const nextOffset = last ? BigInt(last.offset) + 1n : firstOffset;
    return { chunk: { topic, partition, firstOffset, nextOffset, records }, stopper };
  }

  /** Tries until the chunk is applied, this member has lost the partition, or the consumer has to end. */
  private async applyPatiently(
    chunk: Chunk,
    heartbeat: () => Promise<void>,
    goesOn: () => boolean,
  ): Promise<ChunkOutcome | undefined> {
    const { own } = this;
    let bisect = false;
    let surprises = 0;
    for (let retryMs = FIRST_RETRY_MS; goesOn(); retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2)) {
      try {
        return await own.applier.apply(chunk, bisect, heartbeat);
      } catch (error) {
        if (isFromKafka(error)) throw error;
        const where = {
          error,
          topic: chunk.topic,
          partition: chunk.partition,
          offset: String(chunk.firstOffset),
        };
        if (!isPassingFailure(error)) {
          if (!bisect) {
            own.logger.warn(where, 'a chunk failed; looking for the record that does it');
            bisect = true;
            continue;
          }
          if (++surprises >= SURPRISES) {
            this.end(error instanceof Error ? error : new Error(String(error)));
            return undefined;
          }
        }
        own.logger.warn(where, 'a chunk could not be applied now; trying again');
        own.metrics.count(METRICS.retried, 1, { service: own.service, topic: chunk.topic });
        await this.waitBeating(retryMs, heartbeat);
      }
    }
    return undefined;
  }

  private async waitBeating(ms: number, heartbeat: () => Promise<void>): Promise<void> {
    for (let left = ms; left > 0 && !this.ending; left -= this.heartbeatMs) {
      await pause(Math.min(left, this.heartbeatMs));
      await heartbeat();
    }
  }

  private count(topic: string, outcome: Extract<ChunkOutcome, { kind: 'applied' }>): void {
    const labels = { service: this.own.service, topic };
    const { metrics } = this.own;
    metrics.count(METRICS.consumed, outcome.applied, labels);
    if (outcome.duplicates > 0) metrics.count(METRICS.duplicates, outcome.duplicates, labels);
    if (outcome.parked > 0) metrics.count(METRICS.parked, outcome.parked, labels);
    if (outcome.buried > 0) metrics.count(METRICS.deadLettered, outcome.buried, labels);
  }

  /** Consumption cannot go on. What was applied is committed; nothing else is. */
  private end(error: Error): void {
    if (this.fatal || this.ending) return;
    this.fatal = error;
    this.ending = true;
    this.seeker?.stop();
    this.liveness?.stop();
    this.own.logger.error({ error, service: this.own.service }, 'consumption cannot go on');
    // Not awaited: this may run inside a batch, and stopping waits for the batch.
    void (this.consumer as unknown as Consumer | null)?.stop().catch(() => undefined);
    this.own.onFatal(error);
  }
}

function isFromKafka(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('KafkaJS');
}
