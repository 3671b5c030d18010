import { AttestError } from '@attest/errors';
import { asWork, type Database } from '@attest/persistence';
import { OncePerMinute, TryingAgain, type Logger, type Metrics } from '@attest/telemetry';
import { MetadataScanner } from '@nestjs/core';
import { Lease } from './lease.js';
import { scheduledJob, type Firing, type ScheduledJob } from './scheduled.js';

interface Job extends ScheduledJob {
  readonly run: (firing: Firing) => Promise<void>;
  readonly again: TryingAgain;
}

/** A job that fails fires less and less often, and as often as before when it works. */
const LONGEST_REST_MS = 10_000;
const KEEP_FIRINGS_HOURS = 24;

/**
 * Runs @Scheduled methods, on one replica of the service at a time: the one whose session holds the lease. Each
 * firing is a row that can be inserted once, so that two holders, one of them just cut off, never run the same. A job
 * that runs while the lease is lost is told by its firing's signal.
 */
export class Scheduler {
  readonly #jobs = new Map<string, Job>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  readonly #lease: Lease;
  readonly #unrecorded = new OncePerMinute();
  readonly #halt = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly atLeastEveryMs = Infinity,
  ) {
    this.#lease = new Lease(database, logger, (held) => {
      const signal = AbortSignal.any([held, this.#halt.signal]);
      signal.addEventListener('abort', () => this.#stopTimers(), { once: true });
      for (const job of this.#jobs.values()) this.#plan(job, signal);
    });
  }

  /** Takes a provider's @Scheduled methods; anything else is left alone. */
  offer(provider: object): void {
    const prototype = Object.getPrototypeOf(provider) as Record<string, unknown> | null;
    if (!prototype) return;
    for (const method of new MetadataScanner().getAllMethodNames(prototype)) {
      const handler = prototype[method];
      const job = typeof handler === 'function' ? scheduledJob(handler) : undefined;
      if (job) this.add(job, (firing) => (handler as (f: Firing) => Promise<void>).call(provider, firing));
    }
  }

  add(job: ScheduledJob, run: Job['run']): void {
    if (this.#jobs.has(job.name)) throw new Error(`two jobs are called ${job.name}`);
    const everyMs = Math.min(job.everyMs, this.atLeastEveryMs);
    const again = new TryingAgain(everyMs, Math.max(everyMs, LONGEST_REST_MS));
    this.#jobs.set(job.name, {
      ...job,
      everyMs,
      run: (firing) => asWork('job', () => run(firing)),
      again,
    });
  }

  start(): void {
    if (this.#jobs.size === 0) return;
    this.add({ name: 'forget-old-firings', everyMs: 3_600_000 }, () => this.#forgetOldFirings());
    this.#lease.start();
  }

  /** Whether this replica runs the jobs. */
  get leads(): boolean {
    return this.#lease.isHeld;
  }

  /** Waits for the step that is running, starts nothing more and gives the lease to another replica. */
  async stop(): Promise<void> {
    await this.#lease.stopAsking();
    this.#halt.abort();
    this.#stopTimers();
    await Promise.allSettled(this.#running);
    await this.#lease.giveBack();
  }

  /** Runs a job now, besides its times; for operators and tests. */
  async runNow(name: string): Promise<void> {
    const job = this.#jobs.get(name);
    if (!job) throw new Error(`no job is called ${name}`);
    await job.run({ dueAt: new Date(), signal: new AbortController().signal });
  }

  #stopTimers(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #plan(job: Job, signal: AbortSignal, notBefore = 0): void {
    if (signal.aborted) return;
    const now = Date.now();
    const due = (Math.floor(Math.max(now, notBefore) / job.everyMs) + 1) * job.everyMs;
    // Node's timers hold 24.8 days at most; a job that is due later is planned again on the way.
    const waitMs = Math.min(due - now, 2_000_000_000);
    const timer = setTimeout(() => {
      const run = waitMs < due - now ? Promise.resolve(0) : this.#fire(job, { dueAt: new Date(due), signal });
      const running = run.then((restMs) => {
        this.#running.delete(running);
        this.#plan(job, signal, restMs === 0 ? 0 : Date.now() + restMs - job.everyMs);
      });
      this.#running.add(running);
    }, waitMs);
    timer.unref();
    this.#timers.set(job.name, timer);
  }

  /** @returns how long the job shall rest, because it failed */
  async #fire(job: Job, firing: Firing): Promise<number> {
    const { dueAt } = firing;
    const ended = this.metrics
      .histogram('attest_scheduler_firing_seconds', 'how long a scheduled job ran', ['job'])
      .startTimer({ job: job.name });
    let errorCode: string | null = null;
    let restMs = 0;
    try {
      if (!(await this.#claim(job.name, dueAt))) return 0;
      await job.run(firing);
      job.again.succeeded();
    } catch (error) {
      errorCode = error instanceof AttestError ? error.code : 'UNEXPECTED_ERROR';
      restMs = job.again.failed(({ failures }) =>
        this.logger.error(
          'SCHEDULED_JOB_FAILED',
          { job: job.name, dueAt: dueAt.toISOString(), failures },
          error,
        ),
      );
    }
    ended();
    this.metrics
      .counter('attest_scheduler_firings_total', 'firings of scheduled jobs', ['job', 'outcome'])
      .inc({ job: job.name, outcome: errorCode === null ? 'done' : 'failed' });
    await this.#finish(job.name, dueAt, errorCode).catch((error: unknown) => {
      const untold = this.#unrecorded.tell(job.name);
      if (untold !== undefined)
        this.logger.warn('FIRING_NOT_RECORDED', { job: job.name, failures: untold + 1 }, error);
    });
    return restMs;
  }

  async #claim(job: string, dueAt: Date): Promise<boolean> {
    const { rowCount } = await this.database.query(
      {
        name: 'firing-claim',
        text: `INSERT INTO firing (job, due_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
      },
      [job, dueAt],
    );
    return rowCount === 1;
  }

  async #finish(job: string, dueAt: Date, errorCode: string | null): Promise<void> {
    await this.database.query(
      {
        name: 'firing-finish',
        text: `UPDATE firing SET finished_at = now(), error_code = $3 WHERE job = $1 AND due_at = $2`,
      },
      [job, dueAt, errorCode],
    );
  }

  async #forgetOldFirings(): Promise<void> {
    await asWork('housekeeping', () =>
      this.database.query(`DELETE FROM firing WHERE started_at < now() - $1 * interval '1 hour'`, [
        KEEP_FIRINGS_HOURS,
      ]),
    );
  }
}
