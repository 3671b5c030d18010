import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { newEvent, ReleaseRunEndedV1 } from '@attest/contracts';
import {
  BarrierListener,
  Outbox,
  type Barrier,
  type BarrierFailure,
  type BarrierListening,
} from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { RunStore } from './ports.js';

/** Behind its barrier a run begins to ask; without it, it pays nothing. */
@Injectable()
@BarrierListener('release')
export class HearBarrier implements BarrierListening {
  constructor(
    private readonly runs: RunStore,
    private readonly outbox: Outbox,
    private readonly clock: BusinessClock,
  ) {}

  async passed(tx: Tx, barrier: Barrier): Promise<void> {
    const run = await this.runs.lockByBarrier(tx, barrier.barrierId);
    if (run?.state === 'waiting') await this.runs.step(tx, run, 'pass');
  }

  async aborted(tx: Tx, barrier: Barrier, why: BarrierFailure): Promise<void> {
    const run = await this.runs.lockByBarrier(tx, barrier.barrierId);
    if (run?.state !== 'waiting') return;
    const words = `Nothing was paid: ${why.words}`;
    await this.runs.step(tx, run, 'abort', { words, at: this.clock.now() });
    await this.runs.count(tx, run.runId);
    await this.outbox.add(tx, [
      newEvent(ReleaseRunEndedV1, {
        runId: run.runId,
        paymentPeriod: run.paymentPeriod,
        outcome: 'aborted',
        endedAt: this.clock.now().toISOString(),
        files: [],
        included: 0,
        notIncluded: 0,
        words,
      }),
    ]);
  }
}
