import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Database } from '@attest/persistence';
import { failpoint } from '../failpoint.js';
import type { Kafka, Message } from '../kafka/index.js';
import { METRICS, type MessagingLogger, type MessagingMetrics } from '../ports.js';
import { toMessage, type RelayedRow } from '../wire/envelope.js';
import { spanOfSend } from '../wire/spans.js';
import { isDlq, partitionsOf, type TopicNames } from '../wire/topic-names.js';
import { BatchSender } from './batch-sender.js';
import { keepHouse } from './housekeeping.js';
import { archive, currentEpoch, outboxDepth, readOldest, ROWS_PER_SEND } from './outbox-rows.js';
import type { RelayPace } from './relay-pace.js';
import { ShardOwnership } from './shard-ownership.js';
import { WAKE_CHANNEL } from './wake.js';

export interface RelayOptions {
  readonly service: string;
  readonly database: Database;
  readonly kafka: Kafka;
  readonly names: TopicNames;
  readonly logger: MessagingLogger;
  readonly metrics: MessagingMetrics;
  /** Creates a topic that is first needed now: dead-letter topics. */
  readonly ensureTopic: (topic: string) => Promise<void>;
  readonly pace: RelayPace;
}

const FIRST_POLL_MS = 50;
/** The poll is only a fallback for lost wakes, so an idle relay may rest longer. */
const LONGEST_POLL_MS = 400;
/**
 * What a bulk writes goes in lots of so long. Measured on two cores with 10,000 signatures: signed after 1.0 s for 2.5,
 * the last one applied no later.
 */
const GATHER_MS = 1_000;
const SHARE_EVERY_MS = 1_000;
const SURVEY_EVERY_MS = 5_000;
const HOUSE_EVERY_MS = 3_600_000;
const LONGEST_RETRY_MS = 2_000;
const NOTHING: Promise<RelayedRow[]> = Promise.resolve([]);
/** Longer than a leader's failover, which every relay survives. */
const ALIVE_WITHIN_MS = 15_000;

/**
 * Moves outbox rows to the broker, in order per shard and never losing one: a row leaves the outbox only after all
 * in-sync replicas have it. Everything runs on the connection that holds the shard locks, so a relay that lost its
 * locks cannot delete.
 */
export class Relay {
  private readonly sender: BatchSender;
  private readonly knownDlqs = new Set<string>();
  private ownership: ShardOwnership | undefined;
  private running: Promise<void> | undefined;
  private stopping = false;
  private woken = false;
  private wakeUp: (() => void) | undefined;
  private turn = 0;
  private nextShare = 0;
  private nextSurvey = 0;
  private nextHouse = 0;
  private lastTurnAt = 0;
  private lastSentAt = 0;

  constructor(private readonly options: RelayOptions) {
    const { kafka, logger, metrics, service, pace } = options;
    pace.onEased(() => this.wake());
    this.sender = new BatchSender(kafka, logger, (records) =>
      metrics.count(METRICS.resent, records, { service }),
    );
  }

  start(): void {
    this.stopping = false;
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.running;
    this.running = undefined;
  }

  owns(shard: number): boolean {
    return this.ownership?.owns(shard) ?? false;
  }

  get ownedShards(): readonly number[] {
    return this.ownership?.shards ?? [];
  }

  /** Whether it has lately reached both the database and, where there was something to send, the broker. */
  get alive(): boolean {
    return Date.now() - this.lastTurnAt < ALIVE_WITHIN_MS;
  }

  /** There may be something to send. */
  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stopping; failures++) {
      try {
        await this.connected(() => (failures = 0));
      } catch (error) {
        this.options.logger.error(
          { error, service: this.options.service },
          'relay failed; its shards are free, it tries again',
        );
        await this.sender.reset();
        await this.rest(Math.min(LONGEST_RETRY_MS, 100 * 2 ** failures));
      }
    }
    await this.sender.reset();
  }

  private async connected(onProgress: () => void): Promise<void> {
    const client = await this.options.database.connect();
    const ownership = (this.ownership = new ShardOwnership(client));
    let lost = false;
    const onLost = (): void => {
      lost = true;
      ownership.giveUp();
      this.wake();
    };
    client.on('error', onLost).on('end', onLost);
    client.on('notification', ({ payload }) => {
      if (payload?.split(',').some((shard) => ownership.owns(Number(shard)))) this.wake();
    });
    try {
      await client.query(`LISTEN ${WAKE_CHANNEL}`);
      await ownership.join();
      this.nextShare = 0;
      const epoch = await currentEpoch(client);
      let poll = FIRST_POLL_MS;
      while (!this.stopping && !lost) {
        await this.chores(client, ownership);
        await this.gather();
        this.woken = false;
        const sent = await this.relayBacklog(client, ownership, epoch);
        onProgress();
        this.lastTurnAt = Date.now();
        if (sent > 0) {
          poll = FIRST_POLL_MS;
          this.lastSentAt = Date.now();
        } else {
          const wasWoken = await this.rest(poll);
          poll = wasWoken ? FIRST_POLL_MS : Math.min(LONGEST_POLL_MS, poll * 2);
        }
      }
    } finally {
      ownership.giveUp();
      client.off('end', onLost);
      await client.end().catch(() => undefined);
    }
  }

  /**
   * Sends what there is, until nothing is left or the shards have to be shared anew. While one batch is with the broker
   * the database already reads the next and archives the last; the connection runs these in the order they are asked.
   */
  private async relayBacklog(client: Client, ownership: ShardOwnership, epoch: number): Promise<number> {
    let sent = 0;
    let archiving: Promise<void> = Promise.resolve();
    let rows = await this.read(client, ownership, []);
    while (rows.length > 0) {
      failpoint('relay-after-read');
      const sending = this.send(rows, epoch);
      const full = rows.length === ROWS_PER_SEND;
      const reading =
        full && !this.stopping && Date.now() < this.nextShare ? this.read(client, ownership, rows) : NOTHING;
      const [, next] = await Promise.all([sending, reading, archiving]);
      failpoint('relay-after-send');
      archiving = this.archive(client, rows);
      sent += rows.length;
      // Whoever finds it rejected is the next round, or the end below.
      archiving.catch(() => undefined);
      rows = next;
    }
    await archiving;
    return sent;
  }

  private async read(
    client: Client,
    ownership: ShardOwnership,
    beingSent: readonly RelayedRow[],
  ): Promise<RelayedRow[]> {
    const shards = ownership.shards;
    if (shards.length === 0) return [];
    // Another shard comes first each time, so that a busy one cannot starve the rest.
    const start = this.turn++ % shards.length;
    return readOldest(client, [...shards.slice(start), ...shards.slice(0, start)], beingSent);
  }

  private async archive(client: Client, rows: readonly RelayedRow[]): Promise<void> {
    await archive(client, rows);
    failpoint('relay-after-archive');
    this.options.metrics.count(METRICS.relayed, rows.length, { service: this.options.service });
  }

  private async send(rows: readonly RelayedRow[], epoch: number): Promise<void> {
    const { names, service } = this.options;
    const byTopic = new Map<string, { at: string; partitions: number; messages: Message[] }>();
    for (const row of rows) {
      let topic = byTopic.get(row.topic);
      if (!topic) {
        if (isDlq(row.topic)) await this.ensureDlq(row.topic);
        topic = { at: names.atBroker(row.topic), partitions: partitionsOf(row.topic), messages: [] };
        byTopic.set(row.topic, topic);
      }
      topic.messages.push(toMessage(row, topic.partitions, service, epoch));
    }
    const span = spanOfSend([...byTopic.keys()].join(' '), rows.length);
    try {
      await this.sender.send(new Map([...byTopic.values()].map(({ at, messages }) => [at, messages])));
      span.end();
    } catch (error) {
      span.fail(error);
      throw error;
    }
  }

  private async ensureDlq(topic: string): Promise<void> {
    if (this.knownDlqs.has(topic)) return;
    await this.options.ensureTopic(topic);
    this.knownDlqs.add(topic);
  }

  private async chores(client: Client, ownership: ShardOwnership): Promise<void> {
    const now = Date.now();
    const { metrics, service, database, logger } = this.options;
    if (now >= this.nextShare) {
      await ownership.share();
      this.nextShare = now + SHARE_EVERY_MS;
    }
    if (now >= this.nextSurvey) {
      this.nextSurvey = now + SURVEY_EVERY_MS;
      metrics.gauge(METRICS.ownedShards, ownership.shards.length, { service });
      if (ownership.owns(0)) {
        const { depth, oldestSeconds } = await outboxDepth(client);
        metrics.gauge(METRICS.outboxDepth, depth, { service });
        metrics.gauge(METRICS.outboxOldestSeconds, oldestSeconds, { service });
      }
    }
    if (now >= this.nextHouse && ownership.owns(0)) {
      this.nextHouse = now + HOUSE_EVERY_MS;
      // Not awaited: records must not wait for the broom.
      void keepHouse(database).catch((error: unknown) =>
        logger.warn({ error }, 'housekeeping failed; it is tried again in an hour'),
      );
    }
  }

  /** While a bulk is at work, until the next lot is due. */
  private async gather(): Promise<void> {
    for (;;) {
      const since = this.options.pace.heavySince;
      if (since === null || this.stopping) return;
      const left = Math.max(since, this.lastSentAt) + GATHER_MS - Date.now();
      if (left <= 0) return;
      this.woken = false;
      await this.rest(left);
    }
  }

  /** Waits for a wake, at most so long. Answers whether it was woken. */
  private async rest(longestMs: number): Promise<boolean> {
    if (this.woken || this.stopping) return true;
    const controller = new AbortController();
    this.wakeUp = () => controller.abort();
    await pause(longestMs, undefined, { signal: controller.signal }).catch(() => undefined);
    this.wakeUp = undefined;
    return this.woken;
  }
}
