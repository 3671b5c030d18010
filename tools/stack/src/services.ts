// @ts-nocheck
// Starts the eight services: in a few processes, or (`separate`) each in its own, as in a cluster.
import { join } from 'node:path';
import { CannotStart } from './cannot-start.js';
import { cacheFolder, openFolder, projectFolder } from './paths.js';
import { freePort } from './ports.js';
import { startChild } from './processes.js';
import { until } from './http-client.js';

export const SERVICES = [
  'organisations',
  'catalogue',
  'extraction-intake',
  'aggregation',
  'declaration-workflow',
  'commissioner-approval',
  'payment-export',
  'messaging-centre',
];

/** One event loop per core, the busiest service with a loop of its own, and another for what must never wait in it. */
const HOSTS = {
  figures: ['organisations', 'catalogue', 'extraction-intake', 'aggregation', 'commissioner-approval'],
  workflow: ['declaration-workflow'],
  holds: ['declaration-workflow'],
  payments: ['payment-export', 'messaging-centre'],
};

/** What of a service's topics a host reads, where it is not all of them. */
const CONSUMES = { workflow: 'the-rest', holds: 'at-once' };

/** Where a CPU profile of each process is written when it ends, if anywhere. */
const PROFILES = process.env.ATTEST_PROFILES;
const profiled = (name) =>
  PROFILES ? ['--cpu-prof', '--cpu-prof-dir', PROFILES, '--cpu-prof-name', `${name}.cpuprofile`] : [];

const FIRST_PORT = 4100;
const READY_WITHIN_MS = 90_000;

/**
 * @typedef {object} Services
 * @property {Record<string, string>} urls base URL by service
 * @property {(name: string) => Promise<void>} kill -9 of the process that runs it (only with `separate`)
 * @property {(name: string, env?: Record<string, string>) => Promise<void>} restart
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} options
 * @param {import('./infrastructure.js').Infrastructure} options.infrastructure
 * @param {string} options.stateDir
 * @param {string} options.issuer
 * @param {string} options.operator the person who may import before anybody holds a role
 * @param {boolean} [options.separate]
 * @param {Record<string, string>} [options.env] for all of them
 * @returns {Promise<Services>}
 */
export async function startServices({
  infrastructure,
  stateDir,
  issuer,
  operator,
  separate = false,
  env = {},
}) {
  const logs = join(stateDir, 'logs');
  openFolder(logs);
  // One more for the second process of declaration-workflow.
  const firstPort = await freePort(FIRST_PORT, SERVICES.length + 1);
  const settings = Object.fromEntries(
    SERVICES.map((name, at) => [
      name,
      {
        NODE_ENV: 'development',
        PORT: String(firstPort + at),
        DATABASE_URL: infrastructure.databaseUrls.get(name),
        KAFKA_BROKERS: infrastructure.kafka.brokers.join(','),
        KAFKAJS_NO_PARTITIONER_WARNING: '1',
        OIDC_ISSUER: issuer,
        BUSINESS_CLOCK_MOVABLE: 'true',
        LOG_LEVEL: 'warn',
        FILE_STORE: join(stateDir, 'files', name),
        AUDIT_ANCHOR_STORE: join(stateDir, 'files', 'audit'),
        ...(name === 'organisations' ? { BOOTSTRAP_OPERATOR_ID: operator } : {}),
        ...env,
      },
    ]),
  );
  const urls = Object.fromEntries(SERVICES.map((name, at) => [name, `http://127.0.0.1:${firstPort + at}`]));
  /** @type {Map<string, import('./processes.js').Child>} */
  const children = new Map();

  const settingsOf = (host, service) => ({
    ...settings[service],
    ...(CONSUMES[host] ? { CONSUMES: CONSUMES[host] } : {}),
    ...(host === 'holds' ? { PORT: String(firstPort + SERVICES.length) } : {}),
  });

  const host = (name, services, mode) =>
    startChild({
      name,
      command: process.execPath,
      args: [
        '--max-old-space-size=640',
        // Batches of events live for milliseconds: a larger nursery halves the time spent on collecting them.
        '--max-semi-space-size=64',
        ...profiled(name),
        join(projectFolder, 'tools', 'stack', 'dist', 'host.js'),
        JSON.stringify({
          mode,
          services: Object.fromEntries(services.map((service) => [service, settingsOf(name, service)])),
        }),
      ],
      logFile: join(logs, `${name}.log`),
      env: cleanEnvironment(),
    });

  const single = async (name, more = {}) => {
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

  const stop = async () => void (await Promise.all([...children.values()].map((child) => child.stop())));

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
    get children() {
      return children;
    },
  };
}

const hostOf = (service) => Object.entries(HOSTS).find(([, services]) => services.includes(service))[0];

/** Settings come from us alone, so that a shell's DATABASE_URL never reaches a service by accident. */
function cleanEnvironment() {
  const { PATH, HOME, TZ, NODE_EXTRA_CA_CERTS } = process.env;
  // Where Node can (from 22.1), a start takes what the last one compiled.
  return { PATH, HOME, TZ, NODE_EXTRA_CA_CERTS, NODE_COMPILE_CACHE: join(cacheFolder(), 'compiled') };
}

export async function untilReady(name, url, childOf, logs) {
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
