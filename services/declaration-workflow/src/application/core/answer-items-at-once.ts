import { BULK_ITEMS_MOST } from '@attest/bulk';
import { Database, isPassingFailure, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable } from '@nestjs/common';
import { BulkNeedsAJobError } from '../../domain/bulk/bulk.errors.js';
import { AT_ONCE_MOST, type BulkAction } from '../../domain/bulk/bulk.js';
import type { Declaration } from '../../domain/core/declaration.js';

export interface WorkOnSet<Item, Result> {
  readonly action: BulkAction;
  /** Equal for items of which only the first is done. Locks are taken in its order. */
  readonly keyOf: (item: Item) => string;
  /** In the caller's transaction, answered in the order of the items. */
  readonly within: (
    tx: Tx,
    items: readonly Item[],
    /** As they stood before anything of the request was done, where it is done in parts. */
    locked?: readonly Declaration[],
  ) => Promise<readonly Result[]>;
  /** Takes all the locks that `within` takes, in the same order. */
  readonly lock: (tx: Tx, items: readonly Item[]) => Promise<readonly Declaration[]>;
  readonly refused: (item: Item, code: 'ITEM_REPEATED' | 'ITEM_FAILED') => Result;
}

/**
 * Answers each item of a request, all of them in one transaction: whatever fails of itself leaves nothing half applied,
 * so that the request can simply be sent again. One item that fails because of its data is found by halves, and the
 * others are done.
 */
@Injectable()
export class AnswerItemsAtOnce {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  /** Answers in the order of the items. @throws BulkNeedsAJobError */
  async answer<Item, Result>(items: readonly Item[], work: WorkOnSet<Item, Result>): Promise<Result[]> {
    if (items.length > AT_ONCE_MOST) throw new BulkNeedsAJobError(work.action, items.length, BULK_ITEMS_MOST);
    const first = new Map<string, Item>();
    for (const item of items) if (!first.has(work.keyOf(item))) first.set(work.keyOf(item), item);
    const keys = [...first.keys()].sort();
    const results = await this.done(
      keys.map((key) => first.get(key)!),
      work,
    );
    const answers = new Map(keys.map((key, at) => [key, results[at]!]));
    return items.map((item) => {
      const key = work.keyOf(item);
      return first.get(key) === item ? answers.get(key)! : work.refused(item, 'ITEM_REPEATED');
    });
  }

  private async done<Item, Result>(
    items: readonly Item[],
    work: WorkOnSet<Item, Result>,
  ): Promise<readonly Result[]> {
    try {
      return await this.database.transaction((tx) => work.within(tx, items));
    } catch (error) {
      if (isPassingFailure(error)) throw error;
    }
    return this.database.transaction(async (tx) => {
      // What a savepoint gives back it gives back with its locks, and parts of a set would lock in another order.
      const locked = await work.lock(tx, items);
      return this.byHalves(tx, items, locked, work);
    });
  }

  private async byHalves<Item, Result>(
    tx: Tx,
    items: readonly Item[],
    locked: readonly Declaration[],
    work: WorkOnSet<Item, Result>,
  ): Promise<readonly Result[]> {
    try {
      return await tx.savepoint(() => work.within(tx, items, locked));
    } catch (error) {
      if (isPassingFailure(error)) throw error;
      if (items.length === 1) {
        this.logger.error('BULK_ITEM_FAILED', { action: work.action }, error);
        return [work.refused(items[0]!, 'ITEM_FAILED')];
      }
      const half = Math.ceil(items.length / 2);
      return [
        ...(await this.byHalves(tx, items.slice(0, half), locked, work)),
        ...(await this.byHalves(tx, items.slice(half), locked, work)),
      ];
    }
  }
}
