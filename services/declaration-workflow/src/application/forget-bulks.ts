import { BusinessClock } from '@attest/calendar';
import { Scheduled } from '@attest/hosting';
import { Injectable } from '@nestjs/common';
import { BulkKeeping, OldBulks } from './bulk.ports.js';

const DAY_MS = 24 * 3_600_000;
const PREVIEWS_KEPT_MS = DAY_MS;

/** Ends the keeping of bulks, and of previews, that nobody needs to look up any more. */
@Injectable()
export class ForgetBulks {
  constructor(
    private readonly bulks: OldBulks,
    private readonly keeping: BulkKeeping,
    private readonly clock: BusinessClock,
  ) {}

  /** A chunk each time: a million items are gone within ten minutes, and nothing else notices. */
  @Scheduled({ name: 'forget-bulk-declarations', everyMs: 5_000 })
  forget(): Promise<void> {
    return this.bulks.forgetEnded(new Date(this.clock.now().getTime() - this.keeping.keptDays * DAY_MS));
  }

  /** They can be acted on for an hour, and are large: a day is long enough to look back at one. */
  @Scheduled({ name: 'forget-bulk-previews', everyMs: 5_000 })
  forgetPreviews(): Promise<void> {
    return this.bulks.forgetPreviews(new Date(this.clock.now().getTime() - PREVIEWS_KEPT_MS));
  }
}
