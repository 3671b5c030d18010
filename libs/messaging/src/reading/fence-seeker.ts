import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@attest/persistence';
import { TryingAgain } from '@attest/telemetry';
import type { Admin, Consumer } from '../kafka/index.js';
import {
  BeginningNotRetainedError,
  FenceBeyondLogError,
  FenceNotRetainedError,
} from '../messaging.errors.js';
import type { MessagingLogger } from '../ports.js';
import type { TopicNames } from '../wire/topic-names.js';
import { fencesOf, type PartitionStart } from './fence.js';

/** Partitions by the topic's name at the broker, as kafkajs tells them. */
export type MemberAssignment = Readonly<Record<string, readonly number[]>>;

interface LogEnds {
  readonly topic: string;
  readonly partition: number;
  readonly low: bigint;
  readonly high: bigint;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
const LOOK_EVERY_MS = 500;
/** After a leader changed, the new one may for a moment tell an end below what was already read. */
const BEYOND_PATIENCE_MS = 15_000;

/**
 * Sets a consumer to its fences, whenever partitions are assigned and whenever somebody rewound them: what the broker
 * remembers is never asked, so a restored database catches up and moved offsets change nothing.
 */
export class FenceSeeker {
  private assignment: MemberAssignment = {};
  private turn = 0;
  private current: Promise<void> = Promise.resolve();
  private settled = true;
  private readonly again = new TryingAgain(FIRST_RETRY_MS, LONGEST_RETRY_MS);

  constructor(
    private readonly options: {
      readonly consumer: string;
      readonly kafkaConsumer: Consumer;
      readonly admin: Admin;
      readonly database: Database;
      readonly names: TopicNames;
      readonly logger: MessagingLogger;
      /** @param topic by its name at the broker */
      readonly onSought: (topic: string, partition: number, nextOffset: bigint) => void;
      readonly onFatal: (error: Error) => void;
    },
  ) {}

  assigned(assignment: MemberAssignment): void {
    this.assignment = assignment;
    this.seekAll();
  }

  /** Seeks every assigned partition to its fence; batches wait for it in `ready`. */
  seekAll(): void {
    const turn = ++this.turn;
    this.settled = false;
    this.current = this.untilDone(turn).then(() => {
      if (turn === this.turn) this.settled = true;
    });
  }

  stop(): void {
    this.turn++;
    this.settled = true;
  }

  /** Resolves when all seeks are made, or when the partition is another's. */
  async ready(isHeld: () => boolean, progressed: () => void): Promise<void> {
    while (!this.settled && isHeld()) {
      await Promise.race([this.current, pause(LOOK_EVERY_MS, undefined, { ref: false })]);
      // What it waits for is tried again and again; each try has its own limits.
      progressed();
    }
  }

  private async untilDone(turn: number): Promise<void> {
    const beyondSince = Date.now();
    while (turn === this.turn) {
      try {
        await this.seekOnce(turn);
        this.again.succeeded();
        return;
      } catch (error) {
        const patient = error instanceof FenceBeyondLogError && Date.now() - beyondSince < BEYOND_PATIENCE_MS;
        const lost = error instanceof FenceNotRetainedError || error instanceof BeginningNotRetainedError;
        if (lost || (error instanceof FenceBeyondLogError && !patient)) {
          this.options.onFatal(error);
          return;
        }
        const { logger, consumer } = this.options;
        const pauseMs = this.again.failed(({ failures }) =>
          logger.warn({ error, consumer, failures }, 'fences could not be read; trying again'),
        );
        await pause(pauseMs, undefined, { ref: false });
      }
    }
  }

  private async seekOnce(turn: number): Promise<void> {
    const { database, consumer, kafkaConsumer, names } = this.options;
    const ends = await this.logEnds();
    if (ends.length === 0) return;
    const starts: PartitionStart[] = ends.map(({ topic, partition, low }) => ({
      topic,
      partition,
      earliest: low,
    }));
    const fences = await fencesOf(database, consumer, starts);
    const byPartition = new Map(ends.map((end) => [`${end.topic}/${end.partition}`, end]));
    for (const { topic, partition, nextOffset } of fences) {
      const { low, high } = byPartition.get(`${topic}/${partition}`)!;
      if (nextOffset < low)
        throw new FenceNotRetainedError(topic, partition, String(nextOffset), String(low));
      if (nextOffset > high)
        throw new FenceBeyondLogError(topic, partition, String(nextOffset), String(high));
    }
    if (turn !== this.turn) return;
    for (const { topic, partition, nextOffset } of fences) {
      kafkaConsumer.seek({ topic: names.atBroker(topic), partition, offset: String(nextOffset) });
      this.options.onSought(names.atBroker(topic), partition, nextOffset);
    }
  }

  private async logEnds(): Promise<LogEnds[]> {
    const { admin, names } = this.options;
    const perTopic = await Promise.all(
      Object.entries(this.assignment)
        .filter(([, partitions]) => partitions.length > 0)
        .map(async ([name, partitions]) => {
          const offsets = await admin.fetchTopicOffsets(name);
          return offsets
            .filter(({ partition }) => partitions.includes(partition))
            .map(({ partition, low, high }) => ({
              topic: names.fromBroker(name),
              partition,
              low: BigInt(low),
              high: BigInt(high),
            }));
        }),
    );
    return perTopic.flat();
  }
}
