import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort as findFreePort } from '@attest/stack/ports';
import { startChild, type Child } from '@attest/stack/processes';
import { eventually } from './eventually.js';
import { topicPrefix } from './names.js';
import { armedAt } from './armed-at.js';
import { specPorts } from './own-servers.js';
import type { StartableService } from './service-under-test.js';

/** A service as it is deployed: a process of its own, which may die and be started again on the same port. */
export class OwnProcess implements StartableService {
  readonly name: string;
  private readonly main: string;
  private env: Record<string, string | undefined> = {};
  private child: Child | undefined;
  private url = '';
  /** Told where it ends in a way that the spec did not want. */
  private readonly log: string;

  constructor(private readonly service: StartableService) {
    this.name = service.name;
    this.log = join(tmpdir(), `${topicPrefix(service.name)}process.log`);
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
    this.env = {
      PATH: process.env['PATH'],
      ...env,
      PORT: String(port),
      CRASH_WHEN_TOLD: 'true',
      // Of a process that is killed Kafka learns by its silence alone; what it read waits until then.
      KAFKA_SESSION_TIMEOUT_MS: SESSION_TIMEOUT_MS,
      GATHER_AT_MOST_MS: '0',
    };
    await this.restart();
    return { url: this.url, close: () => this.kill() };
  }

  /** Starts it, to die at a step that its start comes to where one is given, and waits until it serves. */
  async restart(crashAt?: string): Promise<void> {
    await this.kill();
    const child = await startChild({
      name: this.name,
      command: process.execPath,
      args: [this.main],
      env: { ...this.env, ...(crashAt === undefined ? {} : { CRASH_AT: crashAt }) },
      logFile: this.log,
      ipc: true,
    });
    this.child = child;
    await eventually(async () => !child.running() || (await fetch(`${this.url}/health/live`)).ok, {
      withinMs: 60_000,
    });
    const { code } = child.running() ? { code: null } : await child.exited;
    if (code !== null) throw new Error(`${this.name} ended with ${code} while it started${this.lastWords()}`);
  }

  /** The process that runs dies at this step. */
  async dieAt(step: string): Promise<void> {
    await armedAt(this.child!, step);
  }

  /** Waits until it has died of itself. */
  async died(): Promise<void> {
    await eventually(() => !this.child!.running(), { withinMs: 60_000 });
    const { code, signal } = await this.child!.exited;
    if (signal !== 'SIGKILL') throw new Error(`${this.name} ended with ${code}${this.lastWords()}`);
  }

  private lastWords(): string {
    return `, and said last:\n${readFileSync(this.log, 'utf8').split('\n').slice(-20).join('\n')}`;
  }

  /** kill -9, now. */
  async kill(): Promise<void> {
    await this.child?.kill();
  }
}

/** Long enough for a process that starts beside it, on the same core. */
const SESSION_TIMEOUT_MS = '2000';

/** No client is given it while the process is dead. */
async function freePort(): Promise<number> {
  return findFreePort(specPorts().service);
}
