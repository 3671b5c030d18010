import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually, type StartableService } from '@attest/testing';
import { commissionerApproval } from '../src/index.js';

// `npm test` compiles before it runs.
const MAIN = join(process.cwd(), 'services', 'commissioner-approval', 'dist', 'main.js');

/** The service as it is deployed: a process of its own, which may die and be started again on the same port. */
export class OwnProcess implements StartableService {
  readonly name = commissionerApproval.name;
  private env: Record<string, string | undefined> = {};
  private child: ChildProcess | undefined;
  private url = '';

  constructor(private readonly crashAt?: string) {}

  migrate(databaseUrl: string): Promise<unknown> {
    return commissionerApproval.migrate(databaseUrl);
  }

  async start(env: Record<string, string | undefined>): Promise<{ url: string; close(): Promise<void> }> {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing. Run npm run build first.`);
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    this.env = { PATH: process.env.PATH, ...env, PORT: String(port) };
    await this.restart(this.crashAt);
    return { url: this.url, close: () => this.kill() };
  }

  /** Starts it, to die at this step where one is given, and waits until it serves. */
  async restart(crashAt?: string): Promise<void> {
    await this.kill();
    this.child = spawn(process.execPath, [MAIN], {
      env: { ...this.env, ...(crashAt === undefined ? {} : { CRASH_AT: crashAt }) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const child = this.child;
    await eventually(async () => dead(child) || (await fetch(`${this.url}/health/live`)).ok, {
      withinMs: 60_000,
      everyMs: 50,
    });
  }

  /** Waits until it has died of itself. */
  async died(): Promise<void> {
    await eventually(() => !this.child || dead(this.child), { withinMs: 60_000, everyMs: 20 });
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
