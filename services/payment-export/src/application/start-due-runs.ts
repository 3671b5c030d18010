import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { Scheduled, type Firing } from '@attest/hosting';
import { PaymentExportSettings } from '../config/payment-export.settings.js';
import { RunUnderWayError } from '../domain/payment.errors.js';
import { RunStore } from './ports.js';
import { StartRun } from './start-run.js';

/** Starts the run of a payment period when its cut-off passes; each cut-off has one run. */
@Injectable()
export class StartDueRuns {
  constructor(
    private readonly runs: RunStore,
    private readonly startRun: StartRun,
    private readonly clock: BusinessClock,
    private readonly settings: PaymentExportSettings,
  ) {}

  @Scheduled({ name: 'start-due-release-runs', everyMs: 1_000 })
  async run(firing?: Firing): Promise<void> {
    for (const due of await this.runs.dueCutOffs(this.clock.now())) {
      if (firing?.signal.aborted) return;
      try {
        await this.startRun.run({
          ...due,
          requestedBy: 'calendar',
          limitSeconds: this.settings.RELEASE_LIMIT_SECONDS,
          collectSeconds: this.settings.RELEASE_COLLECT_SECONDS,
        });
      } catch (error) {
        // Another run is under way: this cut-off's turn comes with the next firing.
        if (!(error instanceof RunUnderWayError)) throw error;
        return;
      }
    }
  }
}
