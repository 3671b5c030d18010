// Everything a payment month needs, running: infrastructure, identity provider, services, and the world to act upon.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { Kafka, logLevel } from 'kafkajs';
import { CannotStart } from './cannot-start.mjs';
import { monthFiles } from './england/month-files.mjs';
import { approverOf, declarerOf, financeOf, secondApproverOf } from './england/people.mjs';
import { startIdentityProvider } from './identity-provider/index.mjs';
import { startInfrastructure } from './infrastructure.mjs';
import { sampleMemory } from './memory.mjs';
import { kafkaVersion } from './kafka-jars.mjs';
import { openFolder, projectFolder, stateFolder } from './paths.mjs';
import { claimStateFolder } from './running.mjs';
import { SERVICES, startServices } from './services.mjs';
import { sayTo } from './say.mjs';
import { World } from './story/world.mjs';

const TOPICS = [
  'organisations',
  'pcn-memberships',
  'quality-services',
  'submissions',
  'achievements',
  'declarations',
  'approvals',
  'payments',
  'barriers',
];

/**
 * @param {import('./options.mjs').Options} options
 * @param {import('./report.mjs').Report} report
 */
export async function openStack(options, report) {
  const stateDir = stateFolder();
  await claimStateFolder(stateDir);
  const started = performance.now();
  // A month is played once: each start begins a new one, on databases and topics that hold nothing.
  const runDir = join(stateDir, 'run');
  rmSync(runDir, { recursive: true, force: true });
  openFolder(runDir);
  const tell = sayTo(options);

  const month = await monthFiles({ data: options.data, seed: options.seed, stateDir, say: tell });
  report.note({
    data: options.data ? 'published' : 'made up',
    banner: options.data
      ? `England as published, from ${options.data}`
      : 'A MADE-UP ENGLAND: every practice, network, patient count and payment below is invented.',
  });
  const infrastructure = await startInfrastructure({ folder: runDir, services: SERVICES, say: tell });
  const parts = [() => infrastructure.stop()];
  try {
    const identity = await startIdentityProvider({ stateDir: runDir, people: month.people.file });
    parts.unshift(() => identity.close());
    const services = await startServices({
      infrastructure,
      stateDir: runDir,
      issuer: identity.issuer,
      operator: month.people.nationalOperator,
      separate: options.separate,
    });
    parts.unshift(() => services.stop());
    report.note({ readySeconds: Number(((performance.now() - started) / 1000).toFixed(2)) });
    tell(`Ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);

    const pools = new Map();
    const database = (service) => {
      if (!pools.has(service))
        pools.set(
          service,
          new pg.Pool({ connectionString: infrastructure.databaseUrls.get(service), max: 3 }),
        );
      return pools.get(service);
    };
    const kafka = new Kafka({
      clientId: 'attest-story',
      brokers: infrastructure.kafka.brokers,
      logLevel: logLevel.NOTHING,
    });
    const admin = kafka.admin();
    await admin.connect();
    parts.unshift(() => Promise.all([admin.disconnect(), ...[...pools.values()].map((pool) => pool.end())]));

    await refuseEarlierMonth(database('catalogue'));
    const [{ server_version: postgres }] = (await database('catalogue').query('SHOW server_version')).rows;
    report.note({
      versions: {
        attest: versionOf(projectFolder),
        node: process.versions.node,
        postgres,
        kafka: process.env.KAFKA_BROKERS ? 'as given' : kafkaVersion(),
      },
    });
    const world = new World({
      urls: services.urls,
      identityUrl: identity.issuer,
      manifest: month.manifest,
      people: month.people,
      database,
      admin,
      topics: TOPICS,
      stateDir: runDir,
      declarerOf,
      approverOf,
      secondApproverOf,
      financeOf,
    });
    let stopped;
    return {
      world,
      services,
      infrastructure,
      kafka,
      stateDir,
      runDir,
      month,
      memory: () =>
        sampleMemory([
          process.pid,
          ...infrastructure.pids,
          ...[...services.children.values()].map((child) => child.pid),
        ]),
      stop: () => (stopped ??= stopAll(parts)),
    };
  } catch (error) {
    await stopAll(parts);
    throw error;
  }
}

const versionOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

/** Servers of one's own (DATABASE_URL) are not ours to clear. */
async function refuseEarlierMonth(catalogue) {
  const { rows } = await catalogue.query('SELECT 1 FROM outbox_archive LIMIT 1');
  if (rows.length === 0) return;
  throw new CannotStart(
    'The databases attest_* of the server that DATABASE_URL names hold an earlier month: drop them, and the topics at KAFKA_BROKERS, or name other servers.',
  );
}

async function stopAll(parts) {
  for (const stop of parts) await Promise.resolve(stop()).catch((error) => console.error(error));
}
