import { setTimeout as pause } from 'node:timers/promises';
import type { TopicName } from '@attest/contracts';
import { TryingAgain } from '@attest/telemetry';
import { isPassingFailure } from '@attest/persistence';
import { failpoint } from '../failpoint.js';
import { restAfterMs } from '../gathering.js';
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
import { BatchesAtWork } from './batches-at-work.js';
import type { Chunk, ChunkOutcome } from './chunk-applier.js';
import { FenceSeeker } from './fence-seeker.js';
import { LagGauge } from './lag-gauge.js';
import { LivenessWatch } from './liveness-watch.js';
import { Membership } from './membership.js';
import { OffsetTeller } from './offset-teller.js';
import { TopicPauses } from './topic-pauses.js';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
const LOOK_EVERY_MS = 200;
/** A batch of so many is no small one: the next is fetched at once. */
const ENOUGH = 200;
/** Failures outside a record's own effect, such as in a listener, that are taken for passing. */
const SURPRISES = 5;

/**
 * Reads some topics of a service with one consumer, a transaction per chunk; the fence in the database, not the broker's
 * offset, says how far it is.
 */
export class BatchReader {
  private readonly readers = new Map<string, RecordReader>();
  private readonly membership: Membership;
  private readonly atWork = new BatchesAtWork();
  private readonly pauses: TopicPauses;
  private readonly seeker: FenceSeeker;
  private readonly teller: OffsetTeller;
  private readonly liveness: LivenessWatch;
  private readonly lag: LagGauge;
  private readonly again = new TryingAgain(FIRST_RETRY_MS, LONGEST_RETRY_MS);
  private ending = false;

  constructor(
    private readonly consumer: Consumer,
    private readonly topics: readonly TopicName[],
    private readonly concurrency: number,
    /** What must not wait is read on at once, however little it is. */
    private readonly isAtOnce: boolean,
    admin: Admin,
    private readonly own: BatchServerOptions,
    /** Consumption cannot go on. */
    private readonly end: (error: Error) => void,
  ) {
    // kafkajs lets through one beat in a tenth of the session.
    this.membership = new Membership(Math.floor(own.sessionTimeoutMs / 20));
    this.lag = new LagGauge(own.service, admin, own.names, own.logger, own.metrics, own.lagEveryMs);
    for (const topic of topics) this.readers.set(topic, new RecordReader(topic, own.handlers.typesOf(topic)));
    this.seeker = new FenceSeeker({
      consumer: own.service,
      kafkaConsumer: consumer,
      admin,
      database: own.database,
      names: own.names,
      logger: own.logger,
      // Whoever had the partition before may have gone without telling the broker how far it was.
      onSought: (topic, partition, nextOffset) => this.reached(topic, partition, nextOffset),
      onFatal: end,
    });
    this.pauses = new TopicPauses(consumer, new Set(topics), own.names, own.logger);
    this.teller = new OffsetTeller(consumer, () => failpoint('consumer-after-offset'));
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }: ConsumerGroupJoinEvent) => {
      this.membership.joined();
      this.teller.forget();
      this.lag.assigned(payload.memberAssignment);
      this.seeker.assigned(payload.memberAssignment);
      this.pauses.assigned();
    });
    consumer.on(consumer.events.CRASH, ({ payload }: ConsumerCrashEvent) => {
      if (!payload.restart) end(payload.error);
    });
    this.liveness = new LivenessWatch(consumer, own.sessionTimeoutMs, end);
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
      eachBatch: (payload) => this.eachBatch(payload),
    });
  }

  obeyPauses(paused: ReadonlySet<string>): void {
    this.pauses.obey(paused);
  }

  /** Fences were moved: reads on from where they stand. */
  seekAll(): void {
    this.seeker.seekAll();
  }

  /** For how long a batch has made no progress. */
  get silentForMs(): number {
    return this.atWork.silentForMs;
  }

  /** Begins no more chunks. */
  stop(): void {
    this.ending = true;
    this.liveness.stop();
    this.lag.stop();
    this.seeker.stop();
  }

  /** Before the consumer leaves its group. */
  async tellTheRest(): Promise<void> {
    await this.teller.stop();
  }

  /** Resolves when no chunk is under way, also of a partition that is another's by now. */
  settled(): Promise<void> {
    return this.atWork.settled();
  }

  private reached(topicAtBroker: string, partition: number, nextOffset: bigint): void {
    this.teller.reached(topicAtBroker, partition, nextOffset);
    this.lag.reached(topicAtBroker, partition, nextOffset);
  }

  private eachBatch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch;
    return this.membership.hold(payload.heartbeat, (isHeld) =>
      this.atWork.run(topic, partition, (progressed) => this.applyBatch(payload, isHeld, progressed)),
    );
  }

  private async applyBatch(
    payload: EachBatchPayload,
    isHeld: () => boolean,
    progressed: () => void,
  ): Promise<void> {
    const { batch, isRunning, isStale, resolveOffset } = payload;
    const { topic: topicAtBroker, partition, messages } = batch;
    const topic = this.own.names.fromBroker(topicAtBroker) as TopicName;
    const goesOn = (): boolean => !this.ending && isHeld() && isRunning() && !isStale();
    await this.seeker.ready(isHeld, progressed);
    const since = Date.now();
    const most = this.own.handlers.mostOf(topic);
    for (let from = 0; from < messages.length && goesOn(); from += most) {
      const { chunk, stopper } = this.readChunk(topic, partition, messages.slice(from, from + most));
      if (chunk.records.length > 0) {
        const outcome = await this.applyPatiently(chunk, goesOn, progressed);
        if (outcome === undefined) return;
        if (outcome.kind === 'applied') {
          failpoint('consumer-after-commit');
          this.count(topic, outcome);
        }
        // What follows would move the position of whoever has the partition now.
        if (!isHeld()) return;
        if (outcome.kind === 'paused') return this.pauses.rest(topic);
        if (outcome.kind === 'gap') return this.seeker.seekAll();
        // Another member was further than this batch reaches, or a storm cut the chunk short: go there.
        if (outcome.nextOffset !== chunk.nextOffset) return this.seeker.seekAll();
        resolveOffset(String(chunk.nextOffset - 1n));
        this.reached(topicAtBroker, partition, chunk.nextOffset);
      }
      if (stopper) return this.end(stopper);
      progressed();
    }
    if (isHeld()) this.lag.tell(topicAtBroker, partition, BigInt(batch.offsetLag()));
    const isLittle = messages.length < ENOUGH && batch.offsetLag() === '0';
    if (isLittle && !this.isAtOnce && this.atWork.isLast)
      await restWhile(goesOn, restAfterMs(Date.now() - since, this.own.gatherAtMostMs));
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
    goesOn: () => boolean,
    progressed: () => void,
  ): Promise<ChunkOutcome | undefined> {
    const { own } = this;
    let bisect = false;
    let surprises = 0;
    while (goesOn()) {
      progressed();
      try {
        const outcome = await own.applier.apply(chunk, bisect, () => Promise.resolve(progressed()));
        this.again.succeeded();
        return outcome;
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
        const pauseMs = this.again.failed(({ failures }) =>
          own.logger.warn({ ...where, failures }, 'a chunk could not be applied now; trying again'),
        );
        own.metrics.count(METRICS.retried, 1, { service: own.service, topic: chunk.topic });
        await restWhile(goesOn, pauseMs);
      }
    }
    return undefined;
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

/** A stop, or another owner of the partition, ends the pause. */
async function restWhile(goesOn: () => boolean, ms: number): Promise<void> {
  for (let left = ms; left > 0 && goesOn(); left -= LOOK_EVERY_MS) await pause(Math.min(left, LOOK_EVERY_MS));
}
