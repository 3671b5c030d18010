import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotStart } from './cannot-start.js';

export const projectFolder = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** PostgreSQL refuses to run as root, so root's stack runs it as another user, who must be able to reach its files. */
export const runsAsRoot = process.getuid?.() === 0;

/**
 * The one folder that holds everything a run leaves behind; `npm run reset` removes it.
 * `ATTEST_STATE`, else `.attest` in the project, else (root's project in a closed folder such as /root) under /var/lib.
 */
export function stateFolder(): string {
  if (process.env.ATTEST_STATE) return resolve(process.env.ATTEST_STATE);
  const beside = join(projectFolder, '.attest');
  if (canBeReached(beside)) return beside;
  const mark = createHash('sha256').update(projectFolder).digest('hex').slice(0, 8);
  return join('/var/lib/attest', `${basename(projectFolder)}-${mark}`);
}

/** What was downloaded or derived from downloads: outside the project, shared by every checkout, safe to delete. */
export function cacheFolder(): string {
  const usual = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'attest');
  return canBeReached(usual) ? usual : '/var/cache/attest';
}

/** Says that `npm run reset` may remove the folder. */
const MARK = '.attest-state';

/** Makes the state folder, or refuses one that holds somebody else's files, which `npm run reset` would remove. */
export function openStateFolder(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) requireOurs(folder);
  openFolder(folder);
  writeFileSync(join(folder, MARK), '');
}

export function requireOurs(folder: string): void {
  if (existsSync(join(folder, MARK))) return;
  throw new CannotStart(
    `${folder} holds files that are not Attest's: set ATTEST_STATE to another folder, or empty this one.`,
  );
}

/** A new folder for a run that keeps nothing. */
export function temporaryFolder(): string {
  const base = canBeReached(tmpdir()) ? tmpdir() : '/var/tmp';
  return openFolder(mkdtempSync(join(base, 'attest-')));
}

/** Makes a folder that only its owner may list; for root, others may walk through it, as PostgreSQL's user must. */
export function openFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, runsAsRoot ? 0o711 : 0o700);
  return folder;
}

/** Whether the user that PostgreSQL runs as can walk down to `folder`, of which the last parts need not exist yet. */
export function canBeReached(folder: string): boolean {
  if (!runsAsRoot) return true;
  let at = resolve(folder);
  while (!statSync(at, { throwIfNoEntry: false })) at = dirname(at);
  for (at = realpathSync(at); at !== dirname(at); at = dirname(at)) {
    if (!(statSync(at).mode & 0o001)) return false;
  }
  return true;
}
