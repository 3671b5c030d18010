import { BusinessClock } from '@attest/calendar';
import { Scheduler } from '@attest/hosting';
import { asWork } from '@attest/persistence';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { BulkTypes } from './bulk.js';
import { BulkQueue } from './bulk-queue.js';
import { BulkTables } from './bulk-tables.js';
import { BulkWork } from './bulk-work.js';
import { OldBulks } from './old-bulks.js';
import { WorkOnBulks } from './work-on-bulks.js';

const DAY_MS = 24 * 3_600_000;
/** They can be acted on for an hour, and are large: a day is long enough to look back at one. */
const PREVIEWS_KEPT_MS = DAY_MS;

/** What is done for bulks at its times. */
@Injectable()
export class BulkJobs<T extends BulkTypes> implements OnModuleInit {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly tables: BulkTables<T>,
    private readonly queue: BulkQueue<T>,
    private readonly old: OldBulks<T>,
    private readonly work: BulkWork<T>,
    private readonly worker: WorkOnBulks<T>,
    private readonly clock: BusinessClock,
  ) {}

  onModuleInit(): void {
    const { name, answeredAt } = this.tables;
    this.scheduler.add({ name: `resume-${name}s`, everyMs: 2_000 }, () => this.worker.resume());
    // A chunk each time: a million items are gone within ten minutes, and nothing else notices.
    this.scheduler.add({ name: `forget-${name}s`, everyMs: 5_000 }, () =>
      asWork('housekeeping', () => this.old.forget(this.before(this.work.keptDays * DAY_MS))),
    );
    this.scheduler.add({ name: 'forget-bulk-previews', everyMs: 5_000 }, () =>
      asWork('housekeeping', () => this.old.forgetPreviews(this.before(PREVIEWS_KEPT_MS))),
    );
    // Later answers come in any order and on several partitions: none of them knows that it is the last.
    if (answeredAt !== null)
      this.scheduler.add({ name: `end-answered-${name}s`, everyMs: 1_000 }, () =>
        this.queue.endAnswered(this.clock.now()),
      );
  }

  private before(ms: number): Date {
    return new Date(this.clock.now().getTime() - ms);
  }
}
