import type { Database, MigrationClass } from '@attest/persistence';
import { MigrationsPendingError } from './hosting.errors.js';

/**
 * A service never starts on a database that lacks what its statements need.
 * @throws MigrationsPendingError
 */
export async function refusePendingMigrations(
  service: string,
  database: Database,
  migrations: readonly MigrationClass[],
): Promise<void> {
  const wanted = migrations.map((Migration) => new Migration().name ?? Migration.name);
  const table = await database.query<{ there: boolean }>(
    `SELECT to_regclass('migration') IS NOT NULL AS there`,
  );
  if (!table.rows[0]?.there) throw new MigrationsPendingError(service, wanted);
  const { rows } = await database.query<{ name: string }>(`SELECT name FROM migration`);
  const applied = new Set(rows.map((row) => row.name));
  const pending = wanted.filter((name) => !applied.has(name));
  if (pending.length > 0) throw new MigrationsPendingError(service, pending);
}
