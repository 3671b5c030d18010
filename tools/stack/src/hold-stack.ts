// For the specs: starts PostgreSQL and Kafka on the state folder, says so in one line of JSON, and stays until a signal.
import { join } from 'node:path';
import { exitWith } from './cannot-start.js';
import { startInfrastructure } from './infrastructure.js';
import { sampleMemory, type MemorySample } from './memory.js';
import { stateFolder } from './paths.js';
import { stopOnSignals } from './processes.js';
import { claimStateFolder } from './running.js';

/** The line of JSON. */
export interface Held {
  readonly folder: string;
  readonly readyMs: number;
  readonly pids: readonly number[];
  readonly brokers: readonly string[];
  readonly adminUrl: string;
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly memory: MemorySample;
}

try {
  const folder = stateFolder();
  const started = performance.now();
  await claimStateFolder(folder);
  const infrastructure = await startInfrastructure({
    folder: join(folder, 'run'),
    services: ['organisations', 'payment-export'],
    ports: { postgres: 27320, kafka: 28092 },
    say: (line) => console.error(line),
  });
  stopOnSignals(() => infrastructure.stop());
  // Its input ends when whoever started it has gone, and so has its purpose.
  process.stdin.resume().once('end', () => process.kill(process.pid, 'SIGTERM'));
  const held: Held = {
    folder,
    readyMs: Math.ceil(performance.now() - started),
    pids: infrastructure.pids,
    brokers: infrastructure.kafka.brokers,
    adminUrl: infrastructure.postgres.adminUrl,
    databaseUrls: Object.fromEntries(infrastructure.databaseUrls),
    memory: await sampleMemory(),
  };
  console.log(JSON.stringify(held));
} catch (error) {
  exitWith(error);
}
