import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CannotStart } from './cannot-start.js';
import { ensureDatabases, requireAnswer } from './databases.js';
import { canBeReached, openFolder } from './paths.js';
import { freePort } from './ports.js';
import { postgresBinaries, postgresUser } from './postgres-binaries.js';
import { isAlive } from './process-identity.js';
import { run, startChild, type Child, type UserIds } from './processes.js';
import { localSecret } from './secrets.js';

export const POSTGRES_PORT = 54320;
const READY_WITHIN_MS = 30_000;
const MAJOR = '18';

/** The whole local stack is to fit into 2 GB; durability stays as in production. */
const TUNING = {
  listen_addresses: '127.0.0.1',
  // Paths of sockets may have about 100 characters, which a project's folder easily exceeds.
  unix_socket_directories: '',
  max_connections: 300,
  shared_buffers: '192MB',
  work_mem: '8MB',
  maintenance_work_mem: '96MB',
  effective_cache_size: '1GB',
  random_page_cost: 1.1,
  // Statements are short and many: compiling them costs more than it gives.
  jit: 'off',
  fsync: 'on',
  synchronous_commit: 'on',
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  autovacuum_naptime: '15s',
  // Of two cores one at most cleans up.
  autovacuum_max_workers: '1',
  log_min_messages: 'warning',
  log_line_prefix: '%m [%p] %d ',
};

/** A PostgreSQL that runs. */
export interface Postgres {
  /** May create databases and roles. */
  readonly adminUrl: string;
  readonly port: number;
  /** Undefined when DATABASE_URL named a server that is not ours. */
  readonly pid: number | undefined;
  ensureDatabases: (services: readonly string[]) => Promise<Map<string, string>>;
  /** The URL of the service's own database, as its own role. */
  ensureDatabase: (service: string) => Promise<string>;
  stop: () => Promise<void>;
  /** As a crash would; what was committed is still there at the next start. */
  kill: () => Promise<void>;
}

/** A running PostgreSQL: the one that DATABASE_URL names (an administrator's URL), else the embedded binaries. */
export async function startPostgres({
  folder,
  port: preferred = POSTGRES_PORT,
  tuning,
  given = process.env.DATABASE_URL,
  outlivesUs,
  say,
}: {
  /** Holds the data, the log and the passwords. */
  folder: string;
  /** Where to begin looking for a free one. */
  port?: number;
  /** '' starts one of our own whatever DATABASE_URL says. */
  given?: string;
  /** Settings beside or instead of ours. */
  tuning?: Record<string, string | number>;
  outlivesUs?: boolean;
  say?: (line: string) => void;
}): Promise<Postgres> {
  openFolder(folder);
  if (given) return useGivenServer(given, folder);
  if (!canBeReached(folder)) {
    throw new CannotStart(
      `PostgreSQL does not run as root and its user cannot reach ${folder}: set ATTEST_STATE to a folder beneath open ones, or unset it.`,
    );
  }
  const home = postgresBinaries();
  const dataDir = join(folder, 'data');
  const user = postgresUser(dataDir);
  const password = localSecret(folder, 'postgres');
  if (existsSync(join(dataDir, 'PG_VERSION'))) refuseOtherVersion(dataDir);
  else {
    say?.('PostgreSQL: making a new data folder');
    await makeDataFolder({ home, dataDir, user, password });
  }
  dropStaleLock(dataDir);

  const port = await freePort(preferred);
  const settings = Object.entries({ ...TUNING, ...tuning, port }).flatMap(([k, v]) => ['-c', `${k}=${v}`]);
  const child = await startChild({
    name: 'PostgreSQL',
    command: join(home, 'bin', 'postgres'),
    args: ['-D', dataDir, ...settings],
    logFile: join(folder, 'postgres.log'),
    cwd: folder,
    env: { LC_ALL: 'C', TZ: 'UTC' },
    user,
    // "Fast": transactions end, nobody is waited for.
    stopSignal: 'SIGINT',
    outlivesUs,
  });
  await untilReady(child, dataDir);
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  return {
    ...withDatabases(adminUrl, folder),
    port,
    pid: child.pid,
    stop: () => child.stop(),
    kill: child.kill,
  };
}

async function useGivenServer(adminUrl: string, folder: string): Promise<Postgres> {
  await requireAnswer(adminUrl);
  const port = Number(new URL(adminUrl).port || 5432);
  const leave = async () => undefined;
  return { ...withDatabases(adminUrl, folder), port, pid: undefined, stop: leave, kill: leave };
}

function withDatabases(
  adminUrl: string,
  folder: string,
): Pick<Postgres, 'adminUrl' | 'ensureDatabases' | 'ensureDatabase'> {
  const ensure = (services: readonly string[]) => ensureDatabases({ adminUrl, folder, services });
  return {
    adminUrl,
    ensureDatabases: ensure,
    ensureDatabase: async (service: string) => String((await ensure([service])).get(service)),
  };
}

async function makeDataFolder({
  home,
  dataDir,
  user,
  password,
}: {
  home: string;
  dataDir: string;
  user: UserIds | undefined;
  password: string;
}): Promise<void> {
  // Made beside and renamed, so that an interrupted first start leaves nothing that looks complete.
  const making = `${dataDir}.new`;
  const passwordFile = join(dirname(dataDir), 'initdb-password');
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [making, passwordFile]) chownSync(path, user.uid, user.gid);
  const options = ['--auth=scram-sha-256', '--encoding=UTF8', '--no-sync', '--no-instructions'];
  // The built-in locale sorts alike on every machine and needs none installed.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const { code, output } = await run(
    join(home, 'bin', 'initdb'),
    ['-D', making, '-U', 'postgres', `--pwfile=${passwordFile}`, ...options, ...locale],
    { user, cwd: dirname(dataDir), env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } },
  );
  rmSync(passwordFile);
  if (code !== 0) {
    throw new CannotStart(
      `PostgreSQL could not make its data folder ${making}: ${output.trim().split('\n').at(-1)}`,
    );
  }
  renameSync(making, dataDir);
}

function refuseOtherVersion(dataDir: string): void {
  const major = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  if (major === MAJOR) return;
  throw new CannotStart(
    `${dataDir} was written by PostgreSQL ${major}, this is ${MAJOR}: \`npm run reset\` removes it and begins again.`,
  );
}

/**
 * After a crash of the machine the lock may name a pid that is by now somebody else's, which PostgreSQL takes for
 * itself. Servers left behind by an earlier run have been ended before this is called.
 */
function dropStaleLock(dataDir: string): void {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (isAlive(pid) && isPostgres(pid)) {
    throw new CannotStart(`Another PostgreSQL (process ${pid}) runs on ${dataDir}: stop it and start again.`);
  }
  rmSync(file);
}

function isPostgres(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    // Cannot be looked at here: believe the lock.
    return true;
  }
}

async function untilReady(child: Child, dataDir: string): Promise<void> {
  const lock = join(dataDir, 'postmaster.pid');
  for (const giveUpAt = Date.now() + READY_WITHIN_MS; Date.now() < giveUpAt; await pause(10)) {
    if (!child.running()) {
      throw new CannotStart(`PostgreSQL ended while starting; ${child.logFile} says why.`);
    }
    // The eighth line is how the server itself tells pg_ctl that it takes connections.
    if (existsSync(lock) && readFileSync(lock, 'utf8').split('\n')[7]?.trim() === 'ready') return;
  }
  await child.stop();
  throw new CannotStart(
    `PostgreSQL was not ready within ${READY_WITHIN_MS / 1000} s; ${child.logFile} says why.`,
  );
}
