import { join } from 'node:path';
import { startKafka, type Kafka } from './kafka.js';
import type { KafkaTlsWay } from './kafka-door.js';
import { openFolder } from './paths.js';
import { startPostgres, type Postgres } from './postgres.js';

/** What the services stand on, running and ready. */
export interface Infrastructure {
  readonly postgres: Postgres;
  readonly kafka: Kafka;
  /** Each service's own database, as its own role. */
  readonly databaseUrls: ReadonlyMap<string, string>;
  /** Of what was started here. */
  readonly pids: number[];
  /** In good order. */
  stop: () => Promise<void>;
  /** At once, for data that nobody needs any more. */
  kill: () => Promise<void>;
}

/** Starts PostgreSQL and Kafka side by side, and stops the one when the other cannot start. */
export async function startInfrastructure({
  folder,
  services = [],
  kafkaNodes,
  kafkaTls,
  ports,
  tuning,
  outlivesUs,
  say,
}: {
  /** Everything they write lies beneath it. */
  folder: string;
  /** Whose databases must stand. */
  services?: readonly string[];
  kafkaNodes?: 1 | 3;
  /** Kafka only over TLS, its clients with a password or a certificate. */
  kafkaTls?: KafkaTlsWay | undefined;
  /** Where to begin looking for free ones. */
  ports?: { postgres: number; kafka: number };
  /** PostgreSQL's settings beside or instead of ours. */
  tuning?: Record<string, string | number>;
  outlivesUs?: boolean;
  say?: (line: string) => void;
}): Promise<Infrastructure> {
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
    tls: kafkaTls,
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
