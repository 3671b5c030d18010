import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Database, migrate } from '@attest/persistence';
import { testDatabase, type TestDatabase } from '@attest/testing';
import { organisationsMigrations } from '../src/persistence/migrations/index.js';

let made: TestDatabase;
let database: Database;
beforeAll(async () => {
  made = await testDatabase('organisations-migration');
  database = new Database({ url: made.url, poolSize: 2, applicationName: 'migration-spec' });
});
afterAll(async () => {
  await database.close();
  await made.drop();
});

it('a file whose rows a newer one of its date replaced counts no more once files are kept', async () => {
  const before = organisationsMigrations.findIndex(({ name }) => name.includes('150'));
  await migrate(made.url, organisationsMigrations.slice(0, before));
  await database.query(
    `INSERT INTO organisation_file (file_id, layout, as_at, file_name, sha256, bytes, rows, accepted, rejected, skipped, changed, notes, received_by)
     SELECT gen_random_uuid(), layout, as_at::date, file_name, '', 1, 1, 1, 0, 0, 0, '{}', 'somebody' FROM (VALUES
       ('practices', '2026-07-01', 'replaced'), ('practices', '2026-07-01', 'newest'),
       ('practices', '2026-06-01', 'of another date'), ('pcns', '2026-07-01', 'of another layout'),
       ('people', '2026-07-01', 'people'), ('people', '2026-07-01', 'more people')) f (layout, as_at, file_name)`,
  );
  await migrate(made.url, organisationsMigrations);
  const { rows } = await database.query<{ file_name: string }>(
    `SELECT file_name FROM organisation_file WHERE status <> 'TAKEN'`,
  );
  expect(rows).toEqual([{ file_name: 'replaced' }]);
});
