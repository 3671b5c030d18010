import { setTimeout as pause } from 'node:timers/promises';
import { uuidV7, type TopicName } from '@attest/contracts';
import { isPassingFailure, type Database, type Tx } from '@attest/persistence';
import { wordsOf, type Burial } from '../dead-letters/burial.js';
import * as letters from '../dead-letters/dead-letter-store.js';
import { discardedOf } from '../dead-letters/discarding.js';
import type { Listeners } from '../listeners.js';
import type { MessagingLogger } from '../ports.js';
import type { HandlerTable } from '../reading/handler-table.js';
import { setInboxStatus } from '../reading/inbox.js';
import { RecordReader, type LogRecord, type ReadRecord } from '../wire/log-record.js';
import type { ReplayFailure, ReplayRequest, ReplayResult } from './replay-request.js';
import * as replays from './replay-store.js';

interface KeyOutcome {
  readonly applied: number;
  readonly discarded: number;
  readonly failure?: ReplayFailure;
}

/** What could not be applied here, and its way back. */
export class DeadLetters {
  constructor(
    private readonly consumer: string,
    private readonly database: Database,
    private readonly handlers: HandlerTable,
    private readonly burial: Burial,
    private readonly listeners: Listeners,
    private readonly logger: MessagingLogger,
  ) {}

  list(page: letters.DeadLetterPage): Promise<letters.DeadLetter[]> {
    return letters.listDeadLetters(this.database, page);
  }

  /**
   * Applies dead letters and what is parked behind them, key by key, each key's in order and in one transaction. A key
   * is free again when all of it succeeded; what succeeded before a failure stays applied. Who and why are recorded.
   */
  async replay(request: ReplayRequest): Promise<ReplayResult> {
    const replayId = uuidV7();
    await replays.recordReplay(this.database, this.consumer, replayId, request, 'running');
    return this.run(replayId, request);
  }

  /** Carries out what was asked for through the database, by the replay command. One replica takes each. */
  async runRequested(): Promise<void> {
    for (;;) {
      const claimed = await replays.claimReplay(this.database, this.consumer);
      if (!claimed) return;
      await this.run(claimed.id, claimed.request).catch((error: unknown) =>
        this.logger.error({ error, replayId: claimed.id }, 'a requested replay failed'),
      );
    }
  }

  private async run(replayId: string, request: ReplayRequest): Promise<ReplayResult> {
    try {
      const result = await this.perform(replayId, request);
      await replays.finishReplay(this.database, replayId, 'done', result);
      return result;
    } catch (error) {
      await replays.finishReplay(this.database, replayId, 'failed', wordsOf(error));
      throw error;
    }
  }

  private async perform(replayId: string, request: ReplayRequest): Promise<ReplayResult> {
    const keys = await letters.blockedBy(this.database, this.consumer, request);
    const dryRun = request.dryRun ?? false;
    let applied = 0;
    let discarded = 0;
    const failed: ReplayFailure[] = [];
    for (const { topic, key, waiting } of keys) {
      if (dryRun) {
        applied += waiting;
        continue;
      }
      const outcome = await this.settle(topic, key, request);
      applied += outcome.applied;
      discarded += outcome.discarded;
      if (outcome.failure) failed.push(outcome.failure);
      if (request.ratePerSecond)
        await pause((1_000 * (outcome.applied + outcome.discarded)) / request.ratePerSecond);
    }
    this.logger.info(
      { replayId, keys: keys.length, applied, discarded, failed: failed.length, dryRun },
      'replay finished',
    );
    return { replayId, dryRun, keys: keys.length, applied, discarded, failed };
  }

  private async settle(topic: TopicName, key: string, request: ReplayRequest): Promise<KeyOutcome> {
    try {
      return await this.database.transaction((tx) => this.settleKey(tx, topic, key, request));
    } catch (error) {
      const { code, message } = wordsOf(error);
      return { applied: 0, discarded: 0, failure: { topic, key, code, message } };
    }
  }

  private async settleKey(
    tx: Tx,
    topic: TopicName,
    key: string,
    request: ReplayRequest,
  ): Promise<KeyOutcome> {
    // Live consumption of these partitions waits, so nothing can overtake what is applied here.
    const items = await letters.lockKey(tx, this.consumer, topic, key);
    const given = request.discard ? items.filter(({ deadLetterId }) => deadLetterId !== null) : [];
    for (const { deadLetterId } of given)
      await letters.settleDeadLetter(tx, deadLetterId!, 'discarded', request);
    const waiting = items.filter((item) => !given.includes(item));
    const outcome = await this.applyItems(tx, topic, waiting, request);
    const applied = new Set(waiting.slice(0, outcome.applied));
    const behind = (item: letters.WaitingItem) =>
      items.slice(items.indexOf(item) + 1).filter((later) => applied.has(later));
    // What waited behind them has its own answer first: nothing that is told here can overtake it.
    await this.listeners.discarded(
      tx,
      topic,
      given.map((item) =>
        discardedOf(topic, item, this.readOrNothing(topic, item.record), behind(item), request),
      ),
    );
    if (items.length > 0 && !outcome.failure) {
      await letters.unblock(tx, this.consumer, topic, key);
      await this.listeners.unparked(tx, { topic, key });
    }
    return { ...outcome, discarded: given.length };
  }

  /** In the order of the log, up to the first that fails. */
  private async applyItems(
    tx: Tx,
    topic: TopicName,
    items: readonly letters.WaitingItem[],
    request: ReplayRequest,
  ): Promise<Omit<KeyOutcome, 'discarded'>> {
    let applied = 0;
    for (const item of items) {
      const error = await this.tryOne(tx, topic, item);
      if (error !== undefined) {
        await this.failedAgain(tx, item, error);
        const { code, message } = wordsOf(error);
        return { applied, failure: { topic, key: item.key, code, message } };
      }
      applied++;
      if (item.deadLetterId) await letters.settleDeadLetter(tx, item.deadLetterId, 'replayed', request);
      else await letters.dropParked(tx, this.consumer, item.record);
      if (item.eventId) await setInboxStatus(tx, this.consumer, 'done', topic, [item.eventId]);
    }
    return { applied };
  }

  /** A version that this release does not know says nothing here either. */
  private readOrNothing(topic: TopicName, record: LogRecord): ReadRecord | undefined {
    try {
      return new RecordReader(topic, this.handlers.typesOf(topic)).read(record);
    } catch {
      return undefined;
    }
  }

  private async tryOne(tx: Tx, topic: TopicName, item: letters.WaitingItem): Promise<unknown> {
    const read = new RecordReader(topic, this.handlers.typesOf(topic)).read(item.record);
    if (read.kind === 'poison') return read.error;
    if (read.kind !== 'event') return undefined;
    try {
      await tx.savepoint(() => this.handlers.apply(topic, [read.event], { tx, consumer: this.consumer }));
      return undefined;
    } catch (error) {
      if (isPassingFailure(error)) throw error;
      return error ?? new Error('The handler failed without an error');
    }
  }

  private async failedAgain(tx: Tx, item: letters.WaitingItem, error: unknown): Promise<void> {
    if (item.deadLetterId) return letters.noteAttempt(tx, item.deadLetterId, wordsOf(error));
    // What was parked turns out to be bad itself: it is now what the key waits for.
    await letters.dropParked(tx, this.consumer, item.record);
    const deadLetterId = await this.burial.bury(
      tx,
      { key: item.key, eventId: item.eventId ?? undefined, record: item.record },
      error,
    );
    if (deadLetterId)
      await letters.blockBehind(
        tx,
        this.consumer,
        item.record.topic,
        item.key,
        deadLetterId,
        wordsOf(error).code,
      );
  }
}
