// @ts-nocheck
import { CannotStart } from './cannot-start.js';
import { localSecret } from './secrets.js';

/**
 * A role and a database of its own for each service: `attest_<service>`, owned by that role, closed to all others.
 * Does nothing to those that stand already, except setting the role's password to the one kept in `folder`.
 * @param {{ adminUrl: string, folder: string, services: readonly string[] }} options
 * @returns {Promise<Map<string, string>>} the URL of each service's database
 */
export async function ensureDatabases({ adminUrl, folder, services }) {
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
    const urls = new Map();
    for (const [i, service] of services.entries()) {
      const name = /** @type {string} */ names[i];
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

/**
 * The service's own database on that server, as its own role.
 * @param {string} serverUrl
 * @param {string} folder holds the role's password
 * @param {string} service
 */
export function serviceUrl(serverUrl, folder, service) {
  const name = databaseName(service);
  const url = new URL(serverUrl);
  url.username = name;
  url.password = localSecret(folder, name);
  url.pathname = `/${name}`;
  return url.href;
}

/**
 * Fails with a sentence when the server that DATABASE_URL names does not let us in.
 * @param {string} adminUrl
 */
export async function requireAnswer(adminUrl) {
  const admin = await connectAsAdmin(adminUrl);
  await admin.end();
}

/** @param {string} adminUrl */
async function connectAsAdmin(adminUrl) {
  const { default: pg } = await import('pg');
  const admin = new pg.Client({ connectionString: adminUrl, application_name: 'attest-local' });
  try {
    await admin.connect();
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ error;
    throw new CannotStart(
      `PostgreSQL at ${new URL(adminUrl).host} does not let us in (${code ?? message}): check DATABASE_URL, or unset it to use the embedded server.`,
    );
  }
  return admin;
}

/** @param {string} service */
export function databaseName(service) {
  if (!/^[a-z][a-z0-9-]{0,50}$/.test(service)) throw new Error(`not a service's name: ${service}`);
  return `attest_${service.replaceAll('-', '_')}`;
}

/**
 * @param {import('pg').Client} admin
 * @param {string} query
 * @param {readonly string[]} names
 * @returns {Promise<Set<string>>}
 */
async function existing(admin, query, names) {
  const { rows } = await admin.query(query, [names]);
  return new Set(rows.map((row) => row.name));
}
