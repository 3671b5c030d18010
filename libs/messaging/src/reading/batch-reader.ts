import { setTimeout as pause } from 'node:timers/promises';
import type { TopicName } from '@attest/contracts';
import { isPassingFailure } from '@attest/persistence';
import { failpoint } from '../failpoint.js';
import {
  isFromKafka,
  type Admin,
  type Consumer,
  type ConsumerCrashEvent,
  type ConsumerGroupJoinEvent,
  type EachBatchPayload,
  type KafkaMessage,
} from '../kafka/index.js';
import { UnknownEventVersionError } from '../messaging.errors.js';
import { METRICS } from '../ports.js';
import { RecordReader, type ReadRecord } from '../wire/log-record.js';
import type { BatchServerOptions } from './batch-server-options.js';
import type { Chunk, ChunkOutcome } from './chunk-applier.js';
import { FenceSeeker } from './fence-seeker.js';
import { LivenessWatch } from './liveness-watch.js';
import { OffsetTeller } from './offset-teller.js';
import { TopicPauses } from './topic-pauses.js';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
/** Failures outside a record's own effect, such as in a listener, that are taken for passing. */
const SURPRISES = 5;

/**
 * Reads some topics of a service with one consumer, a transaction per chunk; the fence in the database, not the broker's
 * offset, says how far it is.
 */
export class BatchReader {
  private readonly readers = new Map<string, RecordReader>();
  private readonly heartbeatMs: number;
  private readonly pauses: TopicPauses;
  private readonly seeker: FenceSeeker;
  private readonly teller: OffsetTeller;
  private readonly liveness: LivenessWatch;
  private batches = 0;
  private ending = false;

  constructor(
    private readonly consumer: Consumer,
    private readonly topics: readonly TopicName[],
    private readonly concurrency: number,
    admin: Admin,
    private readonly own: BatchServerOptions,
    /** Consumption cannot go on. */
    private readonly end: (error: Error) => void,
  ) {
    this.heartbeatMs = Math.floor(own.sessionTimeoutMs / 10);
    for (const topic of topics) this.readers.set(topic, new RecordReader(topic, own.handlers.typesOf(topic)));
    this.seeker = new FenceSeeker({
      consumer: own.service,
      kafkaConsumer: consumer,
      admin,
      database: own.database,
      names: own.names,
      logger: own.logger,
      // Whoever had the partition before may have gone without telling the broker how far it was.
      onSought: (topic, partition, nextOffset) => this.teller.reached(topic, partition, nextOffset),
      onFatal: end,
    });
    this.pauses = new TopicPauses(consumer, new Set(topics), own.names, own.logger);
    this.teller = new OffsetTeller(consumer, () => failpoint('consumer-after-offset'));
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }: ConsumerGroupJoinEvent) => {
      this.teller.forget();
      this.seeker.assigned(payload.memberAssignment);
      this.pauses.assigned();
    });
    consumer.on(consumer.events.CRASH, ({ payload }: ConsumerCrashEvent) => {
      if (!payload.restart) end(payload.error);
    });
    this.liveness = new LivenessWatch(consumer, own.sessionTimeoutMs, () => this.batches > 0, end);
  }

  async start(): Promise<void> {
    const { consumer, own } = this;
    await consumer.subscribe({
      topics: this.topics.map((topic) => own.names.atBroker(topic)),
      fromBeginning: true,
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.concurrency,
      eachBatch: async (payload) => {
        this.batches++;
        await this.eachBatch(payload).finally(() => this.batches--);
      },
    });
  }

  obeyPauses(paused: ReadonlySet<string>): void {
    this.pauses.obey(paused);
  }

  /** Fences were moved: reads on from where they stand. */
  seekAll(): void {
    this.seeker.seekAll();
  }

  /** Begins no more chunks. */
  stop(): void {
    this.ending = true;
    this.liveness.stop();
    this.seeker.stop();
  }

  /** Before the consumer leaves its group. */
  async tellTheRest(): Promise<void> {
    await this.teller.stop();
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat, isRunning, isStale, resolveOffset } = payload;
    const { topic: topicAtBroker, partition, messages } = batch;
    const topic = this.own.names.fromBroker(topicAtBroker) as TopicName;
    const goesOn = (): boolean => !this.ending && isRunning() && !isStale();
    await this.seeker.ready(heartbeat, this.heartbeatMs);
    const most = this.own.handlers.mostOf(topic);
    for (let from = 0; from < messages.length && goesOn(); from += most) {
      const { chunk, stopper } = this.readChunk(topic, partition, messages.slice(from, from + most));
      if (chunk.records.length > 0) {
        const outcome = await this.applyPatiently(chunk, heartbeat, goesOn);
        if (outcome === undefined) return;
        if (outcome.kind === 'paused') return this.pauses.rest(topic);
        if (outcome.kind === 'gap') return this.seeker.seekAll();
        failpoint('consumer-after-commit');
        this.count(topic, outcome);
        // Another member was further than this batch reaches, or a storm cut the chunk short: go there.
        if (outcome.nextOffset !== chunk.nextOffset) return this.seeker.seekAll();
        resolveOffset(String(chunk.nextOffset - 1n));
        this.teller.reached(topicAtBroker, partition, chunk.nextOffset);
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
}
