import { setTimeout as pause } from 'node:timers/promises';
import { BARRIER_ROUTES, type ServiceName } from '@attest/contracts';
import {
  specDatabase,
  specPrefix,
  specService,
  until,
  type SpecDatabase,
  type SpecService,
} from '../test/harness.js';

/** How long a barrier takes along the release route with nothing else going on, and what idling costs. */
const topicPrefix = specPrefix();
const at = new Map<string, { db: SpecDatabase; service: SpecService }>();
for (const name of Object.keys(BARRIER_ROUTES.release.nodes) as ServiceName[]) {
  const db = await specDatabase(6);
  at.set(name, { db, service: await specService({ service: name, database: db.database, topicPrefix }) });
}
const { db, service } = at.get('payment-export')!;
for (let i = 0; i < 8; i++) {
  const from = performance.now();
  const id = await db.database.transaction((tx) =>
    service.messaging.barriers.request(tx, { route: 'release', limitMs: 20_000 }),
  );
  await until('passed', () => service.messaging.barriers.hasPassed(db.database, id));
  process.stdout.write(`passed after ${(performance.now() - from).toFixed(0)} ms\n`);
}
await pause(2_000);
const cpu = process.cpuUsage();
await pause(5_000);
const used = process.cpuUsage(cpu);
process.stdout.write(
  `idle: ${((used.user + used.system) / 5e4).toFixed(1)} % of a core for ${at.size} services\n`,
);
for (const one of at.values()) await one.service.close();
for (const one of at.values()) await one.db.drop();
process.exit(0);
