import { isPassingFailure, type Tx } from '@attest/persistence';
import type { EventRecord } from '../wire/log-record.js';

export interface Bisection {
  /** Applies these events; may throw. */
  readonly apply: (records: readonly EventRecord[]) => Promise<void>;
  /** Puts aside the one that fails alone. Its key counts as blocked from then on. */
  readonly bury: (record: EventRecord, error: unknown) => Promise<void>;
  readonly park: (records: readonly EventRecord[]) => Promise<void>;
  readonly isBlocked: (key: string) => boolean;
  /** Too much was buried: the rest is left as it is. */
  readonly isOver: () => boolean;
  readonly leave: (records: readonly EventRecord[]) => void;
  /** Called before every attempt: halving a full chunk takes a while. */
  readonly heartbeat: () => Promise<void>;
}

/**
 * Applies a chunk of which something fails: halves it under savepoints until each failing record stands alone, buries
 * that, parks what comes later of its key, and applies everything else, in order.
 * @throws what will pass by itself, so that nothing is buried for it
 */
export async function applyBisected(tx: Tx, records: readonly EventRecord[], how: Bisection): Promise<void> {
  if (how.isOver()) return how.leave(records);
  const waiting = records.filter((record) => how.isBlocked(record.key));
  await how.park(waiting);
  const open = waiting.length === 0 ? records : records.filter((record) => !how.isBlocked(record.key));
  if (open.length === 0) return;
  await how.heartbeat();
  try {
    await tx.savepoint(() => how.apply(open));
  } catch (error) {
    if (isPassingFailure(error)) throw error;
    if (open.length === 1) return how.bury(open[0]!, error);
    const middle = open.length >> 1;
    await applyBisected(tx, open.slice(0, middle), how);
    await applyBisected(tx, open.slice(middle), how);
  }
}
