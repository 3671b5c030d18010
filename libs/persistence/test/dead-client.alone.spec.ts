import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, ownPostgres, unlessSkipped, type OwnPostgres } from '@attest/testing';
import pg from 'pg';

/** Any free one: of the addresses that are kept for measuring networks (RFC 2544). */
const HERE = '198.18.213.1';
const THERE = '198.18.213.2';
const NAMESPACE = `attest-${process.pid}`;
const OUR_END = `at${process.pid}a`;
const THEIR_END = `at${process.pid}b`;
const LOCK = 4_711;

const ip = (...words: string[]): void => void execFileSync('ip', words, { stdio: 'pipe' });

/** Why a network of one's own cannot be made here; undefined where it can. */
function reasonToSkip(): string | undefined {
  try {
    ip('netns', 'add', NAMESPACE);
    ip('link', 'add', OUR_END, 'type', 'veth', 'peer', 'name', THEIR_END, 'netns', NAMESPACE);
    ip('addr', 'add', `${HERE}/30`, 'dev', OUR_END);
    ip('link', 'set', OUR_END, 'up');
    ip('-n', NAMESPACE, 'addr', 'add', `${THERE}/30`, 'dev', THEIR_END);
    ip('-n', NAMESPACE, 'link', 'set', THEIR_END, 'up');
    return undefined;
  } catch (error) {
    // What was asked, and in the next line why not.
    return String(error instanceof Error ? error.message : error)
      .split('\n')
      .slice(0, 2)
      .join(': ');
  }
}

function removeNetwork(): void {
  for (const words of [
    ['link', 'del', OUR_END],
    ['netns', 'del', NAMESPACE],
  ])
    try {
      ip(...words);
    } catch {
      // It was never made.
    }
}

const reason = reasonToSkip();
if (reason !== undefined) removeNetwork();

/** Takes the lock by a connection as every service opens it, says so, and stays. */
const CLIENT = `
  const { Database } = await import(process.argv[1]);
  const database = new Database({ url: process.argv[2], poolSize: 1, applicationName: 'cut-off' });
  const session = await database.connect();
  await session.query('SELECT pg_advisory_lock(${LOCK})');
  process.stdout.write('locked');
  setInterval(() => undefined, 1000);
`;

// A session has to be waited out: 20 s of silence until the server gives the client up.
unlessSkipped(describe, reason)('a client whose network drops its packets', () => {
  let postgres: OwnPostgres | undefined;
  let admin: pg.Client;
  let url: string;
  let client: ChildProcess | undefined;

  beforeAll(async () => {
    postgres = await ownPostgres({ tuning: { listen_addresses: `127.0.0.1,${HERE}` } });
    admin = new pg.Client({ connectionString: postgres.adminUrl });
    await admin.connect();
    const { rows } = await admin.query<{ file: string }>(`SELECT current_setting('hba_file') AS file`);
    const line = `host all all ${THERE}/32 scram-sha-256`;
    await admin.query(`COPY (SELECT '${line}') TO PROGRAM 'cat >> "${rows[0]!.file}"'`);
    await admin.query('SELECT pg_reload_conf()');
    const address = new URL(postgres.adminUrl);
    address.hostname = HERE;
    url = address.href;
  }, 60_000);
  afterAll(async () => {
    client?.kill('SIGKILL');
    await admin?.end();
    await postgres?.stop();
    removeNetwork();
  });

  it('loses its advisory locks within 30 s', async () => {
    const library = join(dirname(import.meta.dirname), 'dist', 'index.js');
    const inNamespace = ['netns', 'exec', NAMESPACE, process.execPath, '--input-type=module', '-e', CLIENT];
    client = spawn('ip', [...inNamespace, library, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(client.stdout!, 'data')) as [Buffer];
    expect(said.toString()).toBe('locked');
    const free = async (): Promise<boolean> => {
      const { rows } = await admin.query<{ free: boolean }>(`SELECT pg_try_advisory_lock(${LOCK}) AS free`);
      return rows[0]!.free;
    };
    expect(await free()).toBe(false);
    // From now on nothing that is sent arrives, and nobody says so.
    ip('-n', NAMESPACE, 'link', 'set', THEIR_END, 'down');
    const cutAt = performance.now();
    await eventually(free, { withinMs: 60_000 });
    expect(performance.now() - cutAt).toBeLessThan(30_000);
  }, 90_000);
});
