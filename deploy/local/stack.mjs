// Everything a payment month needs, running: infrastructure, identity provider, services, and the world to act upon.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { Kafka, logLevel } from '@attest/messaging/kafka';
import { CannotStart } from './cannot-start.mjs';
import { monthFiles, readMonth } from './england/month-files.mjs';
import { approverOf, declarerOf, financeOf, secondApproverOf } from './england/people.mjs';
import { refuseEarlierMonth } from './given-servers.mjs';
import { startIdentityProvider } from './identity-provider/index.mjs';
import { startInfrastructure } from './infrastructure.mjs';
import { kafkaVersion } from './kafka-jars.mjs';
import { askedFor, decide, nameOf, readKept, writeKept } from './kept-month.mjs';
import { sampleMemory } from './memory.mjs';
import { openFolder, projectFolder, stateFolder } from './paths.mjs';
import { freePort } from './ports.mjs';
import { claimStateFolder } from './running.mjs';
import { SERVICES, startServices } from './services.mjs';
import { sayTo } from './say.mjs';
import { World } from './story/world.mjs';

/** Where to begin looking for a free one: with the kept key, tokens and addresses outlive a restart. */
const IDENTITY_PORT = 4000;
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
 * Brings everything up: on what the state folder keeps, where that is what is asked for, else on nothing.
 * @param {import('./options.mjs').Options} options
 * @param {import('./report.mjs').Report} report
 * @param {Promise<void>} [built] the compiled code, which only the services need
 */
export async function openStack(options, report, built = Promise.resolve()) {
  const stateDir = stateFolder();
  await claimStateFolder(stateDir);
  let started = performance.now();
  const runDir = join(stateDir, 'run');
  const tell = sayTo(options);

  const asked = askedFor(options);
  const kept = readKept(runDir);
  const { does, says } = decide(kept, asked, new Date());
  if (does === 'refuse') throw new CannotStart(says);
  const found = does === 'bring up' ? kept : undefined;
  if (says) tell(says);
  if (!found) {
    await refuseEarlierMonth(TOPICS);
    beginAnew(runDir, asked);
  }

  const starting = startInfrastructure({ folder: runDir, services: SERVICES, say: tell });
  const parts = [
    () =>
      starting.then(
        (infrastructure) => infrastructure.stop(),
        () => undefined,
      ),
  ];
  try {
    const [infrastructure, month] = await Promise.all([
      starting,
      found ? readMonth(found.month) : monthFiles({ england: asked.england, stateDir, say: tell }),
      // Waiting for the compiler belongs to the installing.
      built.then(() => (report.started = started = performance.now())),
    ]);
    report.note({
      data: month.manifest.madeUp ? 'made up' : 'published',
      england: nameOf(asked.england),
      banner: bannerOf(asked.england, month.manifest),
    });
    const identity = await startIdentityProvider({
      port: await freePort(IDENTITY_PORT),
      stateDir: runDir,
      people: month.people.file,
    });
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
      found: found && {
        playedAt: found.at,
        played: found.state === 'played',
        england: nameOf(found.england),
        summary: found.summary,
      },
      keep: (state, summary) =>
        writeKept(runDir, {
          state,
          ...keptOf(asked),
          at: new Date().toISOString(),
          month: month.folder,
          summary,
        }),
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
      get stopping() {
        return stopped !== undefined;
      },
    };
  } catch (error) {
    await stopAll(parts);
    throw error;
  }
}

const versionOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

const keptOf = ({ england, servers }) => ({ england, servers });

/** Databases and topics that hold nothing; until the month is played, what stands here counts as interrupted. */
function beginAnew(runDir, asked) {
  rmSync(runDir, { recursive: true, force: true });
  openFolder(runDir);
  writeKept(runDir, { state: 'beginning', ...keptOf(asked), at: new Date().toISOString() });
}

/** What the files are is told by what they say of themselves: a folder given by --data may be a made-up one. */
function bannerOf({ data, region }, { madeUp }) {
  if (!madeUp) return `England as published, from ${data}`;
  const what = region ? 'A MADE-UP REGION' : `A MADE-UP ENGLAND${data ? `, from ${data}` : ''}`;
  return `${what}: every practice, network, patient count and payment below is invented.`;
}

async function stopAll(parts) {
  for (const stop of parts) await Promise.resolve(stop()).catch((error) => console.error(error));
}
