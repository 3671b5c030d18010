import type { TopicName } from '@attest/contracts';
import { isPassingFailure, type Database, type Tx } from '@attest/persistence';
import { EVERY_KEY } from '../dead-letters/blocked-keys.js';
import { wordsOf, type Burial } from '../dead-letters/burial.js';
import * as letters from '../dead-letters/dead-letter-store.js';
import { discardedOf } from '../dead-letters/discarding.js';
import type { Listeners } from '../listeners.js';
import { DeadLetterBeforeItError } from '../messaging.errors.js';
import type { HandlerTable } from '../reading/handler-table.js';
import { setInboxStatus } from '../reading/inbox.js';
import { RecordReader, type LogRecord, type ReadRecord } from '../wire/log-record.js';
import type { KeyOutcome, ReplayRequest } from './replay-request.js';
import { noteKey } from './replay-store.js';

/** What a dry run undoes. */
class OnlyTried extends Error {
  constructor(readonly outcome: KeyOutcome) {
    super('a dry run leaves nothing behind');
  }
}

interface Applied {
  readonly items: readonly letters.WaitingItem[];
  readonly error: unknown;
}

/**
 * One key's part of a replay, in one transaction. Exactly what the replay names is given up or applied. What waits is
 * applied in the order of the log, up to the first dead letter that remains; the key opens when none does.
 */
export class KeySettler {
  constructor(
    private readonly consumer: string,
    private readonly database: Database,
    private readonly handlers: HandlerTable,
    private readonly burial: Burial,
    private readonly listeners: Listeners,
  ) {}

  async settle(replayId: string, named: letters.NamedKey, request: ReplayRequest): Promise<KeyOutcome> {
    const outcome = await this.outcomeOf(replayId, named, request);
    // Settled keys have noted it in their own transaction.
    if (request.dryRun || outcome.failure) await noteKey(this.database, replayId, outcome);
    return outcome;
  }

  private async outcomeOf(
    replayId: string,
    named: letters.NamedKey,
    request: ReplayRequest,
  ): Promise<KeyOutcome> {
    try {
      return await this.database.transaction(async (tx) => {
        const outcome = await this.settleKey(tx, replayId, named, request);
        if (request.dryRun) throw new OnlyTried(outcome);
        await noteKey(tx, replayId, outcome);
        return outcome;
      });
    } catch (error) {
      if (error instanceof OnlyTried) return error.outcome;
      const { code, message } = wordsOf(error);
      const { dead, parked } = await letters.waitingUnder(this.database, this.consumer, named);
      return {
        ...named,
        discarded: [],
        replayed: [],
        applied: [],
        failure: { code, message },
        stillDead: dead,
        stillParked: parked,
      };
    }
  }

  private async settleKey(
    tx: Tx,
    replayId: string,
    named: letters.NamedKey,
    request: ReplayRequest,
  ): Promise<KeyOutcome> {
    const { topic, key } = named;
    // Live consumption of these partitions waits, so nothing can overtake what is applied here.
    const items = await letters.lockKey(tx, this.consumer, named, replayId);
    const given = request.discard ? items.filter(({ isNamed }) => isNamed) : [];
    for (const { deadLetterId } of given)
      await letters.settleDeadLetter(tx, deadLetterId!, 'discarded', request);
    const open = reachable(
      key,
      items.filter((item) => !given.includes(item)),
    );
    const { items: applied, error } = await this.applyItems(tx, topic, open, request);
    const behind = (item: letters.WaitingItem) =>
      items.slice(items.indexOf(item) + 1).filter((later) => applied.includes(later));
    // What waited behind them has its own answer first: nothing that is told here can overtake it.
    await this.listeners.discarded(
      tx,
      topic,
      given.map((item) =>
        discardedOf(topic, item, this.readOrNothing(topic, item.record), behind(item), request),
      ),
    );
    const waiting = await letters.blockOrOpen(tx, this.consumer, named);
    if (waiting.opened) await this.listeners.unparked(tx, { topic, key });
    return {
      topic,
      key,
      discarded: given.map(({ deadLetterId }) => deadLetterId!),
      replayed: applied.flatMap(({ deadLetterId }) => deadLetterId ?? []),
      applied: applied.flatMap(({ deadLetterId, eventId }) => (deadLetterId ? [] : (eventId ?? []))),
      failure: failureOf(request.discard ? [] : items, open, error),
      stillDead: waiting.dead,
      stillParked: waiting.parked,
    };
  }

  /** In the order of the log, up to the first that fails. */
  private async applyItems(
    tx: Tx,
    topic: TopicName,
    items: readonly letters.WaitingItem[],
    request: ReplayRequest,
  ): Promise<Applied> {
    for (const [place, item] of items.entries()) {
      const error = await this.tryOne(tx, topic, item);
      if (error !== undefined) {
        await this.failedAgain(tx, item, error);
        return { items: items.slice(0, place), error };
      }
      if (item.deadLetterId) await letters.settleDeadLetter(tx, item.deadLetterId, 'replayed', request);
      else await letters.dropParked(tx, this.consumer, item.record);
      if (item.eventId) await setInboxStatus(tx, this.consumer, 'done', topic, [item.eventId]);
    }
    return { items, error: undefined };
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
    await this.burial.bury(
      tx,
      { key: item.key, eventId: item.eventId ?? undefined, record: item.record },
      error,
    );
  }
}

/**
 * What may be applied: up to the first dead letter that the replay does not name. Records whose key cannot be read have
 * no order among themselves.
 */
function reachable(key: string, items: readonly letters.WaitingItem[]): readonly letters.WaitingItem[] {
  if (key === EVERY_KEY) return items.filter(({ isNamed }) => isNamed);
  const stop = items.findIndex(({ deadLetterId, isNamed }) => deadLetterId !== null && !isNamed);
  return stop < 0 ? items : items.slice(0, stop);
}

function failureOf(
  items: readonly letters.WaitingItem[],
  open: readonly letters.WaitingItem[],
  error: unknown,
): KeyOutcome['failure'] {
  const before = items.find(({ deadLetterId, isNamed }) => deadLetterId !== null && !isNamed);
  const isKeptBack = items.some((item) => item.isNamed && !open.includes(item));
  const what =
    error ?? (before && isKeptBack ? new DeadLetterBeforeItError(before.deadLetterId!) : undefined);
  if (what === undefined) return null;
  const { code, message } = wordsOf(what);
  return { code, message };
}
