import { AttestError } from '@attest/errors';
import { asWork, type Database } from '@attest/persistence';
import type { Logger, Metrics } from '@attest/telemetry';
import { MetadataScanner } from '@nestjs/core';
import type { Client } from 'pg';
import { scheduledJob, type Firing, type ScheduledJob } from './scheduled.js';

interface Job extends ScheduledJob {
  readonly run: (firing: Firing) => Promise<void>;
}

/** Any fixed number; one database belongs to one service. */
const LEASE_LOCK = 7_302_651_002n;
const LEASE_RETRY_MS = 1_000;
const KEEP_FIRINGS_HOURS = 24;

/**
 * Runs @Scheduled methods, on one replica of the service at a time: the one whose session holds the lease. Each
 * firing is a row that can be inserted once, so that two holders, one of them just cut off, never run the same.
 */
export class Scheduler {
  readonly #jobs = new Map<string, Job>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #lease: Client | undefined;
  #leaseTimer: NodeJS.Timeout | undefined;
  #asking: Promise<void> | undefined;
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly atLeastEveryMs = Infinity,
  ) {}

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
    this.#jobs.set(job.name, {
      ...job,
      everyMs: Math.min(job.everyMs, this.atLeastEveryMs),
      run: (firing) => asWork('job', () => run(firing)),
    });
  }

  start(): void {
    if (this.#jobs.size === 0) return;
    this.add({ name: 'forget-old-firings', everyMs: 3_600_000 }, () => this.#forgetOldFirings());
    this.#askForLease();
  }

  /** Whether this replica runs the jobs. */
  get leads(): boolean {
    return this.#lease !== undefined;
  }

  /** Waits for what is running, starts nothing more and gives the lease to another replica. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#leaseTimer);
    this.#stopTimers();
    await this.#asking;
    await Promise.allSettled(this.#running);
    const lease = this.#lease;
    this.#lease = undefined;
    await lease?.end();
  }

  /** Runs a job now, besides its times; for operators and tests. */
  async runNow(name: string): Promise<void> {
    const job = this.#jobs.get(name);
    if (!job) throw new Error(`no job is called ${name}`);
    await job.run({ dueAt: new Date() });
  }

  #askForLease(): void {
    this.#asking = this.#tryLease().catch((error: unknown) => {
      this.logger.warn('SCHEDULER_LEASE_NOT_ASKED', {}, error);
      this.#lostLease();
    });
  }

  async #tryLease(): Promise<void> {
    const client = await this.database.connect();
    client.on('error', () => this.#lostLease());
    client.on('end', () => this.#lostLease());
    const { rows } = await client.query<{ ours: boolean }>('SELECT pg_try_advisory_lock($1) AS ours', [
      LEASE_LOCK.toString(),
    ]);
    if (!rows[0]?.ours || this.#stopped) {
      client.removeAllListeners('end');
      await client.end();
      this.#askLater();
      return;
    }
    this.#lease = client;
    for (const job of this.#jobs.values()) this.#plan(job);
  }

  #lostLease(): void {
    this.#lease = undefined;
    this.#stopTimers();
    this.#askLater();
  }

  #askLater(): void {
    if (this.#stopped) return;
    clearTimeout(this.#leaseTimer);
    this.#leaseTimer = setTimeout(() => this.#askForLease(), LEASE_RETRY_MS);
    this.#leaseTimer.unref();
  }

  #stopTimers(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #plan(job: Job): void {
    if (this.#stopped || !this.#lease) return;
    const now = Date.now();
    const due = (Math.floor(now / job.everyMs) + 1) * job.everyMs;
    // Node's timers hold 24.8 days at most; a job that is due later is planned again on the way.
    const waitMs = Math.min(due - now, 2_000_000_000);
    const timer = setTimeout(() => {
      const run = waitMs < due - now ? Promise.resolve() : this.#fire(job, new Date(due));
      const running = run.finally(() => {
        this.#running.delete(running);
        this.#plan(job);
      });
      this.#running.add(running);
    }, waitMs);
    timer.unref();
    this.#timers.set(job.name, timer);
  }

  async #fire(job: Job, dueAt: Date): Promise<void> {
    const ended = this.metrics
      .histogram('attest_scheduler_firing_seconds', 'how long a scheduled job ran', ['job'])
      .startTimer({ job: job.name });
    let errorCode: string | null = null;
    try {
      if (!(await this.#claim(job.name, dueAt))) return;
      await job.run({ dueAt });
    } catch (error) {
      errorCode = error instanceof AttestError ? error.code : 'UNEXPECTED_ERROR';
      this.logger.error('SCHEDULED_JOB_FAILED', { job: job.name, dueAt: dueAt.toISOString() }, error);
    }
    ended();
    this.metrics
      .counter('attest_scheduler_firings_total', 'firings of scheduled jobs', ['job', 'outcome'])
      .inc({ job: job.name, outcome: errorCode === null ? 'done' : 'failed' });
    await this.#finish(job.name, dueAt, errorCode).catch((error: unknown) =>
      this.logger.warn('FIRING_NOT_RECORDED', { job: job.name }, error),
    );
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
