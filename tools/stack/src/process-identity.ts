// @ts-nocheck
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process as written down for later: the pid alone may meanwhile belong to somebody else.
 * @typedef {{ pid: number, startedAt: string }} ProcessIdentity
 */

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ error.code === 'EPERM';
  }
}

/**
 * @param {number} pid
 * @returns {ProcessIdentity}
 */
export function identify(pid) {
  return { pid, startedAt: startOf(pid) };
}

/** @param {ProcessIdentity} identity */
export function isStillRunning({ pid, startedAt }) {
  return isAlive(pid) && startOf(pid) === startedAt;
}

/**
 * When the process began, as text that only needs to be compared; '' when there is none.
 * @param {number} pid
 */
function startOf(pid) {
  const stat = statOf(pid);
  if (stat) return `${bootId()}/${stat[19]}`;
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env }).trim();
  } catch {
    return '';
  }
}

/** @param {number} pid */
function isZombie(pid) {
  return statOf(pid)?.[0] === 'Z';
}

/**
 * The fields of /proc/<pid>/stat from the third on; undefined where there is no such file.
 * @param {number} pid
 */
export function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may hold spaces and brackets itself.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function bootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
