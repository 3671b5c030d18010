import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { Scheduled } from '@attest/hosting';
import { BulkStore } from './ports.js';
import { SignBulk } from './sign-bulk.js';

/** Older than any request lives: whoever was signing it has died. */
const ABANDONED_AFTER_MS = 15_000;

@Injectable()
export class ResumeBulks {
  constructor(
    private readonly bulks: BulkStore,
    private readonly signBulk: SignBulk,
    private readonly clock: BusinessClock,
  ) {}

  @Scheduled({ name: 'resume-bulk-approvals', everyMs: 5_000 })
  async run(): Promise<void> {
    for (const bulk of await this.bulks.unfinished(
      new Date(this.clock.now().getTime() - ABANDONED_AFTER_MS),
    )) {
      await this.signBulk.continue(bulk);
    }
  }
}
