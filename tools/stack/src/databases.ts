import type { Client } from 'pg';
import { CannotStart } from './cannot-start.js';
import { localSecret } from './secrets.js';

/**
 * A role and a database of its own for each service: `attest_<service>`, owned by that role, closed to all others.
 * Does nothing to those that stand already, except setting the role's password to the one kept in `folder`.
 * Gives the URL of each service's database.
 */
export async function ensureDatabases({
  adminUrl,
  folder,
  services,
}: {
  adminUrl: string;
  folder: string;
  services: readonly string[];
}): Promise<Map<string, string>> {
  const admin = await connectAsAdmin(adminUrl);
  try {
    const names = services.map(databaseName);
    const roles = await existing(
      admin,
      'SELECT rolname AS name FROM pg_roles WHERE rolname = ANY($1)',
      names,
    );
    const bases = await existing(
      admin,
      'SELECT datname AS name FROM pg_database WHERE datname = ANY($1)',
      names,
    );
    const urls = new Map<string, string>();
    for (const service of services) {
      const name = databaseName(service);
      const password = localSecret(folder, name);
      // Names are checked by databaseName and the password is hexadecimal: nothing here needs quoting.
      await admin.query(`${roles.has(name) ? 'ALTER' : 'CREATE'} ROLE ${name} LOGIN PASSWORD '${password}'`);
      if (!bases.has(name)) {
        // An administrator who is not superuser must be a member of the role to give it a database.
        await admin.query(`GRANT ${name} TO CURRENT_USER`);
        await admin.query(`CREATE DATABASE ${name} OWNER ${name}`);
        await admin.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
      }
      urls.set(service, serviceUrl(adminUrl, folder, service));
    }
    return urls;
  } finally {
    await admin.end();
  }
}

/** The service's own database on that server, as its own role, whose password `folder` holds. */
export function serviceUrl(serverUrl: string, folder: string, service: string): string {
  const name = databaseName(service);
  const url = new URL(serverUrl);
  url.username = name;
  url.password = localSecret(folder, name);
  url.pathname = `/${name}`;
  return url.href;
}

/** Fails with a sentence when the server that DATABASE_URL names does not let us in. */
export async function requireAnswer(adminUrl: string): Promise<void> {
  const admin = await connectAsAdmin(adminUrl);
  await admin.end();
}

async function connectAsAdmin(adminUrl: string): Promise<Client> {
  const { default: pg } = await import('pg');
  const admin = new pg.Client({ connectionString: adminUrl, application_name: 'attest-local' });
  try {
    await admin.connect();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CannotStart(
      `PostgreSQL at ${new URL(adminUrl).host} does not let us in (${code ?? message}): check DATABASE_URL, or unset it to use the embedded server.`,
    );
  }
  return admin;
}

export function databaseName(service: string): string {
  if (!/^[a-z][a-z0-9-]{0,50}$/.test(service)) throw new Error(`not a service's name: ${service}`);
  return `attest_${service.replaceAll('-', '_')}`;
}

async function existing(admin: Client, query: string, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await admin.query<{ name: string }>(query, [names]);
  return new Set(rows.map((row) => row.name));
}
