import pg from 'pg';
import { clientConfig } from './connections.js';
import { ANSWER_GRACE_MS, LIMITS } from './work-kinds.js';
import type { MigrationInterface } from 'typeorm';

export type MigrationClass = new () => MigrationInterface;

const NAME = 'attest-migrate';
/** Any fixed number; one database belongs to one service, so it is shared with nobody else. */
const MIGRATION_LOCK = 7_302_651_001n;

/**
 * Applies what is missing of a service's migrations, in the order of their timestamps, each in its own transaction
 * (unless it sets `transaction = false`, for concurrent indexes). Replicas that start together wait for one another.
 * @returns the names of the migrations that this call applied
 */
export async function migrate(url: string, migrations: readonly MigrationClass[]): Promise<string[]> {
  // Loaded only here: a service that runs needs none of it, and it is a tenth of what would be loaded.
  const { DataSource } = await import('typeorm');
  const config = clientConfig(url, NAME, LIMITS.migration);
  const answer = { query_timeout: LIMITS.migration.statementMs + ANSWER_GRACE_MS };
  // Another replica's migrations are waited for as long as they may take.
  const lock = new pg.Client({ ...config, ...answer, lock_timeout: LIMITS.migration.statementMs });
  lock.on('error', () => undefined);
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK.toString()]);
    const source = new DataSource({
      type: 'postgres',
      url,
      applicationName: NAME,
      migrations: [...migrations],
      migrationsTableName: 'migration',
      migrationsTransactionMode: 'each',
      poolSize: 2,
      extra: { ...config, ...answer, types: undefined },
      logging: false,
      // No entities are mapped, so nothing needs an extension that the role may not be allowed to create.
      installExtensions: false,
    });
    await source.initialize();
    try {
      return (await source.runMigrations({ transaction: 'each' })).map((migration) => migration.name);
    } finally {
      await source.destroy();
    }
  } finally {
    // Ending the session gives the lock back.
    await lock.end();
  }
}
