import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { specPorts } from './own-servers.js';
import type { StartableService } from './service-under-test.js';

/** A service as it is deployed: a process of its own, which may die and be started again on the same port. */
export class OwnProcess implements StartableService {
  readonly name: string;
  private readonly main: string;
  private env: Record<string, string | undefined> = {};
  private child: ChildProcess | undefined;
  private url = '';

  /** @param crashAt the failpoint at which its first process dies */
  constructor(
    private readonly service: StartableService,
    private readonly crashAt?: string,
  ) {
    this.name = service.name;
    // `npm test` compiles before it runs.
    this.main = join(process.cwd(), 'services', service.name, 'dist', 'main.js');
  }

  migrate(databaseUrl: string): Promise<unknown> {
    return this.service.migrate(databaseUrl);
  }

  async start(env: Record<string, string | undefined>): Promise<{ url: string; close(): Promise<void> }> {
    if (!existsSync(this.main)) throw new Error(`${this.main} is missing. Run npm run build first.`);
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    this.env = { PATH: process.env['PATH'], ...env, PORT: String(port) };
    await this.restart(this.crashAt);
    return { url: this.url, close: () => this.kill() };
  }

  /** Starts it, to die at this step where one is given, and waits until it serves. */
  async restart(crashAt?: string): Promise<void> {
    await this.kill();
    const child = spawn(process.execPath, [this.main], {
      env: { ...this.env, ...(crashAt === undefined ? {} : { CRASH_AT: crashAt }) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.child = child;
    await eventually(async () => dead(child) || (await fetch(`${this.url}/health/live`)).ok, {
      withinMs: 60_000,
      everyMs: 50,
    });
  }

  /** Waits until it has died of itself. */
  async died(): Promise<void> {
    await eventually(() => !this.child || dead(this.child), { withinMs: 60_000 });
    if (this.child!.signalCode !== 'SIGKILL') throw new Error(`it ended with ${this.child!.exitCode}`);
  }

  /** kill -9, now. */
  async kill(): Promise<void> {
    if (!this.child || dead(this.child)) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

const dead = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** No client is given it while the process is dead. */
async function freePort(): Promise<number> {
  const ports = (await import(
    join(import.meta.dirname, '..', '..', '..', 'deploy', 'local', 'ports.mjs')
  )) as {
    freePort(preferred: number): Promise<number>;
  };
  return ports.freePort(specPorts().service);
}
