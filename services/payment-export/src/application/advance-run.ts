import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { newEvent, PaymentNotIncludedV1, PaymentReleaseRequestedV1 } from '@attest/contracts';
import { AttestError } from '@attest/errors';
import { Scheduled, type Firing } from '@attest/hosting';
import { blockedKeys, failpoint, Outbox } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { notIncludedWords } from '../domain/not-included.js';
import { RunStore, type ParkedKeys, type ReleaseRun } from './ports.js';
import { SealRun } from './seal-run.js';

/** A request's transaction stays well under the consumer's: answers come while the next ones are asked. */
const REQUEST_CHUNK = 2_000;

type Progress = 'listed' | 'requested' | 'closed' | 'wait' | 'seal';

/** Moves the run under way from step to step. Every step rests on what it finds, so a crash resumes where it was. */
@Injectable()
export class AdvanceRun {
  private countedFor: string | undefined;

  constructor(
    private readonly database: Database,
    private readonly runs: RunStore,
    private readonly sealRun: SealRun,
    private readonly outbox: Outbox,
    private readonly clock: BusinessClock,
    private readonly logger: Logger,
  ) {}

  @Scheduled({ name: 'advance-release-run', everyMs: 200 })
  async run(firing?: Firing): Promise<void> {
    while (!firing?.signal.aborted) {
      const { progress, runId } = await this.database.transaction((tx) => this.step(tx));
      if (progress === 'wait') return;
      if (progress === 'seal') return this.seal(runId);
      failpoint(`run-after-${progress}`);
      if (progress === 'listed') await this.runs.countAnew();
    }
  }

  private async step(tx: Tx): Promise<{ progress: Progress; runId: string }> {
    const run = await this.runs.takeUnderWay(tx);
    const did = (progress: Progress) => ({ progress, runId: run?.runId ?? '' });
    if (!run || run.state === 'waiting') return did('wait');
    if (run.state === 'sealing') return did('seal');
    if (run.listedAt === null) {
      await this.runs.list(tx, run, await parkedKeys(tx), this.clock.now());
      await this.endForgotten(tx);
      failpoint('run-before-listed');
      return did('listed');
    }
    if ((await this.request(tx, run)) > 0) {
      failpoint('run-before-requested');
      return did('requested');
    }
    const unanswered = await this.runs.anyUnanswered(tx, run.runId);
    // Real time: what waits here is other processes, not the calendar.
    const overdue = run.collectUntil !== null && run.collectUntil.getTime() < Date.now();
    if (unanswered && !overdue) return did('wait');
    if (unanswered) await this.runs.giveUpUnanswered(tx, run.runId, 'NOT_ANSWERED');
    await this.runs.step(tx, run, 'close');
    failpoint('run-before-closed');
    return did('closed');
  }

  /** No file of theirs exists, or this run would not have been started. What was sealed and told has moved on. */
  private async endForgotten(tx: Tx): Promise<void> {
    const forgotten = await this.runs.takeForgotten(tx);
    if (forgotten.length === 0) return;
    this.logger.warn('FORGOTTEN_RUN_ENDED', { declarations: forgotten.length, first: forgotten[0]!.runId });
    await this.outbox.add(
      tx,
      forgotten.map(({ declarationId, declarationVersion, attempt, runId, paymentVersion }) =>
        newEvent(PaymentNotIncludedV1, {
          declarationId,
          declarationVersion: Number(declarationVersion),
          attempt,
          runId,
          paymentVersion: Number(paymentVersion),
          code: 'RUN_FORGOTTEN',
          words: notIncludedWords('RUN_FORGOTTEN'),
          owedPence: null,
        }),
      ),
    );
  }

  private async request(tx: Tx, run: ReleaseRun): Promise<number> {
    const { looked, asked } = await this.runs.request(tx, run, REQUEST_CHUNK);
    const requestedAt = this.clock.now().toISOString();
    if (asked.length > 0)
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
    return looked;
  }

  /** What stops it is told where the run is read, and once in the log; it is tried again until somebody repairs it. */
  private async seal(runId: string): Promise<void> {
    try {
      // All of its rows have moved from state to state within seconds, sooner than anybody else counts them.
      if (this.countedFor !== runId) await this.runs.countAnew();
      this.countedFor = runId;
      await this.sealRun.run();
    } catch (error) {
      if (!(error instanceof AttestError)) throw error;
      if (await this.runs.noteTrouble(runId, { code: error.code, words: error.detail }))
        this.logger.error('RELEASE_RUN_STOPPED', { runId, cause: error.code, ...error.facts });
    }
  }
}

/** Fails closed: what could not be read here may be a payee or an amount. */
async function parkedKeys(tx: Tx): Promise<ParkedKeys> {
  const keysOf = async (topic: 'organisations' | 'quality-services' | 'declarations'): Promise<string[]> => [
    ...(await blockedKeys(tx, topic)).keys(),
  ];
  return {
    organisations: await keysOf('organisations'),
    services: await keysOf('quality-services'),
    declarations: await keysOf('declarations'),
  };
}
