import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { runToken } from './names.js';
import { testServers } from './test-servers.js';

export interface TestDatabase {
  /** As the role that owns this database and, like a service's role, may nothing elsewhere. */
  readonly url: string;
  readonly name: string;
  /** The same database as the server's administrator, for what only a server can do to a service. */
  readonly adminUrl: string;
  /** Removes the database and its role, also while connections are open. */
  drop(): Promise<void>;
}

/** A new empty database of one's own on the test server. Drop it in `afterAll`. */
export async function testDatabase(subject: string): Promise<TestDatabase> {
  const { databaseUrl } = testServers();
  const name = `test_${subject
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase()
    .slice(0, 40)}_${runToken()}`;
  const password = randomBytes(12).toString('hex');
  await asAdmin(databaseUrl, [
    `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`,
    `GRANT ${name} TO CURRENT_USER`,
    `CREATE DATABASE ${name} OWNER ${name}`,
    `REVOKE ALL ON DATABASE ${name} FROM PUBLIC`,
  ]);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  const adminUrl = url.href;
  url.username = name;
  url.password = password;
  return {
    url: url.href,
    name,
    adminUrl,
    drop: () =>
      asAdmin(databaseUrl, [`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, `DROP ROLE IF EXISTS ${name}`]),
  };
}

async function asAdmin(url: string, statements: readonly string[]): Promise<void> {
  const admin = new pg.Client({ connectionString: url, application_name: 'attest-testing' });
  await admin.connect();
  try {
    for (const statement of statements) await admin.query(statement);
  } finally {
    await admin.end();
  }
}
