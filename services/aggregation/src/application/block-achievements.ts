import { Injectable } from '@nestjs/common';
import { ParkListener, type ParkedKey, type ParkListening } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { TouchedSet } from '../domain/touched-set.js';
import { Locks, TouchedStore } from './ports.js';
import { Refigure } from './refigure.js';

/**
 * A parked input fails closed: everything that depends on its key is blocked in the transaction that parks it, and
 * made anew in the one that frees it. Refigure itself sees which keys stand blocked.
 */
@Injectable()
@ParkListener()
export class BlockAchievements implements ParkListening {
  constructor(
    private readonly locks: Locks,
    private readonly touched: TouchedStore,
    private readonly refigure: Refigure,
  ) {}

  parked(tx: Tx, key: ParkedKey): Promise<void> {
    return this.refigureDependants(tx, key);
  }

  unparked(tx: Tx, key: Pick<ParkedKey, 'topic' | 'key'>): Promise<void> {
    return this.refigureDependants(tx, key);
  }

  private async refigureDependants(tx: Tx, { topic, key }: Pick<ParkedKey, 'topic' | 'key'>): Promise<void> {
    await this.locks.forFigures(tx);
    const touched = await this.touched.byParkedKey(tx, topic, key);
    await this.refigure.inTransaction(tx, new TouchedSet().add(touched, { topic, key, version: 0 }));
  }
}
