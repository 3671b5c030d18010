import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@attest/testing';
import pg from 'pg';
import type { Held } from '../src/hold-stack.js';
import { isAlive } from '../src/process-identity.js';

interface Outcome {
  readonly held?: Held;
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly errors: () => string;
}

/** Whatever servers the run of the tests was given, these scripts start their own. */
const OURS = { NODE_OPTIONS: '', DATABASE_URL: '', KAFKA_BROKERS: '' };
const TOOLS = join(import.meta.dirname, '..', '..');
const HOLD = 'stack/dist/hold-stack.js';
const RESET = 'story/dist/reset.js';
const parent = mkdtempSync(join(tmpdir(), 'attest-local-stack-'));
let folder: string;
let left: ChildProcess[] = [];

beforeAll(() => {
  folder = join(parent, 'state');
  // PostgreSQL's user must get through when root runs this.
  return run('chmod', ['711', parent]);
});
afterAll(async () => {
  await script(RESET);
  rmSync(parent, { recursive: true, force: true });
});

/** Nothing runs any more; its data stays for the next, which need not make it anew. */
async function stopAll(): Promise<void> {
  await Promise.all(
    left.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGINT');
      await gone;
    }),
  );
  left = [];
}

describe('the local stack while it runs', () => {
  let running: Outcome;
  beforeAll(async () => {
    running = await hold();
  });
  afterAll(stopAll);

  it('gives each service a role that may not enter the database of another', async () => {
    const url = new URL(running.held!.databaseUrls['organisations']!);
    url.pathname = '/attest_payment_export';
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow('permission denied for database');
    expect(statSync(join(folder, 'run', 'postgres', 'secrets.json')).mode & 0o077).toBe(0);
  });

  it('measures the memory of everything that it started', async () => {
    const { held } = running;
    const measured = held!.memory.processes.map(({ pid }) => pid);
    expect(measured).toEqual(expect.arrayContaining([...held!.pids]));
    expect(held!.memory.totalMb).toBeLessThan(600);
  });

  it('is refused a second time on the same state folder', async () => {
    const second = await hold();
    expect(await second.exited).toBe(1);
    expect(second.errors()).toContain(
      `Attest is already running on ${folder} (process ${running.process.pid})`,
    );
  });
});

describe('the local stack', () => {
  afterEach(stopAll);

  it('keeps its data over a stop, leaves no process, and is removed by reset', async () => {
    const first = await hold();
    await query(first.held!.databaseUrls['organisations']!, 'CREATE TABLE kept AS SELECT 42 AS answer');
    first.process.kill('SIGINT');
    expect(await first.exited).toBe(130);
    expect(first.held!.pids.filter(isAlive)).toEqual([]);
    expect(existsSync(join(folder, 'running.json'))).toBe(false);

    const second = await hold();
    const { rows } = await query(second.held!.databaseUrls['organisations']!, 'SELECT answer FROM kept');
    expect(rows).toEqual([{ answer: 42 }]);

    const reset = await script(RESET);
    expect(reset.output).toContain('Attest was running and is stopped.');
    expect(await second.exited).toBe(130);
    expect(second.held!.pids.filter(isAlive)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('leaves no process when its parent is killed, and starts again on the same data', async () => {
    const { held, process: owner } = await hold();
    owner.kill('SIGKILL');
    await eventually(() => held!.pids.every((pid) => !isAlive(pid)));
    const again = await hold();
    expect(again.held?.brokers).toEqual(held!.brokers);
  });

  it('takes the next port when one is busy', async () => {
    const busy = createServer().listen(27320, '127.0.0.1');
    // Where another stack has it already it is busy all the same.
    await once(busy, 'listening').catch(() => undefined);
    try {
      const { held } = await hold();
      expect(Number(new URL(held!.adminUrl).port)).toBeGreaterThan(27320);
    } finally {
      busy.close();
    }
  });

  it('ignores a lock that names a process which is no PostgreSQL', async () => {
    const first = await hold();
    first.process.kill('SIGINT');
    await first.exited;
    // Of the same user: PostgreSQL itself disregards the processes of others.
    const { uid, gid } = statSync(join(folder, 'run', 'postgres', 'data'));
    const stranger = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid, gid } : {});
    left.push(stranger);
    writeFileSync(join(folder, 'run', 'postgres', 'data', 'postmaster.pid'), `${stranger.pid}\n`);
    expect((await hold()).held).toBeDefined();
  });

  it.each([
    ['Java is missing', { JAVA_HOME: '/nowhere' }, 'install Java 17 and Maven, or set KAFKA_BROKERS'],
    ['KAFKA_BROKERS does not answer', { KAFKA_BROKERS: '127.0.0.1:1' }, 'No broker of KAFKA_BROKERS answers'],
    [
      'DATABASE_URL does not answer',
      { DATABASE_URL: 'postgres://u:hidden@127.0.0.1:1/x' },
      'check DATABASE_URL',
    ],
  ])('says what to do when %s, and leaves no process', async (_, env, sentence) => {
    const { exited, errors } = await hold(env);
    expect(await exited).toBe(1);
    expect(errors()).toContain(sentence);
    expect(errors()).not.toMatch(/hidden|\n {4}at /);
    // The record goes when the last process has gone.
    expect(existsSync(join(folder, 'running.json'))).toBe(false);
  });

  it('refuses a state folder with files of somebody else, also to reset', async () => {
    writeFileSync(join(parent, 'letter.txt'), 'mine');
    const refused = await script(RESET, { ATTEST_STATE: parent });
    expect(refused.output).toContain("holds files that are not Attest's");
    expect((await script(HOLD, { ATTEST_STATE: parent })).output).toContain('not Attest');
    expect(existsSync(join(parent, 'letter.txt'))).toBe(true);
  });

  it('says what to do about a data folder of another PostgreSQL', async () => {
    const first = await hold();
    first.process.kill('SIGINT');
    await first.exited;
    writeFileSync(join(folder, 'run', 'postgres', 'data', 'PG_VERSION'), '17\n');
    const second = await hold();
    expect(await second.exited).toBe(1);
    expect(second.errors()).toMatch(/was written by PostgreSQL 17, this is 18: `npm run reset`/);
  });
});

/** Starts the holder; resolves when it is ready or has ended. */
async function hold(env: Record<string, string> = {}): Promise<Outcome> {
  const child = spawn(process.execPath, [join(TOOLS, HOLD)], {
    env: { ...process.env, ...OURS, ATTEST_STATE: folder, ...env },
  });
  left.push(child);
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  let ended = false;
  const exited = new Promise<number | null>((done) => child.once('close', done)).finally(
    () => (ended = true),
  );
  await eventually(() => ended || output.endsWith('\n'), { withinMs: 55_000 });
  const held: Held | undefined = output ? JSON.parse(output) : undefined;
  return { process: child, exited, errors: () => errors, ...(held && { held }) };
}

function script(name: string, env: Record<string, string> = {}): Promise<{ output: string }> {
  return run(process.execPath, [join(TOOLS, name)], { ...OURS, ATTEST_STATE: folder, ...env });
}

function run(command: string, args: string[], env: Record<string, string> = {}): Promise<{ output: string }> {
  return new Promise((done) => {
    const child = spawn(command, args, { env: { ...process.env, ...env } });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('close', () => done({ output }));
  });
}

async function query(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}
