import type { Client } from 'pg';
import { TryingAgain } from '@attest/telemetry';
import { RelayStuckError } from '../messaging.errors.js';
import { METRICS, type MessagingLogger, type MessagingMetrics } from '../ports.js';
import type { RelayedRow } from '../wire/envelope.js';
import { archive, readOldest } from './outbox-rows.js';
import { RowSender, type RowSenderOptions } from './row-sender.js';

const FIRST_PAUSE_MS = 100;
/** The pause doubles, so a partition that comes back is written again after at most as long as it was away. */
const LONGEST_PAUSE_MS = 15_000;
const FIRST_ROWS = 64;
/** What goes through by itself in this number goes with the others again. */
const ENOUGH_ROWS = 256;

interface Stall {
  readonly again: TryingAgain;
  nextTryAt: number;
  /** Halved when a try fails: a lot may be too large for a topic that takes its records one by one. */
  rows: number;
  trying: Promise<void> | undefined;
}

export interface StalledShardsOptions extends RowSenderOptions {
  readonly logger: MessagingLogger;
  readonly metrics: MessagingMetrics;
  /** A shard goes with the others again. */
  readonly onFree: () => void;
}

/**
 * Shards of which something could not be stored. Each rests with a growing pause and is tried apart, on a connection of
 * its own, while the others go on. A shard rests as a whole, although only one of its topics may refuse: its rows are
 * tried in their order, a run of one topic after the other, and nothing goes past a run that is refused. So a barrier's
 * record never stands in a topic before what was written ahead of it, and there is one send in flight for each shard.
 */
export class StalledShards {
  private readonly stalls = new Map<number, Stall>();

  constructor(
    private readonly options: StalledShardsOptions,
    private readonly knownDlqs: Set<string>,
  ) {}

  has(shard: number): boolean {
    return this.stalls.has(shard);
  }

  get size(): number {
    return this.stalls.size;
  }

  /** They must stay ours until their send has ended. */
  get beingTried(): ReadonlySet<number> {
    return new Set([...this.stalls].filter(([, stall]) => stall.trying).map(([shard]) => shard));
  }

  /** What was sent for these shards was not stored, or nobody knows. They are tried apart at once. */
  add(shards: Iterable<number>): void {
    for (const shard of shards)
      if (!this.stalls.has(shard))
        this.stalls.set(shard, {
          again: new TryingAgain(FIRST_PAUSE_MS, LONGEST_PAUSE_MS),
          nextTryAt: 0,
          rows: FIRST_ROWS,
          trying: undefined,
        });
    this.gauge();
  }

  /** Another relay has them now. */
  forgetOthers(owns: (shard: number) => boolean): void {
    for (const [shard, stall] of this.stalls) if (!owns(shard) && !stall.trying) this.stalls.delete(shard);
    this.gauge();
  }

  /** Tries those whose pause is over. Returns at once. */
  tryDue(client: Client, owns: (shard: number) => boolean, epoch: number): void {
    const now = Date.now();
    for (const [shard, stall] of this.stalls)
      if (!stall.trying && stall.nextTryAt <= now && owns(shard))
        stall.trying = this.try(client, shard, stall, epoch).finally(() => (stall.trying = undefined));
  }

  /** Resolves when no send of theirs is in flight. */
  async settled(): Promise<void> {
    await Promise.all([...this.stalls.values()].map(({ trying }) => trying));
  }

  private async try(client: Client, shard: number, stall: Stall, epoch: number): Promise<void> {
    // A client that has met a topic which is gone fails for all other topics, so each try has its own.
    const sender = new RowSender(this.options, this.knownDlqs);
    try {
      for (; ; stall.rows *= 2) {
        const all = await readOldest(client, [shard]);
        const rows = all.slice(0, stall.rows);
        for (const run of runsOfOneTopic(rows)) await this.sendRun(client, sender, run, epoch);
        stall.again.succeeded();
        if (rows.length === all.length || stall.rows >= ENOUGH_ROWS) break;
      }
      this.stalls.delete(shard);
      this.gauge();
      this.options.onFree();
    } catch (error) {
      stall.rows = Math.max(1, stall.rows >> 1);
      const { logger, service } = this.options;
      const pauseMs = stall.again.failed(({ failures }) =>
        logger.warn(
          { error, service, shard, failures },
          'a shard’s oldest rows could not be stored; it is tried again, the others go on',
        ),
      );
      stall.nextTryAt = Date.now() + pauseMs;
    } finally {
      await sender.reset();
    }
  }

  private async sendRun(
    client: Client,
    sender: RowSender,
    run: readonly RelayedRow[],
    epoch: number,
  ): Promise<void> {
    const stored = await sender.send(run, epoch);
    if (stored.length < run.length) throw new RelayStuckError(run[0]!.topic);
    await archive(client, run);
    this.options.metrics.count(METRICS.relayed, run.length, { service: this.options.service });
  }

  private gauge(): void {
    this.options.metrics.gauge(METRICS.stalledShards, this.stalls.size, { service: this.options.service });
  }
}

/** Neighbours of one topic together; each run lies in one partition, so it is stored whole or not at all. */
function runsOfOneTopic(rows: readonly RelayedRow[]): RelayedRow[][] {
  const runs: RelayedRow[][] = [];
  for (const row of rows) {
    const run = runs.at(-1);
    if (run?.[0]?.topic === row.topic) run.push(row);
    else runs.push([row]);
  }
  return runs;
}
