import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startInfrastructure } from './infrastructure.js';
import { openStateFolder, stateFolder, temporaryFolder } from './paths.js';
import { identify, isStillRunning, type ProcessIdentity } from './process-identity.js';
import { endAll } from './running.js';

/** Away from `npm start`, which may be running. */
const PORTS = { postgres: 55320, kafka: 29092 };

// Tests create and drop databases by the hundred and nobody keeps them over a power cut; kill -9 loses nothing.
const TUNING = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'on' };

export interface TestStack {
  /** An administrator's. */
  readonly databaseUrl: string;
  readonly brokers: string[];
}

/** What `test-stack.json` of the state folder holds. */
export interface KeptTestStack extends TestStack {
  readonly folder: string;
  readonly processes: readonly ProcessIdentity[];
}

const keptFile = (): string => join(stateFolder(), 'test-stack.json');

/** PostgreSQL and Kafka for one run of the tests; nothing of it is kept. */
export async function startTestStack(
  say: (line: string) => void,
): Promise<TestStack & { stop: () => Promise<void> }> {
  const folder = temporaryFolder();
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    const infrastructure = await startInfrastructure({ folder, ports: PORTS, tuning: TUNING, say });
    return {
      databaseUrl: infrastructure.postgres.adminUrl,
      brokers: infrastructure.kafka.brokers,
      stop: async () => {
        await infrastructure.kill();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The stack that `--keep` left running, for quick rounds of single specs; undefined when there is none. */
export function keptTestStack(): KeptTestStack | undefined {
  if (!existsSync(keptFile())) return undefined;
  const kept: KeptTestStack = JSON.parse(readFileSync(keptFile(), 'utf8'));
  return kept.processes.every(isStillRunning) ? kept : undefined;
}

export async function keepTestStack(say: (line: string) => void): Promise<KeptTestStack> {
  const running = keptTestStack();
  if (running) return running;
  await stopKeptTestStack();
  openStateFolder(stateFolder());
  const folder = join(stateFolder(), 'test-stack');
  const infrastructure = await startInfrastructure({
    folder,
    ports: PORTS,
    tuning: TUNING,
    outlivesUs: true,
    say,
  });
  const kept: KeptTestStack = {
    databaseUrl: infrastructure.postgres.adminUrl,
    brokers: infrastructure.kafka.brokers,
    folder,
    processes: infrastructure.pids.map(identify),
  };
  // The URL holds a password.
  writeFileSync(keptFile(), `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  return kept;
}

/** Ends what `--keep` left running, whole or in part, and removes its data. */
export async function stopKeptTestStack(): Promise<boolean> {
  if (!existsSync(keptFile())) return false;
  const { processes, folder }: KeptTestStack = JSON.parse(readFileSync(keptFile(), 'utf8'));
  await endAll(processes);
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  rmSync(keptFile());
  return true;
}
