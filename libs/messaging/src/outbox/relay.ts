import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Database } from '@attest/persistence';
import { OncePerMinute, TryingAgain } from '@attest/telemetry';
import { failpoint } from '../failpoint.js';
import { restAfterMs } from '../gathering.js';
import { RelayStuckError } from '../messaging.errors.js';
import { METRICS } from '../ports.js';
import type { RelayedRow } from '../wire/envelope.js';
import { archive, currentEpoch, readOldest, ROWS_PER_SEND } from './outbox-rows.js';
import { RelayChores } from './relay-chores.js';
import type { RelayPace } from './relay-pace.js';
import { RowSender } from './row-sender.js';
import { ShardOwnership } from './shard-ownership.js';
import { StalledShards, type StalledShardsOptions } from './stalled-shards.js';
import { WAKE_CHANNEL } from './wake.js';

export interface RelayOptions extends Omit<StalledShardsOptions, 'onFree'> {
  readonly database: Database;
  readonly pace: RelayPace;
  /** How long it rests at most after it sent a little. */
  readonly gatherAtMostMs: number;
}

const FIRST_POLL_MS = 50;
/** The poll is only a fallback for lost wakes, so an idle relay may rest longer. */
const LONGEST_POLL_MS = 400;
/**
 * What a bulk writes goes in lots of so long. Measured on two cores with 10,000 signatures: signed after 1.0 s for 2.5,
 * the last one applied no later.
 */
const GATHER_MS = 1_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;
/** Whoever holds out so long has not failed again at once: the next pause is a short one. */
const HOLDS_AFTER_MS = 10_000;
/** What handlers left when the process stops is sent within this, of the 9 s that a stop may take. */
const DRAIN_MS = 3_000;
const NOTHING: Promise<RelayedRow[]> = Promise.resolve([]);
/** Longer than a leader's failover, which every relay survives. */
const ALIVE_WITHIN_MS = 15_000;

/**
 * Moves outbox rows to the broker, in order per shard and never losing one: a row leaves the outbox only after all
 * in-sync replicas have it. Everything runs on the connection that holds the shard locks, so a relay that lost its
 * locks cannot delete. What cannot be stored stalls its own shards alone.
 */
export class Relay {
  private readonly sender: RowSender;
  private readonly stalled: StalledShards;
  private readonly again = new TryingAgain(FIRST_RETRY_MS, LONGEST_RETRY_MS);
  private readonly doubts = new OncePerMinute();
  private readonly chores: RelayChores;
  private ownership: ShardOwnership | undefined;
  private running: Promise<void> | undefined;
  private halt = new AbortController();
  private drainUntil = Infinity;
  private woken = false;
  private wakeUp: (() => void) | undefined;
  private turn = 0;
  private lastTurnAt = 0;
  private lastSentAt = 0;
  private lastSignAt = 0;

  constructor(private readonly options: RelayOptions) {
    options.pace.onEased(() => this.wake());
    this.chores = new RelayChores(options);
    const knownDlqs = new Set<string>();
    this.sender = new RowSender(options, knownDlqs);
    this.stalled = new StalledShards({ ...options, onFree: () => this.wake() }, knownDlqs);
  }

  start(): void {
    if (this.running && !this.stopping) return;
    this.halt = new AbortController();
    this.drainUntil = Infinity;
    this.lastSignAt = Date.now();
    // A stop that gave up waiting may have left the last run behind.
    this.running = Promise.resolve(this.running).then(() => this.run());
  }

  /** Sends what is left of its own shards, for a few seconds at most, and ends. What it leaves, the next relay sends. */
  async stop(): Promise<void> {
    const { running } = this;
    if (!running) return;
    this.drainUntil = Date.now() + DRAIN_MS;
    this.halt.abort();
    this.wake();
    const ended = running.then(() => true);
    const tooLong = pause(DRAIN_MS + 1_000, false, { ref: false });
    if (await Promise.race([ended, tooLong])) this.running = undefined;
    else
      this.options.logger.warn(
        { service: this.options.service },
        'the relay could not send all that was left; the next one sends it',
      );
  }

  owns(shard: number): boolean {
    return this.ownership?.owns(shard) ?? false;
  }

  get ownedShards(): readonly number[] {
    return this.ownership?.shards ?? [];
  }

  /** Whether it has lately reached the database, and the broker where there was something to send and it took it. */
  get alive(): boolean {
    return Date.now() - this.lastTurnAt < ALIVE_WITHIN_MS;
  }

  /** For how long it has waited for one and the same thing. One that fails and tries again is not silent. */
  get silentForMs(): number {
    return this.running && !this.stopping ? Date.now() - this.lastSignAt : 0;
  }

  /** There may be something to send. */
  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  private get stopping(): boolean {
    return this.halt.signal.aborted;
  }

  private sign(): void {
    this.lastSignAt = Date.now();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const since = Date.now();
      try {
        await this.connected();
      } catch (error) {
        if (Date.now() - since >= HOLDS_AFTER_MS) this.again.succeeded();
        const { logger, service } = this.options;
        const pauseMs = this.again.failed(({ failures }) =>
          logger.error({ error, service, failures }, 'relay failed; its shards are free, it tries again'),
        );
        await this.sender.reset();
        // Not `rest`: what is committed meanwhile wakes it, and does not bring the database back.
        await pause(pauseMs, undefined, { signal: this.halt.signal }).catch(() => undefined);
        this.sign();
      }
    }
    await this.sender.reset();
  }

  private async connected(): Promise<void> {
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
      this.chores.begin();
      const epoch = await currentEpoch(client);
      let poll = FIRST_POLL_MS;
      while (!lost) {
        await this.chores.do(client, ownership, this.stalled);
        await this.gather();
        this.woken = false;
        // Asked before the last read: what handlers commit before a stop is read and sent.
        const isLast = this.stopping;
        if (!isLast) this.stalled.tryDue(client, (shard) => ownership.owns(shard), epoch);
        const since = Date.now();
        const sent = await this.relayBacklog(client, ownership, epoch);
        this.sign();
        this.lastTurnAt = Date.now();
        if (sent > 0) {
          poll = FIRST_POLL_MS;
          this.lastSentAt = Date.now();
        }
        if (isLast && (sent === 0 || Date.now() >= this.drainUntil)) break;
        if (sent > 0 && sent < ROWS_PER_SEND)
          await this.letGather(restAfterMs(this.lastTurnAt - since, this.options.gatherAtMostMs));
        if (sent === 0) {
          const wasWoken = await this.rest(poll);
          poll = wasWoken ? FIRST_POLL_MS : Math.min(LONGEST_POLL_MS, poll * 2);
        }
      }
      if (lost && !this.stopping) throw new Error('The connection that holds the shards was lost');
      await this.stalled.settled();
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
      const now = Date.now();
      const goesOn = rows.length === ROWS_PER_SEND && now < this.chores.shareAt && now < this.drainUntil;
      const reading = goesOn ? this.read(client, ownership, rows) : NOTHING;
      const [stored, next] = await Promise.all([sending, reading, archiving]);
      this.sign();
      failpoint('relay-after-send');
      archiving = this.archive(client, stored);
      sent += stored.length;
      // Whoever finds it rejected is the next round, or the end below.
      archiving.catch(() => undefined);
      // A shard that stalled only now has rows among those that were read meanwhile.
      rows = next.filter(({ shard }) => !this.stalled.has(shard));
    }
    await archiving;
    return sent;
  }

  private async read(
    client: Client,
    ownership: ShardOwnership,
    beingSent: readonly RelayedRow[],
  ): Promise<RelayedRow[]> {
    const shards = ownership.shards.filter((shard) => !this.stalled.has(shard));
    if (shards.length === 0) return [];
    // Another shard comes first each time, so that a busy one cannot starve the rest.
    const start = this.turn++ % shards.length;
    return readOldest(client, [...shards.slice(start), ...shards.slice(0, start)], beingSent);
  }

  private async archive(client: Client, rows: readonly RelayedRow[]): Promise<void> {
    if (rows.length > 0) await archive(client, rows);
    failpoint('relay-after-archive');
    this.options.metrics.count(METRICS.relayed, rows.length, { service: this.options.service });
  }

  /** @returns what was stored; the shards of the rest, or of all where nobody knows, are tried apart from now on */
  private async send(rows: readonly RelayedRow[], epoch: number): Promise<readonly RelayedRow[]> {
    try {
      const stored = await this.sender.send(rows, epoch);
      if (stored.length === rows.length) return stored;
      const known = new Set(stored);
      const missing = rows.filter((row) => !known.has(row));
      await this.sender.reset();
      this.doubt(missing, new RelayStuckError([...new Set(missing.map(({ topic }) => topic))].join(', ')));
      return stored;
    } catch (error) {
      this.doubt(rows, error);
      return [];
    }
  }

  private doubt(rows: readonly RelayedRow[], error: unknown): void {
    const { logger, metrics, service } = this.options;
    const shards = [...new Set(rows.map(({ shard }) => shard))];
    const untold = this.doubts.tell('');
    if (untold !== undefined)
      logger.warn(
        { error, service, shards, failures: untold + 1 },
        'a send failed; its shards are tried one by one',
      );
    metrics.count(METRICS.resent, rows.length, { service });
    this.stalled.add(shards);
    this.wake();
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
      this.sign();
    }
  }

  /** What is committed meanwhile goes in one lot. */
  private async letGather(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.halt.signal }).catch(() => undefined);
    this.sign();
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
