import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { Scheduled } from '@attest/hosting';
import { BulkStore } from './bulk.ports.js';

/** Sees which bulks are over. */
@Injectable()
export class EndBulks {
  constructor(
    private readonly bulks: BulkStore,
    private readonly clock: BusinessClock,
  ) {}

  /** Answers come in any order and on several partitions: none of them knows that it is the last. */
  @Scheduled({ name: 'end-answered-bulk-approvals', everyMs: 1_000 })
  end(): Promise<void> {
    return this.bulks.endAnswered(this.clock.now());
  }
}
