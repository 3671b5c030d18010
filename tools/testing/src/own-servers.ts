import { rm } from 'node:fs/promises';
import { startKafka } from '@attest/stack/kafka';
import { temporaryFolder } from '@attest/stack/paths';
import { startPostgres } from '@attest/stack/postgres';

/** A Kafka of one's own, whose brokers may be killed. */
export interface OwnKafka {
  readonly brokers: string[];
  readonly pids: number[];
  /** kill -9 of the broker at `brokers[index]`. */
  killBroker(index: number): Promise<void>;
  /** Starts it again on the same data; resolves when it answers. */
  startBroker(index: number): Promise<void>;
  stop(): Promise<void>;
}

/** A PostgreSQL of one's own, which may be killed and started again. */
export interface OwnPostgres {
  /** An administrator's; the same after `start`. */
  readonly adminUrl: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Where a spec's own servers look for free ports. Below those that the system gives to clients: somebody's connection
 * would else take a port while its server is down. Each of Jest's workers has its own.
 */
export function specPorts(): {
  readonly kafka: number;
  readonly postgres: number;
  readonly service: number;
} {
  const first = 20_000 + 1_000 * Number(process.env['JEST_WORKER_ID'] ?? 0);
  return { kafka: first, postgres: first + 500, service: first + 750 };
}

/** Ready in 2 s (one node) or 5 s (three brokers, replication 3, min.insync.replicas 2, and a controller). */
export async function ownKafka({ nodes }: { nodes: 1 | 3 }): Promise<OwnKafka> {
  const folder = temporaryFolder();
  const kafka = await startKafka({ folder, nodes, port: specPorts().kafka, given: '' });
  return {
    brokers: kafka.brokers,
    get pids() {
      return kafka.pids;
    },
    killBroker: (index) => kafka.killBroker(index),
    startBroker: (index) => kafka.startBroker(index),
    stop: async () => {
      await kafka.kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Ready in 2 s; durable as in production. */
export async function ownPostgres({
  tuning = {},
}: { tuning?: Record<string, string | number> } = {}): Promise<OwnPostgres> {
  const folder = temporaryFolder();
  let postgres = await startPostgres({ folder, port: specPorts().postgres, given: '', tuning });
  const { adminUrl, port } = postgres;
  return {
    adminUrl,
    kill: () => postgres.kill(),
    start: async () => {
      postgres = await startPostgres({ folder, port, given: '', tuning });
      if (postgres.port !== port) throw new Error(`port ${port} was taken by another process meanwhile`);
    },
    stop: async () => {
      await postgres.kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
