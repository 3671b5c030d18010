// For the specs: starts PostgreSQL and Kafka on the state folder, says so in one line of JSON, and stays until a signal.
import { join } from 'node:path';
import { exitWith } from '../cannot-start.mjs';
import { startInfrastructure } from '../infrastructure.mjs';
import { sampleMemory } from '../memory.mjs';
import { stateFolder } from '../paths.mjs';
import { stopOnSignals } from '../processes.mjs';
import { claimStateFolder } from '../running.mjs';

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
  console.log(
    JSON.stringify({
      folder,
      readyMs: Math.ceil(performance.now() - started),
      pids: infrastructure.pids,
      brokers: infrastructure.kafka.brokers,
      adminUrl: infrastructure.postgres.adminUrl,
      databaseUrls: Object.fromEntries(infrastructure.databaseUrls),
      memory: await sampleMemory(),
    }),
  );
} catch (error) {
  exitWith(error);
}
