// What benchmarks stand on: PostgreSQL and Kafka of their own, as `npm start` tunes them, in a folder that goes again.
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from '@attest/messaging/kafka';
import pg from 'pg';
import { startInfrastructure, type Infrastructure } from '@attest/stack/infrastructure';
import { temporaryFolder } from '@attest/stack/paths';
import { say } from '@attest/stack/say';
import type { openStack } from '@attest/story/stack';
import type { Commands } from './answering.js';
import type { BenchOptions } from './options.js';
import { startWorker, type Worker } from './worker.js';

/** Away from `npm start` and `npm test`, which may be running. */
const PORTS = { postgres: 56320, kafka: 39092 };

export type Stack = Awaited<ReturnType<typeof openStack>>;
export type World = Stack['world'];

/** A fresh database with its own role. */
export interface BenchDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  drop(): Promise<void>;
}

export class Stand {
  readonly rotations: number;
  readonly folder = temporaryFolder();
  /** For Node, in every process that is measured. */
  readonly flags: readonly string[];
  /** Undone, last first, when a benchmark has ended. */
  readonly untidy: (() => unknown)[] = [];
  /** The whole stack, where a benchmark has opened it; its servers are the stand's too. */
  england: Stack | undefined;
  private servers: Promise<Infrastructure> | undefined;
  private closing: Promise<void> | undefined;

  constructor(readonly options: BenchOptions) {
    this.rotations = options.rotations;
    this.flags = options.cpuProf ? ['--cpu-prof', `--cpu-prof-dir=${options.cpuProf}`] : [];
  }

  /** A size, or a small one for a quick try. */
  size(full: number, quick: number): number {
    return this.options.quick ? quick : full;
  }

  async infrastructure(): Promise<Infrastructure> {
    // Another server's speed and durability are not ours to measure, and traffic stays on this machine.
    delete process.env.DATABASE_URL;
    delete process.env.KAFKA_BROKERS;
    this.servers ??= startInfrastructure({ folder: join(this.folder, 'servers'), ports: PORTS, say });
    return this.servers;
  }

  /** Stops the servers early, for a benchmark that brings its own. */
  async stopInfrastructure(): Promise<void> {
    const servers = this.servers;
    this.servers = undefined;
    if (servers) await (await servers).kill();
    rmSync(join(this.folder, 'servers'), { recursive: true, force: true, maxRetries: 3 });
  }

  /** From now on peers run on the stack's servers. */
  useEngland(stack: Stack): void {
    this.england = stack;
    this.servers = Promise.resolve(stack.infrastructure);
  }

  /** Stops the whole stack, for a benchmark that brings its own. */
  async closeEngland(): Promise<void> {
    const england = this.england;
    this.england = undefined;
    if (!england) return;
    this.servers = undefined;
    await england.stop();
  }

  async brokers(): Promise<readonly string[]> {
    return (await this.infrastructure()).kafka.brokers;
  }

  async database(name: string): Promise<BenchDatabase> {
    const { postgres } = await this.infrastructure();
    const service = `bench-${name}-${randomBytes(3).toString('hex')}`;
    const url = await postgres.ensureDatabase(service);
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    // Dropping a database ends its connections.
    pool.on('error', () => undefined);
    let dropped: Promise<void> | undefined;
    const drop = (): Promise<void> =>
      (dropped ??= (async () => {
        await pool.end();
        await this.asAdmin(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
      })());
    this.untidy.push(drop);
    return { url, pool, drop };
  }

  /** A connection as the server's administrator, to one database or to the server's own. */
  async admin(database?: string): Promise<pg.Client> {
    const { postgres } = await this.infrastructure();
    const url = new URL(postgres.adminUrl);
    if (database) url.pathname = new URL(database).pathname;
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async asAdmin(statement: string, database?: string): Promise<pg.QueryResult> {
    const client = await this.admin(database);
    return client.query(statement).finally(() => client.end());
  }

  async kafka(): Promise<Kafka> {
    return new Kafka({ clientId: 'bench', brokers: [...(await this.brokers())], logLevel: logLevel.NOTHING });
  }

  /** A process of the benchmark's own that answers calls; it ends with the benchmark. */
  async worker<C extends Commands>(module: string, name: string): Promise<Worker<C>> {
    const worker = await startWorker<C>({
      file: fileURLToPath(new URL(module, import.meta.url)),
      name,
      logFile: join(this.folder, `${name}.log`),
      flags: this.flags,
    });
    this.untidy.push(() => worker.stop());
    return worker;
  }

  async tidy(): Promise<void> {
    for (const undo of this.untidy.splice(0).reverse())
      await Promise.resolve(undo()).catch((error) => say(`  tidying up: ${error}`));
  }

  close(): Promise<void> {
    return (this.closing ??= (async () => {
      await this.tidy();
      await this.closeEngland();
      await this.servers?.then((servers) => servers.kill()).catch(() => undefined);
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    })());
  }
}

/** Names topics and groups of one rotation, so that nothing of the last one is left in them. */
export const newPrefix = (): string => `b${randomBytes(3).toString('hex')}.`;
