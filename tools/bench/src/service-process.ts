// @ts-nocheck
// One of the product's services as a process of its own, on a fresh database, as `npm start -- --separate` runs it.
import { join } from 'node:path';
import { openFolder, projectFolder } from '@attest/stack/paths';
import { freePort } from '@attest/stack/ports';
import { startChild } from '@attest/stack/processes';
import { untilReady } from '@attest/stack/services';

const FIRST_PORT = 4300;

/**
 * @param {import('./stand.js').Stand} stand
 * @param {{ name: string, topicPrefix: string, issuer: string, env?: Record<string, string> }} options
 */
export async function startService(stand, { name, topicPrefix, issuer, env = {} }) {
  const { url: databaseUrl, pool } = await stand.database(name);
  const logs = join(stand.folder, 'logs');
  openFolder(logs);
  const port = await freePort(FIRST_PORT);
  const url = `http://127.0.0.1:${port}`;
  const { default: definition } = await import(`../../../services/${name}/dist/index.js`).then((module) => ({
    default: Object.values(module).find(
      (value) => value?.name === name && typeof value.migrate === 'function',
    ),
  }));
  await definition.migrate(databaseUrl);
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
