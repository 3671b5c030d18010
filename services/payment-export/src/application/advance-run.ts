import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { newEvent, PaymentReleaseRequestedV1 } from '@attest/contracts';
import { Scheduled } from '@attest/hosting';
import { failpoint, Outbox } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { RunStore, type ReleaseRun } from './ports.js';
import { SealRun } from './seal-run.js';

/** A request's transaction stays well under the consumer's: answers come while the next ones are asked. */
const REQUEST_CHUNK = 2_000;

/** Moves the run under way from step to step. Every step rests on what it finds, so a crash resumes where it was. */
@Injectable()
export class AdvanceRun {
  constructor(
    private readonly database: Database,
    private readonly runs: RunStore,
    private readonly sealRun: SealRun,
    private readonly outbox: Outbox,
    private readonly clock: BusinessClock,
  ) {}

  @Scheduled({ name: 'advance-release-run', everyMs: 200 })
  async run(): Promise<void> {
    for (;;) {
      const progress = await this.database.transaction((tx) => this.step(tx));
      if (progress === 'wait') return;
      if (progress === 'seal') {
        await this.sealRun.run();
        return;
      }
    }
  }

  private async step(tx: Tx): Promise<'again' | 'wait' | 'seal'> {
    const run = await this.runs.takeUnderWay(tx);
    if (!run || run.state === 'waiting') return 'wait';
    if (run.state === 'sealing') return 'seal';
    if ((await this.request(tx, run)) > 0) return 'again';
    const unanswered = await this.runs.unanswered(tx, run.runId);
    // Real time: what waits here is other processes, not the calendar.
    const overdue = run.collectUntil !== null && run.collectUntil.getTime() < Date.now();
    if (unanswered > 0 && !overdue) return 'wait';
    if (unanswered > 0) await this.runs.giveUpUnanswered(tx, run.runId, 'NOT_ANSWERED');
    await this.runs.seal(tx, run.runId);
    failpoint('run-before-sealing');
    return 'seal';
  }

  private async request(tx: Tx, run: ReleaseRun): Promise<number> {
    const asked = await this.runs.request(tx, run, REQUEST_CHUNK);
    if (asked.length === 0) return 0;
    const requestedAt = this.clock.now().toISOString();
    await this.outbox.add(
      tx,
      asked.map(({ declarationId, declarationVersion, attempt, paymentVersion }) =>
        newEvent(PaymentReleaseRequestedV1, {
          declarationId,
          declarationVersion: Number(declarationVersion),
          attempt,
          runId: run.runId,
          paymentVersion: Number(paymentVersion),
          barrierId: run.barrierId,
          requestedAt,
        }),
      ),
    );
    failpoint('run-after-request');
    return asked.length;
  }
}
