import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { Scheduled, type Firing } from '@attest/hosting';
import { asWork, Database } from '@attest/persistence';
import { Logger, OncePerMinute } from '@attest/telemetry';
import { Locks, RecalculationStore } from './ports.js';
import { RebuildPeriod } from './rebuild-period.js';

/** Works the queue of whole-period recalculations off, one after another; a crash leaves its entry queued. */
@Injectable()
export class RunRecalculations implements OnModuleDestroy {
  private running: Promise<void> | undefined;
  private again = false;
  private stopping = false;
  /** Every event may wake it while its database is away. */
  private readonly failures = new OncePerMinute();

  constructor(
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly logger: Logger,
    private readonly locks: Locks,
    private readonly store: RecalculationStore,
    private readonly rebuild: RebuildPeriod,
  ) {}

  /** Called after whoever queued something has committed; the schedule finds what a crash left. */
  wake(): void {
    this.run().catch((error: unknown) => {
      const untold = this.failures.tell('');
      if (untold !== undefined) this.logger.error('RECALCULATION_FAILED', { failures: untold + 1 }, error);
    });
  }

  /** Every replica works the queue off, each entry by one: whoever lost the lease only begins no more of its own accord. */
  @Scheduled({ name: 'run-recalculations', everyMs: 1_000 })
  run(firing?: Firing): Promise<void> {
    if (firing?.signal.aborted) return Promise.resolve();
    if (this.running) {
      this.again = true;
      return this.running;
    }
    // Whoever woke it may have been a chunk, whose limits are shorter.
    this.running = asWork('job', () => this.untilEmpty()).finally(() => (this.running = undefined));
    return this.running;
  }

  /** What is half done is finished; the rest stays queued. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.running?.catch(() => undefined);
  }

  private async untilEmpty(): Promise<void> {
    do {
      this.again = false;
      while (!this.stopping && (await this.one()));
    } while (this.again && !this.stopping);
  }

  /** The claim is a row lock of this transaction; what it writes commits beside it, part by part. */
  private one(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const next = await this.store.claim(tx);
      if (!next) return false;
      await this.locks.forPeriod(tx, next.serviceCode, next.achievementDate);
      const outcome = await this.rebuild.run(next.serviceCode, next.achievementDate, next.cause);
      await this.store.finish(tx, next.recalculationId, outcome, this.clock.now());
      this.logger.info('PERIOD_RECALCULATED', {
        serviceCode: next.serviceCode,
        achievementDate: next.achievementDate,
        ...outcome,
      });
      return true;
    });
  }
}
