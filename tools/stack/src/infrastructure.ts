// @ts-nocheck
import { join } from 'node:path';
import { startKafka } from './kafka.js';
import { openFolder } from './paths.js';
import { startPostgres } from './postgres.js';

/**
 * What the services stand on, running and ready.
 * @typedef {object} Infrastructure
 * @property {import('./postgres.js').Postgres} postgres
 * @property {import('./kafka.js').Kafka} kafka
 * @property {Map<string, string>} databaseUrls each service's own database, as its own role
 * @property {number[]} pids of what was started here
 * @property {() => Promise<void>} stop in good order
 * @property {() => Promise<void>} kill at once, for data that nobody needs any more
 */

/**
 * Starts PostgreSQL and Kafka side by side, and stops the one when the other cannot start.
 * @param {object} options
 * @param {string} options.folder everything they write lies beneath it
 * @param {readonly string[]} [options.services] whose databases must stand
 * @param {1 | 3} [options.kafkaNodes]
 * @param {{ postgres: number, kafka: number }} [options.ports] where to begin looking for free ones
 * @param {Record<string, string | number>} [options.tuning] PostgreSQL's settings beside or instead of ours
 * @param {boolean} [options.outlivesUs]
 * @param {(line: string) => void} [options.say]
 * @returns {Promise<Infrastructure>}
 */
export async function startInfrastructure({
  folder,
  services = [],
  kafkaNodes,
  ports,
  tuning,
  outlivesUs,
  say,
}) {
  openFolder(folder);
  const database = startPostgres({
    folder: join(folder, 'postgres'),
    port: ports?.postgres,
    tuning,
    outlivesUs,
    say,
  });
  const broker = startKafka({
    folder: join(folder, 'kafka'),
    nodes: kafkaNodes,
    port: ports?.kafka,
    outlivesUs,
    say,
  });
  // The databases are made while Kafka still starts.
  const databases = database.then((postgres) => postgres.ensureDatabases(services));
  const [postgres, kafka, urls] = await Promise.allSettled([database, broker, databases]);
  if (postgres.status === 'fulfilled' && kafka.status === 'fulfilled' && urls.status === 'fulfilled') {
    const parts = [postgres.value, kafka.value];
    return {
      postgres: postgres.value,
      kafka: kafka.value,
      databaseUrls: urls.value,
      get pids() {
        return [...(postgres.value.pid ? [postgres.value.pid] : []), ...kafka.value.pids];
      },
      stop: async () => void (await Promise.all(parts.map((part) => part.stop()))),
      kill: async () => void (await Promise.all(parts.map((part) => part.kill()))),
    };
  }
  await Promise.all(
    [postgres, kafka].map((part) => (part.status === 'fulfilled' ? part.value.stop() : undefined)),
  );
  for (const part of [postgres, kafka, urls]) if (part.status === 'rejected') throw part.reason;
  throw new Error('unreachable');
}
