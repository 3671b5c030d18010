// Starts the eight services: in a few processes, or (`separate`) each in its own, as in a cluster.
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@attest/contracts';
import { CannotStart } from './cannot-start.js';
import type { Hosting, ServiceEnvironment } from './host.js';
import { until } from './http-client.js';
import type { Infrastructure } from './infrastructure.js';
import { settingsOf } from './kafka-door.js';
import { cacheFolder, openFolder, projectFolder } from './paths.js';
import { freePort } from './ports.js';
import { startChild, type Child } from './processes.js';

export { SERVICES };

/** One event loop per core, the busiest service with a loop of its own, and another for what must never wait in it. */
const HOSTS: Readonly<Record<string, readonly ServiceName[]>> = {
  figures: ['organisations', 'catalogue', 'extraction-intake', 'aggregation', 'commissioner-approval'],
  workflow: ['declaration-workflow'],
  holds: ['declaration-workflow'],
  payments: ['payment-export', 'messaging-centre'],
};

/** What of a service's topics a host reads, where it is not all of them. */
const CONSUMES: Readonly<Record<string, string>> = { workflow: 'the-rest', holds: 'at-once' };

/** Where a CPU profile of each process is written when it ends, if anywhere. */
const PROFILES = process.env.ATTEST_PROFILES;
const profiled = (name: string): string[] =>
  PROFILES ? ['--cpu-prof', '--cpu-prof-dir', PROFILES, '--cpu-prof-name', `${name}.cpuprofile`] : [];

const FIRST_PORT = 4100;
const READY_WITHIN_MS = 90_000;

export interface Services {
  /** Base URL by service. */
  readonly urls: Readonly<Record<ServiceName, string>>;
  /** The processes: by service with `separate`, else by host. */
  readonly children: ReadonlyMap<string, Child>;
  /** kill -9 of the process that runs it (only with `separate`). */
  kill: (name: ServiceName) => Promise<void>;
  restart: (name: ServiceName, env?: Readonly<Record<string, string>>) => Promise<void>;
  stop: () => Promise<void>;
}

export async function startServices({
  infrastructure,
  stateDir,
  issuer,
  operator,
  separate = false,
  env = {},
}: {
  infrastructure: Infrastructure;
  stateDir: string;
  issuer: string;
  /** The person who may import before anybody holds a role. */
  operator: string;
  separate?: boolean;
  /** For all of them. */
  env?: Readonly<Record<string, string>>;
}): Promise<Services> {
  const logs = join(stateDir, 'logs');
  openFolder(logs);
  // One more for the second process of declaration-workflow.
  const firstPort = await freePort(FIRST_PORT, SERVICES.length + 1);
  const settings = byService<ServiceEnvironment>((name, at) => ({
    NODE_ENV: 'development',
    PORT: String(firstPort + at),
    DATABASE_URL: infrastructure.databaseUrls.get(name),
    ...settingsOf(infrastructure.kafka.doorOf(name)),
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    OIDC_ISSUER: issuer,
    BUSINESS_CLOCK_MOVABLE: 'true',
    LOG_LEVEL: 'warn',
    FILE_STORE: join(stateDir, 'files', name),
    AUDIT_ANCHOR_STORE: join(stateDir, 'files', 'audit'),
    ...(name === 'organisations' ? { BOOTSTRAP_OPERATOR_ID: operator } : {}),
    ...env,
  }));
  const urls = byService((_, at) => `http://127.0.0.1:${firstPort + at}`);
  const children = new Map<string, Child>();

  const settingsIn = (host: string, service: ServiceName): ServiceEnvironment => ({
    ...settings[service],
    ...(CONSUMES[host] ? { CONSUMES: CONSUMES[host] } : {}),
    ...(host === 'holds' ? { PORT: String(firstPort + SERVICES.length) } : {}),
  });

  const host = (name: string, services: readonly ServiceName[], mode: Hosting['mode']): Promise<Child> => {
    const hosting: Hosting = {
      mode,
      services: Object.fromEntries(services.map((service) => [service, settingsIn(name, service)])),
    };
    return startChild({
      name,
      command: process.execPath,
      args: [
        '--max-old-space-size=640',
        // Batches of events live for milliseconds: a larger nursery halves the time spent on collecting them.
        '--max-semi-space-size=64',
        ...profiled(name),
        join(projectFolder, 'tools', 'stack', 'dist', 'host.js'),
        JSON.stringify(hosting),
      ],
      logFile: join(logs, `${name}.log`),
      env: cleanEnvironment(),
    });
  };

  const single = async (name: ServiceName, more: ServiceEnvironment = {}): Promise<void> => {
    const child = await startChild({
      name,
      command: process.execPath,
      args: [
        '--max-old-space-size=512',
        ...profiled(name),
        join(projectFolder, 'services', name, 'dist', 'main.js'),
      ],
      logFile: join(logs, `${name}.log`),
      env: { ...cleanEnvironment(), ...settings[name], ...more },
      // The channel through which a test names the step at which it dies.
      ipc: env.CRASH_WHEN_TOLD === 'true',
    });
    children.set(name, child);
  };

  const stop = async (): Promise<void> =>
    void (await Promise.all([...children.values()].map((child) => child.stop())));

  try {
    if (separate) {
      const migration = await host('migrate', SERVICES, 'migrate');
      const { code } = await migration.exited;
      if (code !== 0)
        throw new CannotStart(`The databases could not be migrated: see ${join(logs, 'migrate.log')}`);
      for (const name of SERVICES) await single(name);
    } else {
      for (const [name, services] of Object.entries(HOSTS))
        children.set(name, await host(name, services, 'start'));
    }
    await Promise.all(
      SERVICES.map((name) =>
        untilReady(name, urls[name], () => children.get(separate ? name : hostOf(name)), logs),
      ),
    );
    if (!separate)
      await untilReady(
        'holds',
        `http://127.0.0.1:${firstPort + SERVICES.length}`,
        () => children.get('holds'),
        logs,
      );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    urls,
    stop,
    kill: async (name) => void (await children.get(name)?.kill()),
    restart: async (name, more) => {
      await children.get(name)?.kill();
      await single(name, more);
      // A service that is told to die at a step may die before it is ready.
      if (!more?.CRASH_AT) await untilReady(name, urls[name], () => children.get(name), logs);
    },
    children,
  };
}

function byService<Value>(value: (name: ServiceName, at: number) => Value): Record<ServiceName, Value> {
  return Object.fromEntries(SERVICES.map((name, at) => [name, value(name, at)])) as Record<
    ServiceName,
    Value
  >;
}

/** The first host that runs it. */
function hostOf(service: ServiceName): string {
  const [host] = Object.keys(HOSTS).filter((name) => HOSTS[name]?.includes(service));
  if (!host) throw new Error(`no host runs ${service}`);
  return host;
}

/** Settings come from us alone, so that a shell's DATABASE_URL never reaches a service by accident. */
function cleanEnvironment(): ServiceEnvironment {
  const { PATH, HOME, TZ, NODE_EXTRA_CA_CERTS } = process.env;
  // Where Node can (from 22.1), a start takes what the last one compiled.
  return { PATH, HOME, TZ, NODE_EXTRA_CA_CERTS, NODE_COMPILE_CACHE: join(cacheFolder(), 'compiled') };
}

/** Waits until a service says that it is ready; `childOf` gives the process that runs it, where it is known. */
export async function untilReady(
  name: string,
  url: string,
  childOf: () => Child | undefined,
  logs: string,
): Promise<void> {
  await until(
    `${name} is ready (its log: ${join(logs, `${name}.log`)})`,
    async () => {
      const child = childOf();
      if (child && !child.running())
        throw new CannotStart(`${name} ended while starting: see ${child.logFile}`);
      try {
        return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
      } catch {
        return false;
      }
    },
    { withinMs: READY_WITHIN_MS, everyMs: 50 },
  );
}
