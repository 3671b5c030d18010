// @ts-nocheck
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startInfrastructure } from './infrastructure.js';
import { openStateFolder, stateFolder, temporaryFolder } from './paths.js';
import { identify, isStillRunning } from './process-identity.js';
import { endAll } from './running.js';

/** Away from `npm start`, which may be running. */
const PORTS = { postgres: 55320, kafka: 29092 };

// Tests create and drop databases by the hundred and nobody keeps them over a power cut; kill -9 loses nothing.
const TUNING = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'on' };

/**
 * @typedef {object} TestStack
 * @property {string} databaseUrl an administrator's
 * @property {string[]} brokers
 */

/**
 * @typedef {TestStack & { folder: string, processes: import('./process-identity.js').ProcessIdentity[] }} KeptTestStack
 */

const keptFile = () => join(stateFolder(), 'test-stack.json');

/**
 * PostgreSQL and Kafka for one run of the tests; nothing of it is kept.
 * @param {(line: string) => void} say
 * @returns {Promise<TestStack & { stop: () => Promise<void> }>}
 */
export async function startTestStack(say) {
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

/**
 * The stack that `--keep` left running, for quick rounds of single specs; undefined when there is none.
 * @returns {KeptTestStack | undefined}
 */
export function keptTestStack() {
  if (!existsSync(keptFile())) return undefined;
  /** @type {KeptTestStack} */
  const kept = JSON.parse(readFileSync(keptFile(), 'utf8'));
  return kept.processes.every(isStillRunning) ? kept : undefined;
}

/**
 * @param {(line: string) => void} say
 * @returns {Promise<KeptTestStack>}
 */
export async function keepTestStack(say) {
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
  /** @type {KeptTestStack} */
  const kept = {
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
export async function stopKeptTestStack() {
  if (!existsSync(keptFile())) return false;
  /** @type {KeptTestStack} */
  const { processes, folder } = JSON.parse(readFileSync(keptFile(), 'utf8'));
  await endAll(processes);
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  rmSync(keptFile());
  return true;
}
