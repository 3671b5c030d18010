// Everything a payment month needs, running: infrastructure, identity provider, services, and the world to act upon.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { quietKafka, type Kafka } from '@attest/messaging/kafka';
import { TOPICS } from '@attest/contracts';
import { monthFiles, readMonth, type Month } from '@attest/england/month-files';
import { CannotStart } from '@attest/stack/cannot-start';
import { refuseEarlierMonth } from '@attest/stack/given-servers';
import { startIdentityProvider } from '@attest/stack/identity-provider/index';
import { startInfrastructure, type Infrastructure } from '@attest/stack/infrastructure';
import { kafkaVersion } from '@attest/stack/kafka-jars';
import { KAFKA_OPERATOR } from '@attest/stack/kafka-door';
import { sampleMemory, type MemorySample } from '@attest/stack/memory';
import { openFolder, projectFolder, stateFolder } from '@attest/stack/paths';
import { freePort } from '@attest/stack/ports';
import { claimStateFolder } from '@attest/stack/running';
import { sayTo } from '@attest/stack/say';
import { SERVICES, startServices, type Services } from '@attest/stack/services';
import {
  askedFor,
  decide,
  nameOf,
  readKept,
  writeKept,
  type Asked,
  type AskedEngland,
  type FinishedMonth,
} from './kept-month.js';
import type { Options } from './options.js';
import type { Facts, FoundMonth, Summary } from './played.js';
import { World } from './world.js';

/** Where to begin looking for a free one: with the kept key, tokens and addresses outlive a restart. */
const IDENTITY_PORT = 4000;
/** The running stack of a month: what scenes act upon, the report tells of, and the invariants look at. */
export interface MonthStack {
  /** The month that was played or loaded before, where its data was found. */
  readonly found: FoundMonth | undefined;
  readonly world: World;
  readonly services: Services;
  readonly infrastructure: Infrastructure;
  readonly kafka: Kafka;
  readonly stateDir: string;
  /** What this month writes: databases, topics, file stores, logs. */
  readonly runDir: string;
  readonly month: Month;
  /** True once somebody asked for its end. */
  readonly stopping: boolean;
  /** Lets the next start find it as it is now. */
  keep(state: FinishedMonth['state'], summary: Summary): void;
  memory(): Promise<MemorySample>;
  stop(): Promise<void>;
}

/** Ends one part of the stack. */
type Stop = () => unknown;

/** Brings everything up: on what the state folder keeps, where that is what is asked for, else on nothing. */
export async function openStack(options: Options, report: { note(facts: Facts): void }): Promise<MonthStack> {
  const stateDir = stateFolder();
  await claimStateFolder(stateDir);
  const started = performance.now();
  const runDir = join(stateDir, 'run');
  const tell = sayTo(options);
  const topics = Object.keys(TOPICS);

  const asked = askedFor(options);
  const kept = readKept(runDir);
  const decision = decide(kept, asked, new Date());
  if (decision.does === 'refuse') throw new CannotStart(decision.says);
  const found = decision.does === 'bring up' && kept?.state !== 'beginning' ? kept : undefined;
  if (decision.says) tell(decision.says);
  if (!found) {
    await refuseEarlierMonth(topics);
    beginAnew(runDir, asked);
  }

  const starting = startInfrastructure({
    folder: runDir,
    services: SERVICES,
    kafkaTls: options.kafkaTls,
    say: tell,
  });
  const parts: Stop[] = [
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

    const pools = new Map<string, pg.Pool>();
    const database = (service: string): pg.Pool => {
      const pool =
        pools.get(service) ??
        new pg.Pool({ connectionString: infrastructure.databaseUrls.get(service), max: 3 });
      pools.set(service, pool);
      return pool;
    };
    const kafka = quietKafka({ clientId: 'attest-story', ...infrastructure.kafka.doorOf(KAFKA_OPERATOR) });
    const admin = kafka.admin();
    await admin.connect();
    parts.unshift(() => Promise.all([admin.disconnect(), ...[...pools.values()].map((pool) => pool.end())]));

    const shown = await database('catalogue').query<{ server_version: string }>('SHOW server_version');
    report.note({
      versions: {
        attest: versionOf(projectFolder),
        node: process.versions.node,
        postgres: shown.rows[0]?.server_version ?? '',
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
      topics,
      stateDir: runDir,
    });
    let stopped: Promise<void> | undefined;
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

function versionOf(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}

const keptOf = ({ england, servers }: Asked) => ({ england, servers });

/** Databases and topics that hold nothing; until the month is played, what stands here counts as interrupted. */
function beginAnew(runDir: string, asked: Asked): void {
  rmSync(runDir, { recursive: true, force: true });
  openFolder(runDir);
  writeKept(runDir, { state: 'beginning', ...keptOf(asked), at: new Date().toISOString() });
}

/** What the files are is told by what they say of themselves: a folder given by --data may be a made-up one. */
function bannerOf({ data, region }: AskedEngland, { madeUp }: { madeUp: boolean }): string {
  if (!madeUp) return `England as published, from ${data}`;
  const what = region ? 'A MADE-UP REGION' : `A MADE-UP ENGLAND${data ? `, from ${data}` : ''}`;
  return `${what}: every practice, network, patient count and payment below is invented.`;
}

async function stopAll(parts: readonly Stop[]): Promise<void> {
  for (const stop of parts) await Promise.resolve(stop()).catch((error) => console.error(error));
}
