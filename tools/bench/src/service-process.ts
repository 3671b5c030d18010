// One of the product's services as a process of its own, on a fresh database, as `npm start -- --separate` runs it.
import { join } from 'node:path';
import type pg from 'pg';
import { openFolder, projectFolder } from '@attest/stack/paths';
import { freePort } from '@attest/stack/ports';
import { startChild } from '@attest/stack/processes';
import { untilReady } from '@attest/stack/services';
import type { Stand } from './stand.js';

const FIRST_PORT = 4300;

export interface ServiceOptions {
  readonly name: string;
  readonly topicPrefix: string;
  readonly issuer: string;
  /** Settings beside or instead of the usual ones. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningService {
  readonly url: string;
  readonly pid: number;
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  stop(): Promise<void>;
}

export async function startService(
  stand: Stand,
  { name, topicPrefix, issuer, env = {} }: ServiceOptions,
): Promise<RunningService> {
  const { url: databaseUrl, pool } = await stand.database(name);
  const logs = join(stand.folder, 'logs');
  openFolder(logs);
  const port = await freePort(FIRST_PORT);
  const url = `http://127.0.0.1:${port}`;
  await (await serviceOf(name)).migrate(databaseUrl);
  const { PATH, HOME } = process.env;
  const child = await startChild({
    name,
    command: process.execPath,
    args: [
      ...stand.flags,
      '--max-old-space-size=512',
      join(projectFolder, 'services', name, 'dist', 'main.js'),
    ],
    logFile: join(logs, `${name}.log`),
    env: {
      PATH,
      HOME,
      NODE_ENV: 'development',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: (await stand.brokers()).join(','),
      KAFKAJS_NO_PARTITIONER_WARNING: '1',
      TOPIC_PREFIX: topicPrefix,
      OIDC_ISSUER: issuer,
      LOG_LEVEL: 'warn',
      FILE_STORE: join(stand.folder, 'files', name),
      ...env,
    },
  });
  stand.untidy.push(() => child.stop());
  await untilReady(name, url, () => child, logs);
  return { url, pid: child.pid, databaseUrl, pool, stop: () => child.stop() };
}

/** What the index of a service gives. */
interface Migratable {
  readonly name: string;
  migrate(databaseUrl: string): Promise<unknown>;
}

async function serviceOf(name: string): Promise<Migratable> {
  const exported: object = await import(`../../../services/${name}/dist/index.js`);
  const service = Object.values(exported).find(
    (value: unknown): value is Migratable => isMigratable(value) && value.name === name,
  );
  if (!service) throw new Error(`services/${name} exports no service of that name`);
  return service;
}

const isMigratable = (value: unknown): value is Migratable =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  'migrate' in value &&
  typeof value.migrate === 'function';
