// What benchmarks stand on: PostgreSQL and Kafka of their own, as `npm start` tunes them, in a folder that goes again.
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from '@attest/messaging/kafka';
import pg from 'pg';
import { startInfrastructure } from '../infrastructure.mjs';
import { temporaryFolder } from '../paths.mjs';
import { say } from '../say.mjs';
import { startWorker } from './worker.mjs';

/** Away from `npm start` and `npm test`, which may be running. */
const PORTS = { postgres: 56320, kafka: 39092 };

export class Stand {
  /** @param {import('./options.mjs').BenchOptions} options */
  constructor(options) {
    this.options = options;
    this.quick = options.quick;
    this.rotations = options.rotations;
    this.folder = temporaryFolder();
    /** For Node, in every process that is measured. */
    this.flags = options.cpuProf ? ['--cpu-prof', `--cpu-prof-dir=${options.cpuProf}`] : [];
    this.open = undefined;
    /** Undone, last first, when a benchmark has ended. @type {(() => unknown)[]} */
    this.untidy = [];
  }

  /** A size, or a small one for a quick try. */
  size(full, quick) {
    return this.quick ? quick : full;
  }

  async infrastructure() {
    // Another server's speed and durability are not ours to measure, and traffic stays on this machine.
    delete process.env.DATABASE_URL;
    delete process.env.KAFKA_BROKERS;
    this.open ??= startInfrastructure({ folder: join(this.folder, 'servers'), ports: PORTS, say });
    return this.open;
  }

  /** Stops the servers early, for a benchmark that brings its own. */
  async stopInfrastructure() {
    const open = this.open;
    this.open = undefined;
    if (open) await (await open).kill();
    rmSync(join(this.folder, 'servers'), { recursive: true, force: true, maxRetries: 3 });
  }

  /** Stops the whole stack, for a benchmark that brings its own. */
  async closeEngland() {
    const england = this.england;
    this.england = undefined;
    if (!england) return;
    this.open = undefined;
    await england.stop();
  }

  async brokers() {
    return (await this.infrastructure()).kafka.brokers;
  }

  /** A fresh database with its own role, dropped by `drop`. */
  async database(name) {
    const { postgres } = await this.infrastructure();
    const service = `bench-${name}-${randomBytes(3).toString('hex')}`;
    const url = await postgres.ensureDatabase(service);
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    // Dropping a database ends its connections.
    pool.on('error', () => undefined);
    let dropped;
    const drop = () =>
      (dropped ??= (async () => {
        await pool.end();
        await this.asAdmin(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
      })());
    this.untidy.push(drop);
    return { url, pool, drop };
  }

  /** A connection as the server's administrator, to one database or to the server's own. */
  async admin(database) {
    const { postgres } = await this.infrastructure();
    const url = new URL(postgres.adminUrl);
    if (database) url.pathname = new URL(database).pathname;
    const client = new pg.Client({ connectionString: url.href });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async asAdmin(statement, database) {
    const client = await this.admin(database);
    return client.query(statement).finally(() => client.end());
  }

  async kafka() {
    return new Kafka({ clientId: 'bench', brokers: await this.brokers(), logLevel: logLevel.NOTHING });
  }

  /** A process of the benchmark's own that answers calls; it ends with the benchmark. */
  async worker(module, name) {
    const worker = await startWorker({
      file: fileURLToPath(new URL(module, import.meta.url)),
      name,
      logFile: join(this.folder, `${name}.log`),
      flags: this.flags,
    });
    this.untidy.push(() => worker.stop());
    return worker;
  }

  async tidy() {
    for (const undo of this.untidy.splice(0).reverse())
      await Promise.resolve(undo()).catch((error) => say(`  tidying up: ${error}`));
  }

  close() {
    return (this.closing ??= (async () => {
      await this.tidy();
      await this.closeEngland();
      const open = this.open;
      if (open) await open.then((servers) => servers.kill()).catch(() => undefined);
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
    })());
  }
}

/** Names topics and groups of one rotation, so that nothing of the last one is left in them. */
export const newPrefix = () => `b${randomBytes(3).toString('hex')}.`;
