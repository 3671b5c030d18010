import { setTimeout as pause } from 'node:timers/promises';
import { uuidV7, type TopicName } from '@attest/contracts';
import { isPassingFailure, type Database, type Tx } from '@attest/persistence';
import { wordsOf, type Burial } from '../dead-letters/burial.js';
import { HEADER } from '../wire/envelope.js';
import type { HandlerTable } from '../reading/handler-table.js';
import { setInboxStatus } from '../reading/inbox.js';
import type { DiscardedEvent, Listeners, RecordHeaders } from '../listeners.js';
import { headerText, RecordReader, type LogRecord, type ReadRecord } from '../wire/log-record.js';
import type { MessagingLogger } from '../ports.js';
import * as store from './replay-store.js';

export interface ReplayRequest {
  readonly topic?: TopicName | undefined;
  readonly key?: string | undefined;
  readonly deadLetterId?: string | undefined;
  readonly eventId?: string | undefined;
  /** Only says what would be replayed. */
  readonly dryRun?: boolean | undefined;
  /** Gives the dead letters up instead of applying them; what is parked behind them is applied. */
  readonly discard?: boolean | undefined;
  readonly ratePerSecond?: number | undefined;
  readonly who: string;
  readonly why: string;
}

export interface ReplayFailure {
  readonly topic: string;
  readonly key: string;
  readonly code: string;
  readonly message: string;
}

export interface ReplayResult {
  readonly replayId: string;
  readonly dryRun: boolean;
  /** Blocked keys that the filter names. */
  readonly keys: number;
  /** Events applied; in a dry run, those that would be tried. */
  readonly applied: number;
  readonly discarded: number;
  readonly failed: readonly ReplayFailure[];
}

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

  list(page: store.DeadLetterPage): Promise<store.DeadLetter[]> {
    return store.listDeadLetters(this.database, page);
  }

  /**
   * Applies dead letters and what is parked behind them, key by key, each key's in order and in one transaction. A key
   * is free again when all of it succeeded; what succeeded before a failure stays applied. Who and why are recorded.
   */
  async replay(request: ReplayRequest): Promise<ReplayResult> {
    const replayId = uuidV7();
    await store.recordReplay(this.database, this.consumer, replayId, request, 'running');
    return this.run(replayId, request);
  }

  /** Carries out what was asked for through the database, by the replay command. One replica takes each. */
  async runRequested(): Promise<void> {
    for (;;) {
      const claimed = await store.claimReplay(this.database, this.consumer);
      if (!claimed) return;
      await this.run(claimed.id, claimed.request).catch((error: unknown) =>
        this.logger.error({ error, replayId: claimed.id }, 'a requested replay failed'),
      );
    }
  }

  private async run(replayId: string, request: ReplayRequest): Promise<ReplayResult> {
    try {
      const result = await this.perform(replayId, request);
      await store.finishReplay(this.database, replayId, 'done', result);
      return result;
    } catch (error) {
      await store.finishReplay(this.database, replayId, 'failed', wordsOf(error));
      throw error;
    }
  }

  private async perform(replayId: string, request: ReplayRequest): Promise<ReplayResult> {
    const keys = await store.blockedBy(this.database, this.consumer, request);
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
    const items = await store.lockKey(tx, this.consumer, topic, key);
    const given = request.discard ? items.filter(({ deadLetterId }) => deadLetterId !== null) : [];
    for (const { deadLetterId } of given)
      await store.settleDeadLetter(tx, deadLetterId!, 'discarded', request);
    const waiting = items.filter((item) => !given.includes(item));
    const outcome = await this.applyItems(tx, topic, waiting, request);
    const applied = new Set(waiting.slice(0, outcome.applied));
    const behind = (item: store.WaitingItem) =>
      items.slice(items.indexOf(item) + 1).filter((later) => applied.has(later));
    // What waited behind them has its own answer first: nothing that is told here can overtake it.
    await this.listeners.discarded(
      tx,
      topic,
      given.map((item) => this.discardedOf(topic, item, behind(item), request)),
    );
    if (items.length > 0 && !outcome.failure) {
      await store.unblock(tx, this.consumer, topic, key);
      await this.listeners.unparked(tx, { topic, key });
    }
    return { ...outcome, discarded: given.length };
  }

  /** In the order of the log, up to the first that fails. */
  private async applyItems(
    tx: Tx,
    topic: TopicName,
    items: readonly store.WaitingItem[],
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
      if (item.deadLetterId) await store.settleDeadLetter(tx, item.deadLetterId, 'replayed', request);
      else await store.dropParked(tx, this.consumer, item.record);
      if (item.eventId) await setInboxStatus(tx, this.consumer, 'done', topic, [item.eventId]);
    }
    return { applied };
  }

  private discardedOf(
    topic: TopicName,
    { key, deadLetterId, record }: store.WaitingItem,
    behind: readonly store.WaitingItem[],
    { who, why }: ReplayRequest,
  ): DiscardedEvent {
    const read = this.readOrNothing(topic, record);
    return {
      topic,
      key,
      event: read?.kind === 'event' ? read.event : null,
      ...saidBy(record),
      behind: behind.map((later) => saidBy(later.record)),
      deadLetterId: deadLetterId!,
      who,
      why,
    };
  }

  /** A version that this release does not know says nothing here either. */
  private readOrNothing(topic: TopicName, record: LogRecord): ReadRecord | undefined {
    try {
      return new RecordReader(topic, this.handlers.typesOf(topic)).read(record);
    } catch {
      return undefined;
    }
  }

  private async tryOne(tx: Tx, topic: TopicName, item: store.WaitingItem): Promise<unknown> {
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

  private async failedAgain(tx: Tx, item: store.WaitingItem, error: unknown): Promise<void> {
    if (item.deadLetterId) return store.noteAttempt(tx, item.deadLetterId, wordsOf(error));
    // What was parked turns out to be bad itself: it is now what the key waits for.
    await store.dropParked(tx, this.consumer, item.record);
    const deadLetterId = await this.burial.bury(
      tx,
      { key: item.key, eventId: item.eventId ?? undefined, record: item.record },
      error,
    );
    if (deadLetterId)
      await store.blockBehind(
        tx,
        this.consumer,
        item.record.topic,
        item.key,
        deadLetterId,
        wordsOf(error).code,
      );
  }
}

function saidBy({ headers }: LogRecord): RecordHeaders {
  const version = headerText(headers, HEADER.aggregateVersion) ?? '';
  return {
    type: headerText(headers, HEADER.type) ?? null,
    aggregateVersion: /^\d{1,15}$/.test(version) ? Number(version) : null,
  };
}
