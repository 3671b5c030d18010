import { setTimeout as pause } from 'node:timers/promises';
import { Database, migrate } from '@attest/persistence';
import { Logger, Metrics } from '@attest/telemetry';
import { eventually, testDatabase, type TestDatabase } from '@attest/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hostingMigrations } from '../src/migrations/index.js';
import { Scheduled, type Firing } from '../src/scheduler/scheduled.js';
import { Scheduler } from '../src/scheduler/scheduler.js';

const EVERY_MS = 200;

/** A replica whose one job notes when it was due. */
class Reminders {
  readonly due: number[] = [];
  readonly work: (signal: AbortSignal) => Promise<void>;

  constructor(work: (signal: AbortSignal) => Promise<void> = () => Promise.resolve()) {
    this.work = work;
  }

  @Scheduled({ name: 'remind', everyMs: EVERY_MS })
  async remind({ dueAt, signal }: Firing): Promise<void> {
    this.due.push(dueAt.getTime());
    await this.work(signal);
  }
}

describe('a scheduled job', () => {
  let testing: TestDatabase;
  let database: Database;
  const schedulers: Scheduler[] = [];

  beforeAll(async () => {
    testing = await testDatabase('scheduler');
    await migrate(testing.url, hostingMigrations);
    database = new Database({ url: testing.url, poolSize: 4, applicationName: 'scheduler-spec' });
  });
  afterAll(async () => {
    await database.close();
    await testing.drop();
  });
  beforeEach(() => database.query('DELETE FROM firing'));
  afterEach(() => Promise.all(schedulers.splice(0).map((s) => s.stop())));

  const replica = (reminders: Reminders, on = database): Scheduler => {
    const scheduler = new Scheduler(
      on,
      Logger.create({ service: 'spec', level: 'silent' }),
      new Metrics('spec'),
    );
    scheduler.offer(reminders);
    scheduler.start();
    schedulers.push(scheduler);
    return scheduler;
  };
  const cutOffTheLeader = () =>
    database.query(
      `SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
  const firings = async (): Promise<
    { due_at: Date; finished_at: Date | null; error_code: string | null }[]
  > =>
    (
      await database.query<Awaited<ReturnType<typeof firings>>[number]>(
        `SELECT * FROM firing WHERE job = 'remind' ORDER BY due_at`,
      )
    ).rows;

  it('fires at whole multiples of its interval, each firing a row of its own', async () => {
    const reminders = new Reminders();
    replica(reminders);
    await eventually(() => reminders.due.length >= 3);
    expect(reminders.due.every((at) => at % EVERY_MS === 0)).toBe(true);
    expect(new Set(reminders.due).size).toBe(reminders.due.length);
    await eventually(async () => (await firings()).filter((f) => f.finished_at).length >= 3);
  });

  it('runs on one replica only, and on another when that one stops', async () => {
    const [first, second] = [new Reminders(), new Reminders()];
    const leader = replica(first);
    await eventually(() => leader.leads);
    const follower = replica(second);
    await eventually(() => first.due.length >= 2);
    expect([follower.leads, second.due]).toEqual([false, []]);
    await leader.stop();
    await eventually(() => second.due.length >= 2);
    expect(first.due.filter((at) => second.due.includes(at))).toEqual([]);
  });

  it('runs on another replica when the leader’s session is cut off', async () => {
    const [first, second] = [new Reminders(), new Reminders()];
    const leader = replica(first);
    await eventually(() => leader.leads);
    const follower = replica(second);
    await cutOffTheLeader();
    await eventually(() => !leader.leads);
    await eventually(() => leader.leads || follower.leads);
    const before = first.due.length + second.due.length;
    await eventually(() => first.due.length + second.due.length > before);
    expect([leader.leads, follower.leads].filter(Boolean)).toHaveLength(1);
    const noted = [...first.due, ...second.due];
    expect(new Set(noted).size).toBe(noted.length);
  });

  it('that runs while the leader’s session is cut off is told so, and ends at its next step', async () => {
    let steps = 0;
    let ended = 0;
    const chunked = new Reminders(async (signal) => {
      for (; !signal.aborted; steps++) await database.query('SELECT 1');
      ended++;
    });
    const leader = replica(chunked);
    await eventually(() => steps > 0);
    await cutOffTheLeader();
    await eventually(() => ended === 1);
    expect(leader.leads).toBe(false);
  });

  it('waits for its lease on one connection', async () => {
    const leader = replica(new Reminders());
    await eventually(() => leader.leads);
    let connections = 0;
    let questions = 0;
    const counting = new Proxy(database, {
      get: (target, name) =>
        name !== 'connect'
          ? (Reflect.get(target, name) as unknown)
          : async () => {
              connections++;
              const client = await target.connect();
              const query = client.query.bind(client) as (...args: unknown[]) => unknown;
              return Object.assign(client, {
                query: (...args: unknown[]) => {
                  questions++;
                  return query(...args);
                },
              });
            },
    });
    const waiting = new Reminders();
    replica(waiting, counting);
    await eventually(() => questions >= 3);
    await leader.stop();
    await eventually(() => waiting.due.length > 0);
    expect(connections).toBe(1);
  });

  it('does not run a firing that another holder already began', async () => {
    const scheduler = new Scheduler(
      database,
      Logger.create({ service: 'spec', level: 'silent' }),
      new Metrics('spec'),
    );
    const reminders = new Reminders();
    scheduler.offer(reminders);
    const taken = (Math.floor(Date.now() / EVERY_MS) + 3) * EVERY_MS;
    await database.query(`INSERT INTO firing (job, due_at) VALUES ('remind', $1)`, [new Date(taken)]);
    scheduler.start();
    schedulers.push(scheduler);
    await eventually(() => reminders.due.some((at) => at > taken));
    expect(reminders.due).not.toContain(taken);
  });

  it('that fails is recorded by its code and fires again', async () => {
    const reminders = new Reminders(() => Promise.reject(new Error('no')));
    replica(reminders);
    await eventually(
      async () => (await firings()).filter((f) => f.error_code === 'UNEXPECTED_ERROR').length >= 2,
    );
  });

  it('that takes long is not begun again beside itself, and a stop waits for it', async () => {
    let running = 0;
    let most = 0;
    const reminders = new Reminders(async () => {
      most = Math.max(most, ++running);
      await pause(EVERY_MS * 2.5);
      running--;
    });
    const scheduler = replica(reminders);
    await eventually(() => reminders.due.length >= 2);
    await scheduler.stop();
    expect([most, running]).toEqual([1, 0]);
  });

  it('that is rare runs as often as the setting says, where one is given', async () => {
    const scheduler = new Scheduler(
      database,
      Logger.create({ service: 'spec', level: 'silent' }),
      new Metrics('spec'),
      EVERY_MS,
    );
    schedulers.push(scheduler);
    let ran = 0;
    scheduler.add({ name: 'remind', everyMs: 86_400_000 }, async () => void ran++);
    scheduler.start();
    await eventually(() => ran >= 2);
  });

  it('has a name of its own', () => {
    const scheduler = new Scheduler(
      database,
      Logger.create({ service: 'spec', level: 'silent' }),
      new Metrics('spec'),
    );
    scheduler.offer(new Reminders());
    expect(() => scheduler.offer(new Reminders())).toThrow('two jobs are called remind');
  });
});
